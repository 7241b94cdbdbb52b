import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { SUBMISSION_LIMITS } from '@assay/archive/archive-limits';
import { inspectArchive } from '@assay/archive/submission-archive';
import { compileHiddenChecks } from './hidden-checks';
import { lintTaskPack } from './lint-task-pack';
import { listTaskPacks, loadTaskPack } from './load-task-pack';
import { buildSolution, findSolution } from './solution-overlay';
import { buildStarterArchive } from './starter-archive';

const FIXTURE = path.join(__dirname, '..', '..', 'grader', 'fixtures', 'tiny-notes');
const TASK_PACKS = path.join(__dirname, '..', '..', '..', 'task-packs');

describe('a task pack', () => {
  let scratch: string;
  let folder: string;

  beforeEach(async () => {
    scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    folder = path.join(scratch, 'tiny-notes');
    await cp(FIXTURE, folder, { recursive: true });
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  };
  const change = async (name: string, from: string | RegExp, to: string): Promise<void> => {
    const text = await readFile(path.join(folder, name), 'utf8');
    expect(text).toMatch(from);
    await write(name, text.replace(from, to));
  };
  const errors = async (): Promise<readonly string[]> => (await lintTaskPack(folder)).errors;

  it('loads and is clean', async () => {
    const pack = await loadTaskPack(folder);
    expect(pack).toMatchObject({ slug: 'tiny-notes', version: '1.0.0', prompt: '# Tiny notes\n' });
    expect(pack.broken.map(({ name }) => name)).toEqual(['broken/open-door']);
    expect(await lintTaskPack(folder)).toEqual({
      errors: [],
      warnings: [
        'no broken solution fails the check "d2-list-takes-two-statements": nothing shows that it can fail',
        expect.stringMatching(/^no check of B1 expects anything to be refused/),
        expect.stringMatching(/^no check of B2 expects anything to be refused/),
      ],
    });
  });

  it('is found among others', async () => {
    expect((await listTaskPacks(TASK_PACKS)).map(({ slug }) => slug)).toContain('bookshop');
    expect(await listTaskPacks(path.join(scratch, 'nowhere'))).toEqual([]);
  });

  describe('content hash', () => {
    it('changes with any file and with nothing else', async () => {
      const { contentHash } = await loadTaskPack(folder);
      await utimes(path.join(folder, 'prompt.md'), 1, 1);
      await write('starter/notes/__pycache__/views.cpython-311.pyc', 'byte code');
      expect((await loadTaskPack(folder)).contentHash).toBe(contentHash);
      await write('hidden-checks/notes.ts', 'export const checks = {};');
      expect((await loadTaskPack(folder)).contentHash).not.toBe(contentHash);
    });

    it('of the migrations sees only migrations', async () => {
      const before = await loadTaskPack(folder);
      await write('starter/notes/views.py', '');
      await write('starter/site_notes/settings.py', '');
      const other = await loadTaskPack(folder);
      expect(other.starterMigrationsHash).toBe(before.starterMigrationsHash);
      expect(other.starterSettingsHash).not.toBe(before.starterSettingsHash);
      await write('starter/notes/migrations/0002_more.py', '');
      expect((await loadTaskPack(folder)).starterMigrationsHash).not.toBe(before.starterMigrationsHash);
    });
  });

  describe('refuses to load', () => {
    it.each([
      ['an unknown key', 'task.yaml', /^version:/m, 'verison: 1\nversion:', /task\.yaml: \(root\): Unrecognized key: "verison"/],
      ['a level beyond 3', 'task.yaml', 'level: 1', 'level: 4', /checks\.0\.level/],
      ['points of 0', 'task.yaml', 'points: 2', 'points: 0', /checks\.0\.points/],
      [
        'a check id without its criterion',
        'task.yaml',
        'criterion: B1',
        'criterion: C1',
        /checks\.0\.id: must start with the criterion/,
      ],
      ['a missing message', 'task.yaml', /^ {4}passed: .*$/m, '    passed: ""', /checks\.0\.passed/],
      ['a variable that the grader sets', 'task.yaml', 'NOTES_NAME: tiny', 'PGHOST: elsewhere', /environment.*set by the grader/],
      ['another id than the folder', 'task.yaml', /^id: .*$/m, 'id: other', /must be the name of the pack's folder/],
      ['a seed outside data/', 'task.yaml', 'seed.sql', '../seed.sql', /database\.seed/],
      ['an expectation that is no JSON', 'broken/open-door/expect.json', '{', '{{', /expect\.json is not JSON/],
    ])('%s', async (_what, file, from, to, message) => {
      await change(file, from, to);
      await expect(loadTaskPack(folder)).rejects.toThrow(message);
      expect((await errors()).join()).toMatch(message);
    });

    it('a folder that is no pack, or holds links', async () => {
      await expect(loadTaskPack(scratch)).rejects.toThrow(/no readable task\.yaml/);
      await symlink('/etc/passwd', path.join(folder, 'data', 'link.sql'));
      await expect(loadTaskPack(folder)).rejects.toThrow(/data\/link\.sql is neither a file nor a folder/);
    });
  });

  describe('lint finds', () => {
    it('a check without a function and a function without a check', async () => {
      await change('hidden-checks/notes.ts', "'b1-notes-are-listed'", "'b1-something-else'");
      expect(await errors()).toEqual([
        'hidden-checks/notes.ts has no function "b1-notes-are-listed", which task.yaml names',
        'hidden-checks/notes.ts: the function "b1-something-else" is not in task.yaml',
      ]);
    });

    it.each([
      ['setTimeout', 'await new Promise((done) => setTimeout(done, 10));'],
      ['Date.now', 'Date.now();'],
      ['new Date()', 'new Date();'],
      ['Math.random', 'Math.random();'],
      ['process', 'process.exit(0);'],
      ['fetch', "await fetch('http://localhost');"],
    ])('a check that uses %s', async (name, statement) => {
      await change('hidden-checks/notes.ts', /=> \{\n/, `=> {\n    ${statement}\n`);
      expect(await errors()).toEqual([expect.stringContaining(`hidden-checks/notes.ts uses ${name}:`)]);
    });

    it('needs that are no checks, and checks that need each other', async () => {
      await change('task.yaml', '    level: 1\n', '    level: 1\n    needs: [b9-nothing]\n');
      expect(await errors()).toEqual([
        'task.yaml: checks: the check "b1-notes-are-listed" needs "b9-nothing", which is no check',
      ]);
      await change('task.yaml', 'b9-nothing', 'b1-notes-are-listed');
      expect(await errors()).toEqual(['task.yaml: checks: these checks need each other: "b1-notes-are-listed"']);
    });

    it('criteria of the API that are measured by positive checks alone, wherever the refusal stands', async () => {
      const warnings = async (): Promise<readonly string[]> =>
        (await lintTaskPack(folder)).warnings.filter((one) => /refused/.test(one));
      expect(await warnings()).toEqual([expect.stringMatching(/^no check of B1 /), expect.stringMatching(/^no check of B2 /)]);
      await write(
        'hidden-checks/support/closed.ts',
        'const CLOSED = [401, 403];\nexport const isClosed = (status: number) => CLOSED.includes(status);\n',
      );
      await change('hidden-checks/notes.ts', 'import type', "import { isClosed } from './support/closed';\nimport type");
      await change(
        'hidden-checks/notes.ts',
        "expect.same(answer.json(), ['three']",
        "expect.ok(isClosed(answer.status), 'closed');\n    expect.same(answer.json(), ['three']",
      );
      expect(await warnings()).toEqual([expect.stringMatching(/^no check of B1 /)]);
      await change('task.yaml', '    criterion: B1\n', '    criterion: B1\n    kind: negative\n');
      expect(await warnings()).toEqual([]);
    });

    it('no fault in properties and fixed dates of those names', async () => {
      await change(
        'hidden-checks/notes.ts',
        /=> \{\n/,
        "=> {\n    const order = { process: 1, fetch: 2 };\n    void [order.process, new Date('2026-01-01')];\n",
      );
      expect(await errors()).toEqual([]);
    });

    it('an import at run time, and a file that nothing names', async () => {
      await change('hidden-checks/notes.ts', 'import type', "import fs from 'node:fs';\nimport type");
      await write('hidden-checks/other.ts', '');
      expect(await errors()).toEqual([
        'hidden-checks/other.ts is not named by any check of task.yaml',
        'hidden-checks/notes.ts imports "node:fs" at run time: only "import type" and files of hidden-checks/ are allowed',
      ]);
    });

    it('faults in a helper, and a helper that is missing', async () => {
      await change('hidden-checks/notes.ts', 'import type', "import { a } from './support/a';\nimport type");
      await write('hidden-checks/support/a.ts', "import { b } from '../b';\nexport const a = () => [b, Date.now()];\n");
      expect(await errors()).toEqual([
        'hidden-checks/support/a.ts uses Date.now: a check must not wait, read the clock, be random or reach outside',
        'hidden-checks/b.ts is missing, another file imports it',
      ]);
    });

    it('hidden material in what the candidate receives', async () => {
      await write('starter/reference/views.py', '');
      await write('starter/README.md', 'Hint: look at b2-notes-of-others-are-hidden.');
      await write('prompt.md', 'Hint: b1-notes-are-listed.');
      await change('task.yaml', 'failed: The list is', 'failed: See b1-notes-are-created. The list is');
      expect(await errors()).toEqual([
        'starter/reference/views.py would hand hidden material to the candidate',
        'task.yaml: what candidates read of "b1-notes-are-listed" names the hidden check "b1-notes-are-created"',
        'prompt.md names the hidden check "b1-notes-are-listed"',
        'starter/README.md names the hidden check "b2-notes-of-others-are-hidden"',
      ]);
    });

    it('missing seed rows, unknown expectations and pointless deletions', async () => {
      await rm(path.join(folder, 'data', 'seed.sql'));
      await write('broken/open-door/expect.json', '{"failed": ["b9-nothing"]}');
      await write('broken/open-door/delete.txt', '# gone\nnotes/absent.py\n');
      expect(await errors()).toEqual([
        'data/seed.sql is missing, task.yaml loads it as seed',
        'broken/open-door/expect.json names "b9-nothing", which is no check',
        'broken/open-door/delete.txt names "notes/absent.py", which the starter does not have',
      ]);
    });
  });

  describe('hidden checks', () => {
    it('compile to JavaScript, and do not run', async () => {
      const file = path.join(folder, 'hidden-checks', 'notes.ts');
      await writeFile(file, `throw new Error('it runs');\n${await readFile(file, 'utf8')}`);
      const [notes, ...others] = await compileHiddenChecks(await loadTaskPack(folder));
      expect([notes?.file, others]).toEqual(['hidden-checks/notes.ts', []]);
      expect(notes?.code).toContain("'b1-notes-are-listed'");
    });

    it('hold the helpers that they import, each once', async () => {
      await write('hidden-checks/support/all.ts', "export const all = new Set<string>(['first']);\n");
      await write('hidden-checks/support/size.ts', "import { all } from './all';\nexport const size = () => all.size;\n");
      const imports = "import { size } from './support/size';\nimport { all } from './support/all';\n";
      await change(
        'hidden-checks/notes.ts',
        'import type',
        `${imports}all.add('second');\nexport const seen = size();\nimport type`,
      );
      const [notes] = await compileHiddenChecks(await loadTaskPack(folder));
      const exported: { checks?: object; seen?: number } = {};
      compileFunction(notes?.code ?? '', ['exports'])(exported);
      expect([Object.keys(exported.checks ?? {}).length, exported.seen]).toEqual([4, 2]);
      expect(await errors()).toEqual([]);
    });

    it('import nothing in circles', async () => {
      await change('hidden-checks/notes.ts', 'import type', "import { a } from './a';\nvoid a;\nimport type");
      await write('hidden-checks/a.ts', "import { b } from './b';\nexport const a = b;\n");
      await write('hidden-checks/b.ts', "import { a } from './a';\nexport const b = a;\n");
      const pack = await loadTaskPack(folder);
      await expect(compileHiddenChecks(pack)).rejects.toThrow('hidden-checks/b.ts imports a.ts, which imports it');
    });

    it.each([
      ["import fs from 'node:fs';\nvoid fs;\n", /imports "node:fs" at run time/],
      ["export * from './other';\n", /imports "\.\/other" at run time/],
      ["import { a } from '../task';\nvoid a;\n", /imports "\.\.\/task" at run time/],
      ["import { a } from './missing';\nvoid a;\n", /hidden-checks\/missing\.ts is missing, notes\.ts names it/],
      ["void import('node:fs');\n", /imports "import\(\)" at run time/],
      ['const x = ;\n', /not valid TypeScript/],
    ])('get no way to load anything: %j', async (statement, message) => {
      const file = path.join(folder, 'hidden-checks', 'notes.ts');
      await writeFile(file, statement + (await readFile(file, 'utf8')));
      await expect(compileHiddenChecks(await loadTaskPack(folder))).rejects.toThrow(message);
    });
  });

  describe('solutions', () => {
    const build = async (name: string): Promise<string> => {
      const pack = await loadTaskPack(folder);
      const solution = findSolution(pack, name);
      if (!solution) throw new Error(`no ${name}`);
      await buildSolution(pack, solution, path.join(scratch, 'built'));
      return path.join(scratch, 'built');
    };

    it('lie over the starter', async () => {
      const built = await build('reference');
      expect(await readFile(path.join(built, 'notes', 'views.py'), 'utf8')).toContain('uuid');
      expect(await readFile(path.join(built, 'notes', 'models.py'), 'utf8')).toContain('class Note');
    });

    it('remove files, stay inside the project and leave out what is about them', async () => {
      await write('broken/open-door/delete.txt', 'site_notes/wsgi.py\n');
      const built = await build('broken/open-door');
      expect(await readdir(built)).toEqual(['manage.py', 'notes', 'site_notes']);
      expect(await readdir(path.join(built, 'site_notes'))).not.toContain('wsgi.py');
      await write('broken/open-door/delete.txt', '../../precious\n');
      await expect(build('broken/open-door')).rejects.toThrow(/outside the project/);
    });
  });

  it('gives every candidate the same bytes, without anything hidden', async () => {
    await change('task.yaml', 'hidden: []', 'hidden: ["notes/secret*.py"]');
    await write('starter/notes/secret_rules.py', 'hidden = True');
    const archive = await buildStarterArchive(await loadTaskPack(folder));
    await utimes(path.join(folder, 'starter', 'manage.py'), 5, 5);
    expect(Buffer.compare(archive, await buildStarterArchive(await loadTaskPack(folder)))).toBe(0);
    const { files, root } = await inspectArchive(archive, SUBMISSION_LIMITS);
    expect(root).toBe('tiny-notes');
    expect(files.map((file) => file.path)).toEqual([
      'TASK.md',
      'manage.py',
      'notes/__init__.py',
      'notes/migrations/0001_initial.py',
      'notes/migrations/__init__.py',
      'notes/models.py',
      'notes/views.py',
      'site_notes/__init__.py',
      'site_notes/settings.py',
      'site_notes/urls.py',
      'site_notes/wsgi.py',
      'visible-checks/test_notes.py',
    ]);
  });
});
