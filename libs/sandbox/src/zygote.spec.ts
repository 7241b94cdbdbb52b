import os from 'node:os';
import { BUILD_TIMEOUT, sharedRuntime, TinyProjects } from './testing/tiny-project';
import { ZygoteDriver } from './zygote';

const projects = new TinyProjects();
const driver = new ZygoteDriver({ workRoot: os.tmpdir() });
beforeAll(() => sharedRuntime(), BUILD_TIMEOUT);
afterAll(async () => {
  await projects.cleanUp();
  await driver.close();
});

test('serves', async () => {
  for (let n = 0; n < 6; n += 1) {
    const t0 = performance.now();
    const sandbox = await projects.start(await projects.spec(), driver);
    const t1 = performance.now();
    const started = await sandbox.started;
    const t2 = performance.now();
    process.stdout.write(`${JSON.stringify(started)} ${sandbox.startedFrom} ${sandbox.log()} take ${(t1 - t0).toFixed(1)} start ${(t2 - t1).toFixed(1)}\n`);
    if (n == 0) process.stdout.write(JSON.stringify(await sandbox.run('import os; answer = [os.getpid(), os.getuid(), os.listdir("/"), dict(os.environ)]')) + '\n');
    const t3 = performance.now();
    await sandbox.kill();
    process.stdout.write(`${JSON.stringify(await sandbox.exited)} kill ${(performance.now() - t3).toFixed(1)}\n`);
  }
});
