import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type PythonRuntime, prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { analyseFolder } from './static-analysis';

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
    const found = await analyseFolder(runtime.ruff, folder, Object.keys(files), new AbortController().signal);
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
});
