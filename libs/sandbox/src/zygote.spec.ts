import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chooseDriver } from './choose-driver';
import { USERS } from './host-user';
import { planRoot } from './layers/root-plan';
import { ZYGOTE_LAUNCHER } from './runtime-paths';
import { BUILD_TIMEOUT, processesWith, sharedRuntime, type TestSandbox, TinyProjects } from './testing/tiny-project';
import { ZygoteDriver } from './zygote';
import { planRun } from './zygote/run-plan';
import { tryZygote } from './zygote/trial';
import { planZygote } from './zygote/zygote-plan';

let workRoot: string;
let projects: TinyProjects;

beforeAll(async () => {
  await sharedRuntime();
  workRoot = await mkdtemp(path.join(os.tmpdir(), 'assay-zygotes-'));
  projects = new TinyProjects(() => new ZygoteDriver({ workRoot }), workRoot);
}, BUILD_TIMEOUT);
afterEach(() => projects.cleanUp());
afterAll(async () => {
  await projects.close();
  await rm(workRoot, { recursive: true, force: true });
});

async function serve(environment: Record<string, string> = {}): Promise<TestSandbox> {
  const spec = await projects.spec();
  const sandbox = await projects.start({ ...spec, environment: { ...spec.environment, ...environment } });
  expect(await sandbox.started).toMatchObject({ outcome: 'serving' });
  return sandbox;
}

async function zygoteOf(sandbox: TestSandbox): Promise<number> {
  const [first] = await sandbox.processes();
  const status = await readFile(`/proc/${first}/status`, 'utf8');
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
}

describe('one zygote for one run after the other', () => {
  test('is the same, and nothing of one run can be found in the memory of the next', async () => {
    const driver = new ZygoteDriver({ workRoot, without: ['process-files'] });
    const find = (text: string): string => `
needle = ${JSON.stringify(text.slice(0, 8))}.encode() + ${JSON.stringify(text.slice(8))}.encode()
found = False
for line in open("/proc/self/maps"):
    places, rights = line.split()[:2]
    if rights[0] != "r" or "[v" in line: continue
    begin, end = (int(place, 16) for place in places.split("-"))
    with open("/proc/self/mem", "rb", 0) as memory:
        try:
            memory.seek(begin)
            data = memory.read(end - begin)
        except (OSError, ValueError, OverflowError):
            continue
        at = data.find(needle)
        while at >= 0:
            # The request of this search lies split in memory as well, but for its own needle.
            found = found or data[at - 10 : at] == b"databases:"
            at = data.find(needle, at + 1)
answer = found`;
    try {
      const secrets = ['first-database-password', 'other-database-password'];
      const zygotes: number[] = [];
      for (const secret of secrets) {
        const spec = await projects.spec();
        const environment = { ...spec.environment, SECRET: `databases:${secret}` };
        const sandbox = await projects.start({ ...spec, environment, limits: { ...spec.limits, memoryMiB: 1024 } }, driver);
        expect(await sandbox.started).toMatchObject({ outcome: 'serving' });
        zygotes.push(await zygoteOf(sandbox));
        expect(await sandbox.run(find(secret))).toBe(true);
        if (secret !== secrets[0]) expect(await sandbox.run(find(String(secrets[0])))).toBe(false);
        await sandbox.kill();
      }
      expect(zygotes[0]).toBe(zygotes[1]);
    } finally {
      await driver.close();
    }
  });

  test('every run has random numbers of its own, and one order of sets', async () => {
    const look = `
import os, random, secrets, ssl, tempfile, uuid
answer = [random.random(), secrets.token_hex(), str(uuid.uuid4()), ssl.RAND_bytes(8).hex(), next(tempfile._get_candidate_names()), hash("one order")]`;
    const seen: unknown[][] = [];
    for (let run = 0; run < 3; run += 1) {
      const sandbox = await serve();
      seen.push((await sandbox.run(look)) as unknown[]);
      await sandbox.kill();
    }
    const different = (index: number): number => new Set(seen.map((values) => values[index])).size;
    expect([0, 1, 2, 3, 4, 5].map(different)).toEqual([3, 3, 3, 3, 3, 1]);
  });

  test('leaves nothing behind in the zygote or on the host', async () => {
    const count = async (zygote: number): Promise<number[]> => [
      (await readdir(`/proc/${zygote}/fd`)).length,
      (await readFile(`/proc/${zygote}/mountinfo`, 'utf8')).split('\n').length,
      (await readdir('/proc/self/fd')).length,
      (await readdir('/sys/fs/cgroup/memory').catch(() => [])).filter((name) => name.startsWith(`assay-${process.pid}-`)).length,
    ];
    let before: number[] = [];
    for (let run = 0; run < 12; run += 1) {
      const sandbox = await serve();
      const zygote = await zygoteOf(sandbox);
      await sandbox.run(
        'import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\nopen("/tmp/left", "w").write("x")',
      );
      if (run === 2) before = await count(zygote);
      if (run === 11) expect(await count(zygote)).toEqual(before);
      await sandbox.kill();
    }
  });

  test('as many as run at once', async () => {
    const sandboxes = await Promise.all([serve(), serve(), serve()]);
    const zygotes = await Promise.all(sandboxes.map(zygoteOf));
    expect(new Set(zygotes).size).toBe(3);
    await projects.cleanUp();
    expect(zygotes).toContain(await zygoteOf(await serve()));
  });
});

