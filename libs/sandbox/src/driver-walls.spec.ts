import { once } from 'node:events';
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { DEFAULT_LIMITS } from './sandbox';
import { DRIVERS } from './testing/drivers';
import { BUILD_TIMEOUT, sharedRuntime, type TestSandbox, TinyProjects } from './testing/tiny-project';

describe.each(DRIVERS)('$name', ({ make }) => {
  const projects = new TinyProjects(make);
  let sandbox: TestSandbox;
  let folder: string;

  beforeAll(async () => {
    await sharedRuntime();
    const spec = await projects.spec();
    folder = path.dirname(spec.projectDir);
    await writeFile(path.join(folder, 'secret.txt'), 'of the judge');
    await symlink(path.join(folder, 'secret.txt'), path.join(spec.projectDir, 'link-to-secret'));
    await symlink('/etc/shadow', path.join(spec.projectDir, 'link-to-shadow'));
    await symlink('/', path.join(spec.projectDir, 'link-to-root'));
    sandbox = await projects.start(spec);
    expect(await sandbox.started).toMatchObject({ outcome: 'serving' });
  }, BUILD_TIMEOUT);
  afterAll(() => projects.close());

  /** Python: the class name of the error that an expression raises, or its value. */
  const attempt = (expression: string): string => `
def attempt(action):
    try:
        return str(action())
    except BaseException as error:
        return type(error).__name__ + " " + str(getattr(error, "errno", None))
import ctypes, os, resource, socket, subprocess
answer = attempt(lambda: ${expression})`;

  describe('a project in the sandbox', () => {
    test('answers over the socket that the judge made', async () => {
      expect(await sandbox.run('answer = 6 * 7')).toBe(42);
    });

    test('is the first process of a small machine of its own, as an ordinary user without capabilities', async () => {
      const look = `
import ctypes, os, socket
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert ctypes.CDLL(None).capget(header, data) == 0
answer = [os.getpid(), os.getuid(), os.getgid(), os.getgroups(), socket.gethostname(), os.getcwd(), list(data)]`;
      expect(await sandbox.run(look)).toEqual([1, 1000, 1000, expect.any(Array), 'sandbox', '/app', [0, 0, 0, 0, 0, 0]]);
    });

    test('is never root on the host', async () => {
      const users = await Promise.all((await sandbox.processes()).map(async (pid) => (await stat(`/proc/${pid}`)).uid));
      expect(users).toHaveLength(1);
      const judge = process.getuid?.();
      if (judge === 0) expect(users[0]).toBeGreaterThan(60_000);
      else expect(users[0]).toBe(judge);
    });

    test('sees nothing of the host but Python, itself and a few devices', async () => {
      expect(
        await sandbox.run('import os; answer = [sorted(os.listdir(p)) for p in ("/", "/etc", "/dev", "/opt", "/run")]'),
      ).toEqual([
        ['app', 'bin', 'dev', 'etc', 'lib', 'lib64', 'opt', 'proc', 'run', 'tmp', 'usr'],
        ['group', 'hosts', 'passwd'],
        ['full', 'null', 'random', 'shm', 'urandom', 'zero'],
        ['assay'],
        ['monitoring', 'postgresql', 'redis', 'trusted'],
      ]);
      expect(await sandbox.run(attempt(`open(${JSON.stringify(path.join(folder, 'secret.txt'))}).read()`))).toBe(
        'FileNotFoundError 2',
      );
      expect(await sandbox.run('answer = open("/etc/passwd").read()')).not.toContain('bash');
    });

    test('has no shell and no other program to run', async () => {
      expect(await sandbox.run(attempt('subprocess.run(["sh", "-c", "true"])'))).toBe('FileNotFoundError 2');
      expect(await sandbox.run('import os; answer = [n for n in os.listdir("/usr/bin") if not n.startswith("python")]')).toEqual(
        [],
      );
    });

    test('cannot reach the judge through a link in the project', async () => {
      // As root the links are not followed at all; else they end in the sandbox.
      expect(await sandbox.run(attempt('open("/app/link-to-secret").read()'))).toMatch(/^(OSError 40|FileNotFoundError 2)$/);
      expect(await sandbox.run(attempt('open("/app/link-to-shadow").read()'))).toMatch(/^(OSError 40|FileNotFoundError 2)$/);
      expect(await sandbox.run(attempt('"root" in os.listdir("/app/link-to-root")'))).toMatch(/^(OSError 40|False)$/);
    });

    test('writes to /tmp only, and not without end', async () => {
      for (const file of [
        '/app/x',
        '/app/tiny/urls.py',
        '/x',
        '/usr/bin/python3',
        '/opt/assay/harness.py',
        '/dev/x',
        '/dev/shm/x',
        '/run/postgresql/x',
      ]) {
        expect([file, await sandbox.run(attempt(`open(${JSON.stringify(file)}, "w")`))]).toEqual([file, 'OSError 30']);
      }
      expect(await sandbox.run(attempt('open("/tmp/big", "wb").write(bytes(40 * 2**20))'))).toMatch(/^OSError (27|28)$/);
      const fill = '[open(f"/tmp/part{n}", "wb").write(bytes(8 * 2**20)) for n in range(8)]';
      expect(await sandbox.run(attempt(fill))).toBe('OSError 28');
      await sandbox.run('import os; [os.unlink("/tmp/" + name) for name in os.listdir("/tmp")]');
    });

    test('has the environment it was given and no other', async () => {
      const names = (await sandbox.run('import os; answer = sorted(os.environ)')) as string[];
      const ours = [
        'DJANGO_SETTINGS_MODULE',
        'HOME',
        'LANG',
        'MALLOC_ARENA_MAX',
        'MARK',
        'PATH',
        'PWD',
        'PYTHONDONTWRITEBYTECODE',
      ];
      // Django itself sets TZ.
      expect(names).toEqual([...ours, 'PYTHONHASHSEED', 'PYTHONNOUSERSITE', 'PYTHONUNBUFFERED', 'TZ']);
    });

    test('inherits only its log, its status and the listening socket', async () => {
      const look = `
import os
def is_open(number):
    try:
        return bool(os.fstat(number))
    except OSError:
        return False
answer = [number for number in range(128) if is_open(number)]`;
      // Besides, the server's two of its own and the connection of this very request.
      const open = (await sandbox.run(look)) as number[];
      expect(open.length).toBe(8);
      expect(open).toEqual(expect.arrayContaining([0, 1, 2, 3, 5]));
    });

    test('has no network, not even that of the host itself', async () => {
      const server = http.createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      try {
        expect(await sandbox.run(attempt(`socket.create_connection(("127.0.0.1", ${port}), 2)`))).toBe(
          'ConnectionRefusedError 111',
        );
        expect(await sandbox.run(attempt('socket.create_connection(("192.0.2.1", 80), 2)'))).toBe('OSError 101');
        expect(await sandbox.run(attempt('[name for _, name in socket.if_nameindex()]'))).toMatch(/lo|OSError/);
      } finally {
        server.close();
      }
    });

    test('has limits, which it cannot raise', async () => {
      const limits =
        'import resource as r; answer = [r.getrlimit(k) for k in (r.RLIMIT_AS, r.RLIMIT_NPROC, r.RLIMIT_FSIZE, r.RLIMIT_NOFILE, r.RLIMIT_CPU)]';
      const { memoryMiB, processes, fileMiB, openFiles, cpuSeconds } = DEFAULT_LIMITS;
      const both = (value: number): number[] => [value, value];
      expect(await sandbox.run(limits)).toEqual([
        both(memoryMiB * 2 ** 20),
        both(processes + 1),
        both(fileMiB * 2 ** 20),
        both(openFiles),
        [cpuSeconds, cpuSeconds + 2],
      ]);
      const raise = (name: string): string => attempt(`resource.setrlimit(resource.${name}, (2**40, 2**40))`);
      for (const name of ['RLIMIT_AS', 'RLIMIT_NPROC', 'RLIMIT_FSIZE', 'RLIMIT_NOFILE', 'RLIMIT_CPU', 'RLIMIT_CORE']) {
        expect([name, await sandbox.run(raise(name))]).toEqual([name, expect.stringMatching(/^(ValueError|PermissionError)/)]);
      }
    });
  });

  test('the database socket of the judge is reachable, and its folder read-only', async () => {
    const spec = await projects.spec();
    // As `mkdtemp` makes it: closed to every other user.
    const databaseSocketDir = await mkdtemp(path.join(os.tmpdir(), 'assay-database-'));
    const server = net
      .createServer((connection) => connection.end('postgres'))
      .listen(path.join(databaseSocketDir, '.s.PGSQL.5432'));
    await once(server, 'listening');
    try {
      const withDatabase = await projects.start({ ...spec, databaseSocketDir });
      expect(await withDatabase.started).toMatchObject({ outcome: 'serving' });
      const connect = `
import socket
connection = socket.socket(socket.AF_UNIX)
connection.connect("/run/postgresql/.s.PGSQL.5432")
answer = connection.recv(100).decode()`;
      expect(await withDatabase.run(connect)).toBe('postgres');
      expect(await withDatabase.run(attempt('os.unlink("/run/postgresql/.s.PGSQL.5432")'))).toBe('OSError 30');
    } finally {
      server.close();
      await rm(databaseSocketDir, { recursive: true, force: true });
    }
  });

  describe('the system call filter', () => {
    const call = (expression: string): string => `
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
intel = platform.machine() == "x86_64"
result = ${expression}
answer = os.strerror(ctypes.get_errno()) if result == -1 else result`;

    test.each([
      ['a new user namespace', 'libc.unshare(0x10000000)', 'Function not implemented'],
      [
        'a new user namespace by clone',
        'libc.syscall(56 if intel else 220, 0x10000000 | 17, 0, 0, 0, 0)',
        'Operation not permitted',
      ],
      ['clone3', 'libc.syscall(435, 0, 0)', 'Function not implemented'],
      ['tracing', 'libc.ptrace(16, 1, 0, 0)', 'Function not implemented'],
      ['mounting', 'libc.mount(b"x", b"/tmp", b"tmpfs", 0, None)', 'Function not implemented'],
      ['the key ring', 'libc.syscall(250 if intel else 219, 0, -3, 1)', 'Function not implemented'],
      ['io_uring', 'libc.syscall(425, 8, 0)', 'Function not implemented'],
      ['bpf', 'libc.syscall(321 if intel else 280, 0, 0, 0)', 'Function not implemented'],
      ['user fault handling', 'libc.syscall(323 if intel else 282, 0)', 'Function not implemented'],
      ['shared memory of System V', 'libc.shmget(0, 4096, 0o1600)', 'Function not implemented'],
      ['netlink', 'libc.socket(16, 3, 0)', 'Address family not supported by protocol'],
      ['virtual machine sockets', 'libc.socket(40, 1, 0)', 'Address family not supported by protocol'],
      ['raw packets', 'libc.socket(17, 3, 0)', 'Address family not supported by protocol'],
      ['typing into a terminal', 'libc.ioctl(0, 0x5412, b"x")', 'Operation not permitted'],
      ['outliving the judge', 'libc.prctl(1, 0, 0, 0, 0)', 'Operation not permitted'],
    ])('refuses %s', async (_title, expression, refusal) => {
      expect(await sandbox.run(call(expression))).toBe(refusal);
    });

    test('lets ordinary programs start processes and threads', async () => {
      const work = `
import subprocess, sys, threading
thread = threading.Thread(target=print); thread.start(); thread.join()
answer = subprocess.run([sys.executable, "-c", "import django, psycopg, pytest; print(psycopg.pq.version() > 0)"], capture_output=True, text=True).stdout`;
      expect(await sandbox.run(work)).toBe('True\n');
    });

    test('kills a program that uses the system calls of another architecture', async () => {
      if (process.arch !== 'x64') return;
      const spec = await projects.spec({
        'tiny/settings.py': `
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")  # mov eax, 20; int 0x80; ret
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
`,
      });
      const foreign = await projects.start(spec);
      expect(await foreign.started).toEqual({ outcome: 'died', step: 'setup', exit: { kind: 'limit', limit: 'system_calls' } });
    });
  });
});
