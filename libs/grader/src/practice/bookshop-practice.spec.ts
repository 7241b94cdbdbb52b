import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chooseDriver } from '@assay/sandbox/choose-driver';
import { type PythonRuntime, prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution } from '@assay/task-pack/solution-overlay';
import { testPostgresUrl } from '@assay/testing/test-postgres';
import { createGrader, type Grader } from '../grader';

const BOOKSHOP = path.join(__dirname, '..', '..', '..', '..', 'task-packs', 'django', 'bookshop');
/** As the starter's README has candidates set it for their tests. */
const ENVIRONMENT = { DJANGO_DEBUG: 'True', DJANGO_ALLOWED_HOSTS: 'localhost', DJANGO_PASSWORD_ROUNDS: '1000' };

jest.setTimeout(120_000);

/** The visible checks of a real pack, some of which start Pythons of their own. */
describe('practice with the bookshop pack', () => {
  let pack: TaskPack;
  let grader: Grader;
  let scratch: string;
  let runtime: PythonRuntime;

  beforeAll(async () => {
    scratch = mkdtempSync(path.join(os.tmpdir(), 'bookshop-practice-'));
    pack = await loadTaskPack(BOOKSHOP);
    expect(pack.definition.practice?.environment).toEqual(ENVIRONMENT);
    runtime = await prepareRuntime({ home: assayHome(process.env, os.homedir()) });
    grader = createGrader({ sandbox: await chooseDriver({ workRoot: os.tmpdir(), runtime }), runtime });
  });
  afterAll(async () => {
    await grader?.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  test('passes the reference in every check', async () => {
    const folder = path.join(scratch, 'reference');
    await buildSolution(pack, pack.reference, folder);
    const report = await grader.practice({ pack, folder });
    expect(report.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(report).toMatchObject({ outcome: 'finished', reason: null });
    expect(report.checks.length).toBeGreaterThan(15);
  });

  test('finds in the starter what pytest finds on its own, outside of any sandbox, with a database that Django makes', async () => {
    const report = await grader.practice({ pack, folder: pack.starterFolder });
    expect(report.outcome).toBe('finished');
    const found = Object.fromEntries(report.checks.map(({ id, outcome }) => [id, outcome]));
    expect(Object.values(found)).toEqual(expect.arrayContaining(['passed', 'failed']));
    expect(found).toEqual(await onOwnMachine());
  });

  /** Outcomes of the visible checks of the starter, run as its README says. */
  async function onOwnMachine(): Promise<Record<string, string>> {
    const folder = path.join(scratch, 'own');
    cpSync(pack.starterFolder, folder, { recursive: true });
    cpSync(pack.visibleChecksFolder, path.join(folder, 'visible-checks'), { recursive: true });
    const { hostname, port, username, password } = new URL(await testPostgresUrl());
    const packages = readdirSync(path.join(runtime.root, 'usr', 'local', 'lib')).find((name) => name.startsWith('python')) ?? '';
    const done = spawnSync(runtime.basePython, ['-m', 'pytest', 'visible-checks', '-q', '-rA', '--tb=no', '--color=no'], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        PYTHONPATH: path.join(runtime.root, 'usr', 'local', 'lib', packages, 'dist-packages'),
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: decodeURIComponent(username),
        PGPASSWORD: decodeURIComponent(password),
        PGDATABASE: `own_${process.pid}`,
        DJANGO_SECRET_KEY: 'only-for-development',
        ...ENVIRONMENT,
      },
    });
    const lines = done.stdout.matchAll(/^(PASSED|FAILED|ERROR) visible-checks\/(\S+)/gm);
    return Object.fromEntries(
      [...lines].map(([, word = '', id = '']) => [id, word === 'ERROR' ? 'errored' : word.toLowerCase()]),
    );
  }
});
