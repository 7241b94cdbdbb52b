import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ensurePython, ensureSandboxProgram } from './install';
import { probeGrading } from './probe';
import { findRuntime, type PythonRuntime, prepareRuntime } from './runtime';
import { assayHome } from './runtime-paths';
import { BUILD_TIMEOUT, sharedRuntime } from './testing/tiny-project';

test('the home is where the caller says, else in the user’s data folder', () => {
  expect(assayHome({ ASSAY_HOME: '/srv/assay', XDG_DATA_HOME: '/data' }, '/home/ada')).toBe('/srv/assay');
  expect(assayHome({ ASSAY_HOME: '', XDG_DATA_HOME: '/data' }, '/home/ada')).toBe('/data/assay');
  expect(assayHome({}, '/home/ada')).toBe('/home/ada/.local/share/assay');
});

describe('building', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'assay-home-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  test(
    'happens once for two callers, after an interruption, and then not again',
    async () => {
      const { directory } = await sharedRuntime();
      const target = path.join(home, 'runtime', path.basename(directory));
      const leftover = `${target}.building-999999`;
      await mkdir(path.join(leftover, 'venv'), { recursive: true });
      // A process that died with its lock: no process started before the machine did.
      await writeFile(`${target}.lock`, '999999 1');
      expect(await findRuntime({ home })).toBeNull();
      const steps: string[] = [];
      const prepare = (): Promise<PythonRuntime> => prepareRuntime({ home, onProgress: (message) => steps.push(message) });
      const [first, second] = await Promise.all([prepare(), prepare()]);
      expect(first).toEqual(second);
      expect(first.directory).toBe(target);
      expect(steps.filter((step) => step.startsWith('Installing'))).toHaveLength(1);
      expect(await readdir(path.dirname(target))).toEqual([path.basename(target)]);
      const before = steps.length;
      expect(await prepare()).toEqual(first);
      expect(steps.length).toBe(before);
      // Console scripts name the folder that was renamed.
      expect(execFileSync(path.join(path.dirname(first.python), 'pytest'), ['--version']).toString()).toContain('pytest');
    },
    BUILD_TIMEOUT,
  );

  test('says which command helps when there is no Python', async () => {
    await expect(prepareRuntime({ home, preferredPython: '/nonexistent/python3' })).rejects.toThrow(
      /Python 3\.10 or later.*not installed.*apt-get install -y python3 python3-venv/,
    );
  });
});

describe('the runtime', () => {
  let runtime: PythonRuntime;
  beforeAll(async () => {
    runtime = await sharedRuntime();
  }, BUILD_TIMEOUT);

  test('has the trusted tools outside the sandbox’s root', async () => {
    expect(execFileSync(runtime.ruff, ['--version']).toString()).toContain('ruff');
    expect(execFileSync(runtime.hadolint, ['--version']).toString()).toContain('Dockerfile Linter');
    expect(execFileSync(runtime.python, ['-I', '-m', 'pytest', '--version']).toString()).toContain('pytest');
    const names = (await readdir(runtime.root, { recursive: true })).map((name) => path.basename(name));
    for (const name of ['ruff', 'hadolint', 'pip', 'setuptools', 'sh', 'bash', 'busybox', 'ensurepip']) {
      expect([name, names.includes(name)]).toEqual([name, false]);
    }
  });

  test('has a root that others can read, nobody else can write, and nothing raises rights from', async () => {
    for (const entry of await readdir(runtime.root, { recursive: true, withFileTypes: true })) {
      if (entry.isSymbolicLink()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const { mode } = await stat(file);
      const isRight = (mode & 0o7022) === 0 && (mode & 0o444) === 0o444;
      if (!isRight) throw new Error(`${file} has mode ${(mode & 0o7777).toString(8)}`);
    }
  });

  test('has bytecode for everything that a project loads', () => {
    const version = runtime.pythonVersion.split('.').slice(0, 2).join('');
    const packages = execFileSync('find', [runtime.root, '-path', '*/django/__pycache__/*.pyc']).toString();
    expect(packages).toContain(`shortcuts.cpython-${version}.pyc`);
  });

  test('is found without building', async () => {
    expect(await findRuntime({ home: assayHome(process.env, os.homedir()) })).toEqual(runtime);
  });
});

test('doctor gets a row for everything that grading needs, and changes nothing', async () => {
  const home = path.join(os.tmpdir(), 'assay-no-such-home');
  const rows = await probeGrading({ home });
  const ids = [
    'sandbox-driver',
    'zygote-namespaces',
    'zygote-seccomp',
    'zygote-nested-namespaces',
    'cgroup',
    'bubblewrap',
    'user-namespaces',
    'seccomp',
    'nested-user-namespaces',
    'python',
    'python-runtime',
    'tmpfs',
    'disk',
  ];
  expect(rows.map(({ id }) => id)).toEqual(ids);
  expect(rows.find(({ id }) => id === 'python-runtime')).toMatchObject({
    ok: false,
    required: true,
    remedy: expect.stringContaining('npm start'),
  });
  for (const row of rows) expect(row.ok || row.remedy !== null).toBe(true);
  expect(existsSync(home)).toBe(false);
});

test('nothing is installed that is there already', async () => {
  const steps: string[] = [];
  const onProgress = (message: string): number => steps.push(message);
  await ensureSandboxProgram({ onProgress });
  await ensurePython({ onProgress });
  expect(steps).toEqual([]);
});