describe('a zygote that dies', () => {
  test('takes its sandbox with it, which is nobody’s fault, and is replaced', async () => {
    const sandbox = await serve();
    const zygote = await zygoteOf(sandbox);
    process.kill(zygote, 'SIGKILL');
    expect(await sandbox.exited).toMatchObject({ kind: 'infra_fault' });
    expect(await sandbox.processes()).toEqual([]);
    expect(await zygoteOf(await serve())).not.toBe(zygote);
  });

  test('while it is idle is not noticed by the next start', async () => {
    const sandbox = await serve();
    const zygote = await zygoteOf(sandbox);
    await sandbox.kill();
    process.kill(zygote, 'SIGKILL');
    await wait(200);
    expect(await zygoteOf(await serve())).not.toBe(zygote);
  });

  test('dies with the judge, at any moment', async () => {
    // A judge of a few lines, so that there is one that can be killed.
    const judge = `
import json, socket, subprocess, sys, time
plan, run, milliseconds = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
child = subprocess.Popen(sys.argv[4:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
child.stdin.write(sys.argv[1].encode() + b"\\n")
child.stdin.flush()
if milliseconds >= 0:
    child.stdout.readline()
    status, log = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    status.connect(plan["socket"]); log.connect(plan["socket"])
    status.send(run.encode() + b"\\n")
    child.stdin.write(b'{"do": "run"}\\n')
    child.stdin.flush()
print("started", flush=True)
time.sleep(600)`;
    const spec = await projects.spec();
    const { runtime } = spec;
    const root = await planRoot(runtime, new Set());
    const user = process.getuid?.() === 0 ? USERS.first : null;
    const run = planRun(
      { ...spec, entry: { program: null, wsgi: spec.wsgi, migrate: false } },
      { workRoot, user, without: new Set(), sharedTemporary: null, environment: {} },
    );
    const others = new Set(await processesMounting(workRoot));
    // Negative: before it is ready; then: after a sandbox was asked for.
    for (const milliseconds of [-1, -50, -150, 0, 2, 4, 8, 12, 20, 300]) {
      await rm(path.join(spec.workDir, 'http.sock'), { force: true });
      const folder = await mkdtemp(path.join(workRoot, 'judge-'));
      const plan = { ...planZygote(runtime, root, workRoot, new Set()), socket: path.join(folder, 'z.sock'), cgroupFiles: [] };
      const launcher = [runtime.basePython, '-I', '-S', ZYGOTE_LAUNCHER];
      const args = ['-c', judge, JSON.stringify(plan), JSON.stringify(run), String(milliseconds), ...launcher];
      const child = spawn(runtime.basePython, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await wait(Math.abs(milliseconds));
      const left = async (): Promise<number[]> => (await processesMounting(workRoot)).filter((id) => !others.has(id));
      if (milliseconds === 300) expect((await left()).length).toBeGreaterThan(2);
      child.kill('SIGKILL');
      await once(child, 'exit');
      for (let n = 0; n < 500 && (await left()).length > 0; n += 1) await wait(20);
      expect([milliseconds, await left()]).toEqual([milliseconds, []]);
    }
  });
});

/** Zygotes and their sandboxes: processes with mounts of a namespace that has this folder or something of it. */
async function processesMounting(folder: string): Promise<number[]> {
  const name = path.basename(folder);
  const numbers = (await readdir('/proc')).filter((each) => /^\d+$/.test(each));
  const found = await Promise.all(
    numbers.map(async (number) =>
      (await readFile(`/proc/${number}/mountinfo`, 'utf8').catch(() => '')).includes(name) ? [Number(number)] : [],
    ),
  );
  return [...found.flat(), ...(await processesWith(folder))];
}

describe('a spec', () => {
  test('must keep to the work folder', async () => {
    const other = await mkdtemp(path.join(os.tmpdir(), 'assay-elsewhere-'));
    try {
      const spec = await projects.spec();
      for (const field of ['projectDir', 'workDir', 'databaseSocketDir', 'redisSocketDir'] as const)
        await expect(projects.start({ ...spec, [field]: other })).rejects.toThrow(
          `${field} must lie below the driver's workRoot`,
        );
    } finally {
      await rm(other, { recursive: true, force: true });
    }
    expect(() => new ZygoteDriver({ workRoot: 'relative' })).toThrow('workRoot must be an absolute path');
  });
});

describe('a machine', () => {
  test('that runs these tests has every layer', async () => {
    const driver = await chooseDriver({ workRoot });
    expect(driver.name).toBe('zygote');
    const rows = await driver.probe();
    expect(rows.map(({ id }) => id)).toEqual(['zygote-namespaces', 'zygote-seccomp', 'zygote-nested-namespaces', 'cgroup']);
    expect(rows.filter(({ ok, required }) => required && !ok)).toEqual([]);
    expect((await chooseDriver({ workRoot, only: 'bubblewrap' })).name).toBe('bubblewrap');
  });

  test('without user namespaces is told what is missing', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-no-namespaces-'));
    const { basePython } = await sharedRuntime();
    const python = path.join(folder, 'python');
    await mkdir(folder, { recursive: true });
    await writeFile(
      python,
      `#!/bin/sh\nexec unshare --user --map-root-user -- sh -c 'echo 0 > /proc/sys/user/max_user_namespaces; exec ${basePython} "$@"' sh "$@"\n`,
    );
    await chmod(python, 0o755);
    try {
      expect((await tryZygote(python, new Set())).failure).toMatch(/unshare.*No space left on device/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
