import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '@assay/testing/free-port';
import { waitFor } from '@assay/testing/wait-for';

const ROOT = path.join(__dirname, '..');

interface DoctorRow {
  readonly id: string;
  readonly ok: boolean;
  readonly required: boolean;
  readonly version: string | null;
  readonly remedy: string | null;
}

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'assay-set-up-spec-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A script that imports a module of `tools/` as `tool`. */
function script(module: string, code: string, root = ROOT): string[] {
  const url = pathToFileURL(path.join(root, 'tools', module));
  return ['--input-type=module', '-e', `const tool = await import(${JSON.stringify(url.href)}); ${code}`];
}

function runScript(module: string, code: string, root = ROOT): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, script(module, code, root), { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What a fresh clone has of the tools, without npm packages. */
function freshClone(): string {
  const clone = path.join(folder, 'clone');
  for (const name of ['tools', 'package.json', 'package-lock.json', '.swcrc', 'nx.json']) {
    cpSync(path.join(ROOT, name), path.join(clone, name), { recursive: true });
  }
  for (const name of ['apps', 'libs', 'migrations']) mkdirSync(path.join(clone, name));
  return clone;
}

function doctor(root: string): { code: number | null; ok: boolean; checks: DoctorRow[] } {
  const answer = spawnSync(process.execPath, [path.join(root, 'tools/doctor.mjs'), '--json'], { encoding: 'utf8' });
  return { code: answer.status, ...(JSON.parse(answer.stdout) as { ok: boolean; checks: DoctorRow[] }) };
}

describe('doctor', () => {
  it('names every thing that is needed, its version and what to do', () => {
    const { code, ok, checks } = doctor(ROOT);
    expect(checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['node', 'npm-packages', 'build', 'postgres', 'queue', 'bubblewrap', 'python', 'disk']),
    );
    expect(checks.find(({ id }) => id === 'node')).toMatchObject({ ok: true, version: process.versions.node });
    expect(checks.find(({ id }) => id === 'postgres')?.version).toMatch(/^18\./);
    for (const row of checks.filter((one) => !one.ok && one.required)) expect(row.remedy).toBeTruthy();
    expect(ok).toBe(checks.every((row) => row.ok || !row.required));
    expect(code).toBe(ok ? 0 : 1);
  });

  it('is of use before anything is installed', () => {
    const { code, checks } = doctor(freshClone());
    expect(code).toBe(1);
    for (const id of ['npm-packages', 'postgres']) {
      expect(checks.find((row) => row.id === id)).toMatchObject({
        ok: false,
        required: true,
        remedy: expect.stringContaining('npm'),
      });
    }
    expect(checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['bubblewrap', 'user-namespaces', 'cgroup', 'python', 'disk']),
    );
  });
});

describe('set-up', () => {
  it.each([
    ['20.19.0', null],
    ['24.1.0', null],
    ['20.18.3', expect.stringContaining('this is Node 20.18.3')],
    ['27.0.0', expect.stringContaining('>=20.19 <27')],
  ])('judges Node %s', (version, expected) => {
    expect(
      JSON.parse(runScript('setup/node-version.mjs', `console.log(JSON.stringify(tool.nodeVersionProblem('${version}')))`)),
    ).toEqual(expected);
  });

  it('sees that packages are installed, and that another lockfile asks for others', () => {
    const clone = freshClone();
    const installed = (): string => runScript('setup/npm-packages.mjs', 'console.log(tool.arePackagesInstalled())', clone).trim();
    expect(installed()).toBe('false');
    const hidden = path.join(clone, 'node_modules/.package-lock.json');
    mkdirSync(path.dirname(hidden));
    cpSync(path.join(ROOT, 'node_modules/.package-lock.json'), hidden);
    expect(installed()).toBe('true');
    const lock = path.join(clone, 'package-lock.json');
    const changed = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, { version: string }> };
    const pg = changed.packages['node_modules/pg'];
    if (!pg) throw new Error('the lockfile has no pg');
    pg.version = '0.0.1';
    writeFileSync(lock, JSON.stringify(changed));
    expect(installed()).toBe('false');
  });

  it('lets one process at a time do a step, and takes over from one that was killed', async () => {
    const clone = freshClone();
    const log = path.join(folder, 'log');
    const work = (name: string, milliseconds: number): string[] =>
      script(
        'setup/lock.mjs',
        `const { appendFileSync } = await import('node:fs');
         await tool.withLock('step', () => undefined, async () => {
           appendFileSync(${JSON.stringify(log)}, '${name} in\\n');
           await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));
           appendFileSync(${JSON.stringify(log)}, '${name} out\\n');
         });`,
        clone,
      );
    const start = (args: string[]): ChildProcess => {
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      children.push(child);
      return child;
    };
    const lines = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);

    const killed = start(work('killed', 60_000));
    await waitFor(() => lines().includes('killed in'));
    killed.kill('SIGKILL');
    start(work('a', 100));
    start(work('b', 100));
    await waitFor(() => lines().length === 5);
    const [, ...rest] = lines();
    expect([
      ['a in', 'a out', 'b in', 'b out'],
      ['b in', 'b out', 'a in', 'a out'],
    ]).toContainEqual(rest);
  });
});

describe('services', () => {
  it('keeps the secrets of an installation, for its user only', () => {
    const code = `console.log(JSON.stringify(tool.installationSecrets(${JSON.stringify(path.join(folder, 'data'))})))`;
    const first = JSON.parse(runScript('services/secrets.mjs', code)) as Record<string, string>;
    expect(Object.values(first).every((secret) => secret.length >= 32)).toBe(true);
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
    expect(statSync(path.join(folder, 'data/secrets.json')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(runScript('services/secrets.mjs', code))).toEqual(first);
  });

  it('starts a program that died again, and ends it with the supervisor', async () => {
    const port = await freePort();
    const entry = path.join(folder, 'program.cjs');
    writeFileSync(
      entry,
      `require('node:http').createServer((request, response) => {
         if (request.url === '/die') process.exit(3);
         response.end(String(process.pid));
       }).listen(${port}, '127.0.0.1');`,
    );
    const options = {
      title: 'The program',
      entry,
      environment: {},
      readyUrl: `http://127.0.0.1:${port}/`,
      logFile: path.join(folder, 'log'),
    };
    const supervisor = spawn(
      process.execPath,
      script(
        'services/supervised-program.mjs',
        `await tool.superviseProgram({ ...${JSON.stringify(options)}, onProgress: console.log }); console.log('ready'); setInterval(() => {}, 1000);`,
      ),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    children.push(supervisor);
    let output = '';
    supervisor.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await waitFor(() => output.includes('ready'));

    const pid = async (): Promise<string> => (await fetch(options.readyUrl)).text();
    const first = await pid();
    await fetch(`${options.readyUrl}die`).catch(() => undefined);
    const second = await waitFor(pid, { what: 'the program to be started again' });
    expect(second).not.toBe(first);
    expect(output).toContain('The program ended (exit code 3); starting it again');

    supervisor.kill('SIGKILL');
    await waitFor(
      () =>
        pid().then(
          () => false,
          () => true,
        ),
      { what: 'the program to end' },
    );
  });
});
