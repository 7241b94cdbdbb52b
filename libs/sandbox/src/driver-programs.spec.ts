import { mkdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Program, ProgramSpec, SandboxDriver, SandboxLimits } from './sandbox';
import { DRIVERS } from './testing/drivers';
import { BUILD_TIMEOUT, processesShowing, sharedRuntime, TinyProjects } from './testing/tiny-project';

describe.each(DRIVERS)('programs of $name', ({ make }) => {
  let driver: SandboxDriver;
  const projects = new TinyProjects(make);
  beforeAll(async () => {
    await sharedRuntime();
    driver = make();
  }, BUILD_TIMEOUT);
  afterEach(() => projects.cleanUp());
  afterAll(async () => {
    await driver.close();
    await projects.close();
  });

  interface Wish {
    readonly files?: Readonly<Record<string, string>>;
    readonly limits?: Partial<SandboxLimits>;
    readonly program?: Program;
    readonly more?: Partial<ProgramSpec>;
  }

  /** Runs the module `job` of the project unless told another program. */
  async function run({ files = {}, limits = {}, program, more = {} }: Wish) {
    const spec = await projects.spec(files, limits);
    const lines: string[] = [];
    const running = await driver.run({
      ...spec,
      program: program ?? { kind: 'module', name: 'job', arguments: [] },
      onLine: (line) => lines.push(line),
      ...more,
    });
    return { running, lines, spec };
  }

  async function endOf(wish: Wish) {
    const { running, lines, spec } = await run(wish);
    const exit = await running.exited;
    return { exit, lines, log: running.log(), running, left: await processesShowing(spec.projectDir) };
  }

  test('runs a module as python -m does, in the project with its environment, and tells how it ended', async () => {
    const job = `
import os, sys
print(__name__, sys.argv[1:], os.getcwd(), sys.path[0], os.environ["COLOUR"], os.environ["DJANGO_SETTINGS_MODULE"])
open("/tmp/scratch", "w").write("of its own")
os.write(3, "first\\nsecond \\u00e9\\n".encode())
sys.exit(3)
`;
    const program: Program = { kind: 'module', name: 'job', arguments: ['--flag', 'two words'] };
    const { exit, lines, log, left } = await endOf({
      files: { 'job.py': job },
      program,
      more: { environment: { COLOUR: 'red' } },
    });
    expect(log).toBe("__main__ ['--flag', 'two words'] /app /app red tiny.settings\n");
    expect(lines).toEqual(['first', 'second é']);
    expect(exit).toMatchObject({ kind: 'exited', code: 3 });
    expect(left).toEqual([]);
  });

  test('ends as Python does: threads are waited for, exit functions run, an uncaught exception is 1', async () => {
    const job = `
import atexit, threading, time
atexit.register(lambda: print("at exit"))
threading.Thread(target=lambda: (time.sleep(0.2), print("thread"))).start()
raise ValueError("at the end")
`;
    const { exit, log } = await endOf({ files: { 'job.py': job } });
    expect(exit).toMatchObject({ kind: 'exited', code: 1 });
    expect(log).toMatch(/ValueError: at the end\nthread\nat exit\n$/);
    expect((await endOf({ files: { 'job.py': 'raise SystemExit("no luck")' } })).log).toBe('no luck\n');
    expect((await endOf({ files: { 'job.py': 'import ctypes; ctypes.string_at(0)' } })).exit).toMatchObject({
      kind: 'signalled',
      signal: 'SIGSEGV',
    });
  });

  test('runs a management command of the project', async () => {
    const command =
      'from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n    def handle(self, **_): self.stdout.write("counted")\n';
    const files = {
      'tiny/management/__init__.py': '',
      'tiny/management/commands/__init__.py': '',
      'tiny/management/commands/count.py': command,
    };
    const { exit, log } = await endOf({ files, program: { kind: 'module', name: 'django', arguments: ['count'] } });
    expect({ kind: exit.kind, log }).toEqual({ kind: 'exited', log: 'counted\n' });
  });

  test('runs what is installed, whatever the project has under the same name', async () => {
    const files = { 'django/__init__.py': 'print("mine")', 'django/__main__.py': 'print("mine")' };
    const { log } = await endOf({ files, program: { kind: 'module', name: 'django', arguments: ['version'] } });
    expect(log).toMatch(/^5\.\d/);
  });

  test('sees a folder of the judge read-only, and writes nowhere but in its own /tmp', async () => {
    const spec = await projects.spec({
      'job.py': `
import os
print(open("/run/trusted/note").read())
for place in ("/run/trusted/x", "/app/x", "/opt/assay/x"):
    try:
        open(place, "w")
        print("wrote", place)
    except OSError:
        pass
print(os.listdir("/tmp"))
`,
    });
    const trustedDir = path.join(path.dirname(spec.projectDir), 'trusted');
    await mkdir(trustedDir, { mode: 0o755 });
    await writeFile(path.join(trustedDir, 'note'), 'of ours');
    const running = await driver.run({ ...spec, trustedDir, program: { kind: 'module', name: 'job', arguments: [] } });
    await running.exited;
    expect(running.log()).toBe('of ours\n[]\n');
  });

  test('has the same walls: no network, no other process, no file of the host, no privilege', async () => {
    const job = `
import ctypes, os, socket
def is_open(number):
    try:
        return bool(os.fstat(number))
    except OSError:
        return False
found = []
for place in ("/etc/hostname", "/bin/sh", "/proc/self/maps"):
    if os.path.exists(place): found.append(place)
try:
    socket.create_connection(("1.1.1.1", 53), 2); found.append("network")
except OSError: pass
try:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW); found.append("netlink")
except OSError: pass
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
ctypes.CDLL(None).capget(header, data)
print(found, os.getpid(), os.getuid(), data[0], [n for n in range(64) if is_open(n)])
`;
    expect((await endOf({ files: { 'job.py': job } })).log).toBe('[] 1 1000 0 [0, 1, 2, 3, 5]\n');
  });

  test('lines are bounded in length and number, while it runs and whatever it writes', async () => {
    const job = `
import os
os.write(3, b"x" * 5000 + b"\\n")
os.write(3, b'{"phase": "serving"}\\n')
for _ in range(2000): os.write(3, b"y" * 99 + b"\\n")
os.write(3, b"without an end")
`;
    const { exit, lines, running } = await endOf({ files: { 'job.py': job }, more: { lines: { longest: 1000, total: 50_000 } } });
    expect(exit).toMatchObject({ kind: 'exited', code: 0 });
    expect(lines[0]).toBe('x'.repeat(1000));
    expect(lines[1]).toBe('{"phase": "serving"}');
    expect(Buffer.byteLength(lines.join('\n'))).toBeLessThanOrEqual(50_000);
    expect(lines.length).toBeGreaterThan(400);
    expect(running.hasDroppedLines).toBe(true);
  });

  test('is killed when its time is up, and when the judge says so, with all that it started', async () => {
    const job = 'import os, time\nos.fork()\nos.setsid() if os.getpid() != 1 else 0\nos.write(3, b"here\\n")\ntime.sleep(600)';
    const { exit, left } = await endOf({ files: { 'job.py': job }, limits: { startSeconds: 1 } });
    expect(exit).toMatchObject({ kind: 'timed_out', seconds: 1 });
    expect(left).toEqual([]);

    const { running, lines, spec } = await run({ files: { 'job.py': job } });
    while (lines.length < 2) await wait(5);
    await Promise.all([running.kill(), running.kill()]);
    expect(await running.exited).toMatchObject({ kind: 'killed' });
    expect(await processesShowing(spec.projectDir)).toEqual([]);
  });

  test('has its limits of processor time and memory', async () => {
    const loop = await endOf({ files: { 'job.py': 'while True: pass' }, limits: { cpuSeconds: 1, startSeconds: 20 } });
    expect(loop.exit).toMatchObject({ kind: 'limit', limit: 'cpu' });
    const eats = await endOf({ files: { 'job.py': 'x = bytearray(2**30)' }, limits: { memoryMiB: 256 } });
    expect(eats.log).toContain('MemoryError');
  });

  test('may serve on descriptor 5, which its children inherit', async () => {
    const job = `
import os, socket
if os.fork() != 0: os.wait()
listener = socket.socket(fileno=5)
client, _ = listener.accept()
client.recv(1000)
client.sendall(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")
`;
    const { running } = await run({ files: { 'job.py': job } });
    await running.begun;
    const status = await new Promise((resolve, reject) => {
      http
        .get({ socketPath: running.httpSocket, path: '/', agent: false }, (response) => resolve(response.statusCode))
        .on('error', reject);
    });
    expect(status).toBe(204);
    await running.kill();
  });

  test('runs beside a project that serves, several at once, and neither disturbs the other', async () => {
    const serving = await projects.start(await projects.spec(), driver);
    await serving.started;
    const job = { 'job.py': 'import os, time\nos.write(3, b"here\\n")\ntime.sleep(600)' };
    const companions = await Promise.all([1, 2, 3].map(() => run({ files: job })));
    while (companions.some(({ lines }) => lines.length === 0)) await wait(5);
    expect(await serving.run('answer = 41 + 1')).toBe(42);
    await companions[0]?.running.kill();
    expect(await serving.run('answer = 41 + 1')).toBe(42);
    await serving.kill();
    expect(await companions[1]?.running.processIds()).not.toEqual([]);
    for (const { running } of companions) await running.kill();
  });

  test('processes of a program may share locks when it is given a place for them, and only then', async () => {
    const job = 'import multiprocessing, os\nwith multiprocessing.Lock(): print("locked")\nprint(os.listdir("/dev/shm"))';
    const shared = await endOf({ files: { 'job.py': job }, more: { semaphores: true } });
    expect(shared.log).toBe('locked\n[]\n');
    expect((await endOf({ files: { 'job.py': job } })).log).toMatch(/Error/);
    const fill = 'open("/dev/shm/big", "wb").write(bytes(2 * 2**20))';
    expect((await endOf({ files: { 'job.py': fill }, more: { semaphores: true } })).log).toContain('No space left on device');
  });

  test('has the way to monitoring that a project has', async () => {
    const spec = await projects.spec({
      'job.py': 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:9000/x", b"event", timeout=10).read())',
    });
    const monitoringSocketDir = path.join(spec.workDir, 'monitoring');
    await mkdir(monitoringSocketDir);
    const server = http.createServer((request, response) => request.resume().on('end', () => response.end('taken')));
    const socket = { path: path.join(monitoringSocketDir, 'sentry.sock'), readableAll: true, writableAll: true };
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const running = await driver.run({ ...spec, monitoringSocketDir, program: { kind: 'module', name: 'job', arguments: [] } });
    await running.exited;
    server.close();
    expect(running.log()).toBe("b'taken'\n");
  });

  test('a module that is not there is the program’s failure, a wrong spec an error of ours', async () => {
    const missing = await endOf({ program: { kind: 'module', name: 'nowhere', arguments: [] } });
    expect(missing.exit).toMatchObject({ kind: 'exited', code: 1 });
    expect(missing.log).toContain('No module named nowhere');
    await expect(run({ program: { kind: 'module', name: '../etc', arguments: [] } })).rejects.toThrow(TypeError);
    await expect(run({ program: { kind: 'asset', name: '/app/job', arguments: [] } })).rejects.toThrow(TypeError);
    await expect(run({ program: { kind: 'module', name: 'job', arguments: ['a\0b'] } })).rejects.toThrow('zero byte');
    await expect(run({ more: { trustedDir: '/nowhere-at-all' } })).rejects.toThrow('trustedDir');
  });

  test('what hinders our own harness is never the program’s fault', async () => {
    const { running } = await run({
      files: { 'job.py': '' },
      more: { runtime: { ...(await sharedRuntime()), rootPython: '/nowhere' } },
    }).catch((error: unknown) => ({ running: { exited: Promise.resolve({ kind: 'infra_fault', detail: String(error) }) } }));
    expect(await running.exited).toMatchObject({ kind: 'infra_fault' });
  });
});
