import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Finding } from '@assay/contracts/grading-report';
import { type PythonRuntime, prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { loadTaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution } from '@assay/task-pack/solution-overlay';
import { analyseFiles, newFindings } from './static-analysis';
import { takeIn } from './submission-intake';

const BOOKSHOP = path.join(__dirname, '..', '..', '..', 'task-packs', 'django', 'bookshop');

jest.setTimeout(600_000);

describe('static analysis', () => {
  let folder: string;
  let runtime: PythonRuntime;

  beforeAll(async () => {
    runtime = await prepareRuntime({ home: assayHome(process.env, os.homedir()) });
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function rulesByFile(files: Readonly<Record<string, string>>): Promise<string[]> {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    }
    const found = await analyseFiles(runtime.ruff, folder, Object.keys(files), new AbortController().signal);
    return found.map(({ file, rule }) => `${file} ${rule}`);
  }

  it('looks into folders that are named like build output, and at what noqa and a configuration would hide', async () => {
    const secret = 'PASSWORD = "hunter22"  # noqa\n';
    const hidden = ['build/a.py', 'dist/b.py', 'site-packages/c.py', 'venv/d.py'];
    const files = Object.fromEntries(hidden.map((file) => [file, secret]));
    expect(await rulesByFile({ ...files, 'ruff.toml': 'exclude = ["*"]\n', '.gitignore': '*\n' })).toEqual(
      hidden.map((file) => `${file} S105`),
    );
  });

  it('does not lose a finding behind hundreds of others', async () => {
    const noise = 'try:\n    pass\nexcept:\n    pass\n'.repeat(600);
    const found = await rulesByFile({ 'a.py': noise, 'z.py': 'PASSWORD = "hunter22"\n' });
    expect(found.length).toBeGreaterThan(500);
    expect(found).toContain('z.py S105');
  });

  it('finds in the files that differ from the starter all that there is to find', async () => {
    const pack = await loadTaskPack(BOOKSHOP);
    const { signal } = new AbortController();
    const starter = await analyseFiles(
      runtime.ruff,
      pack.starterFolder,
      pack.starterFiles.map((file) => file.path),
      signal,
    );
    const found = new Map<string, number>();
    for (const solution of [pack.reference, ...pack.broken]) {
      const [built, target] = [path.join(folder, solution.name, 'built'), path.join(folder, solution.name, 'project')];
      await buildSolution(pack, solution, built);
      const { files, changed } = await takeIn({ folder: built }, target, pack);
      const everywhere = await analyseFiles(
        runtime.ruff,
        target,
        files.map((file) => file.path),
        signal,
      );
      const inChanged = await analyseFiles(runtime.ruff, target, changed, signal);
      expect(newFindings(inChanged, starter)).toEqual(newFindings(everywhere, starter));
      found.set(solution.name, inChanged.length);
    }
    expect(Math.max(...found.values())).toBeGreaterThan(0);
  });

  describe('new findings', () => {
    const finding = (file: string, line: number, message = 'weak'): Finding => ({
      tool: 'ruff',
      rule: 'S324',
      message,
      file,
      line,
    });
    /** Lines from 10 on are the candidate's. */
    const isWritten = ({ line }: Finding): boolean => line >= 10;

    it.each<[string, Finding[], Finding[], Finding[]]>([
      [
        'leave the one that the candidate wrote',
        [finding('a.py', 2), finding('a.py', 10)],
        [finding('a.py', 1)],
        [finding('a.py', 10)],
      ],
      [
        'leave it also when it comes first',
        [finding('a.py', 11), finding('a.py', 3)],
        [finding('a.py', 1)],
        [finding('a.py', 11)],
      ],
      ['leave out what was moved', [finding('b.py', 2)], [finding('a.py', 1)], []],
      ['keep what was written anew in another file', [finding('b.py', 12)], [finding('a.py', 1)], [finding('b.py', 12)]],
      ['leave out a line that was edited around', [finding('a.py', 12)], [finding('a.py', 1)], []],
      [
        'keep what a change elsewhere brought about',
        [finding('a.py', 2, 'too complex (12 > 10)')],
        [],
        [finding('a.py', 2, 'too complex (12 > 10)')],
      ],
    ])('%s', (_what, submission, starter, expected) => {
      expect(newFindings(submission, starter, isWritten)).toEqual(expected);
    });
  });

  it('starts no program for files that are not Python', async () => {
    const none = analyseFiles('/no/such/ruff', folder, ['README.md', 'a.txt'], new AbortController().signal);
    expect(await none).toEqual([]);
  });

  it('takes names that look like options, and more names than fit into one call', async () => {
    const names = ['-x.py', '@y.py', ...[...Array(1500).keys()].map((number) => `${'long'.repeat(50)}/${number}.py`)];
    const files = Object.fromEntries(names.map((name) => [name, 'PASSWORD = "hunter22"\n']));
    expect(await rulesByFile(files)).toHaveLength(names.length);
  });
});
