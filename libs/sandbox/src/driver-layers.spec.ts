import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { runProgram } from './runtime/run-program';
import type { SandboxLayer } from './sandbox';
import { DRIVERS } from './testing/drivers';
import { LAYER_TRIALS, TRIAL_PORT, TRIAL_SEGMENT } from './testing/layer-trials';
import { BUILD_TIMEOUT, sharedRuntime, TinyProjects } from './testing/tiny-project';

// Without `read-only`, the runtime's root is copied.
jest.setTimeout(180_000);

describe.each(DRIVERS)('$name', ({ name, make }) => {
  const projects = new TinyProjects(make);
  const server = net.createServer((connection) => connection.end());

  beforeAll(async () => {
    await sharedRuntime();
    process.env.ASSAY_TRIAL_SECRET = 'of the judge';
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await segment(`shmget(${TRIAL_SEGMENT}, 4096, 0o1666)`);
  }, BUILD_TIMEOUT);

  afterAll(async () => {
    await projects.close();
    delete process.env.ASSAY_TRIAL_SECRET;
    server.close();
    await segment(`shmctl(libc.shmget(${TRIAL_SEGMENT}, 0, 0), 0, None)`);
  });

  async function segment(call: string): Promise<void> {
    const { basePython } = await sharedRuntime();
    await runProgram(basePython, ['-I', '-c', `import ctypes; libc = ctypes.CDLL(None); assert libc.${call} >= 0`]);
  }

  async function getsThrough(without: readonly SandboxLayer[], python: string): Promise<unknown> {
    const driver = make(without);
    try {
      const spec = await projects.spec();
      await symlink('/usr', path.join(spec.projectDir, 'link'));
      const sandbox = await projects.start(spec, driver);
      expect([await sandbox.started, sandbox.log()]).toEqual([
        expect.objectContaining({ outcome: 'serving' }),
        expect.anything(),
      ]);
      const { port } = server.address() as AddressInfo;
      return await sandbox.run(python.replace(TRIAL_PORT, String(port)));
    } finally {
      await projects.cleanUp();
      await driver.close();
    }
  }

  const trials = Object.entries(LAYER_TRIALS);
  test.each(trials)('the wall %s stands, and does not when it is left out', async (layer, { python, together = [] }) => {
    // bubblewrap has no option for it; its launcher does it where it may mount.
    if (layer === 'symbolic-links' && name === 'bubblewrap' && process.getuid?.() !== 0) return;
    expect(await getsThrough(together, python)).toBe(false);
    expect(await getsThrough([layer as SandboxLayer, ...together], python)).toBe(true);
  });

  test('a layer that there is not is refused', () => {
    expect(() => make(['moat' as SandboxLayer])).toThrow('There is no layer "moat"');
  });
});
