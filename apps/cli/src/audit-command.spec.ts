import { execFile, execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { auditReportSchema } from '@assay/contracts/audit-report';
import { findPython } from '@assay/sandbox/runtime/find-python';
import { CLEAN_PROJECT, writeTree } from '../../../libs/audit/fixtures/audited-tree';
import { auditCommand } from './audit-command';
import { UsageError } from './grade-arguments';

jest.setTimeout(240_000);

const ENTRY = path.join(__dirname, '..', '..', '..', 'tools', 'grade.mjs');

describe('assay grade --audit', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await writeTree({ ...CLEAN_PROJECT, 'shop/views.py': 'def view(request):\n    return eval(request.GET["sum"])\n' });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function run(...words: string[]): Promise<{ code: number; text: string; progress: string }> {
    let text = '';
    let progress = '';
    const output = { result: (more: string) => (text += more), progress: (line: string) => (progress += `${line}\n`) };
    const openPython = async (): Promise<string> => (await findPython()).executable;
    const signal = new AbortController().signal;
    const code = await auditCommand(['--audit', ...words], { openPython, output, searchPath: process.env.PATH ?? '', signal });
    return { code, text, progress };
  }

  it('prints findings by criterion, what was looked at and what files do not tell', async () => {
    const { code, text } = await run(folder);
    expect(code).toBe(0);
    expect(text).toContain("Settings taken for production's: config/settings.py");
    expect(text).toContain('C5 production hardening');
    expect(text).toContain('  error  code/eval  (confidence high, CWE-95)');
    expect(text).toContain('shop/views.py:2  eval() runs text of the request.');
    expect(text).toContain('Looked at: 7 files');
    expect(text).toContain('Not judged, because files alone do not tell:');
  });

  it('prints one JSON object with --json', async () => {
    const report = auditReportSchema.parse(JSON.parse((await run(folder, '--json')).text));
    expect(report.findings).toEqual([expect.objectContaining({ rule: 'code/eval', file: 'shop/views.py', line: 2 })]);
  });

  it('fetches a bare repository and tells the commit', async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { encoding: 'utf8' });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    git('clone', '--quiet', '--bare', '.', 'bare.git');
    const { code, text, progress } = await run(path.join(folder, 'bare.git'), '--sarif');
    expect(code).toBe(0);
    expect(progress).toBe('Fetching bare.git\n');
    expect(JSON.parse(text).runs[0].properties.source).toEqual({
      kind: 'repository',
      name: 'bare.git',
      commit: git('rev-parse', 'HEAD').trim(),
    });
  });

  it('exits 2 and says why where there is nothing to judge', async () => {
    await rm(path.join(folder, 'manage.py'));
    await rm(path.join(folder, 'config'), { recursive: true });
    const { code, text } = await run(folder);
    expect(code).toBe(2);
    expect(text).toContain('Cannot be judged (no-django-project)');
  });

  it('exits 2 when a repository cannot be fetched, and shows no credentials', async () => {
    const { code, text, progress } = await run('https://user:s3cret@localhost:1/a.git');
    expect([code, text]).toEqual([2, '']);
    expect(progress).toContain('https://localhost:1/a.git cannot be fetched');
    expect(progress).not.toContain('s3cret');
  });

  it.each([
    [[], /^Usage: npm run grade -- --audit/],
    [['a', 'b'], /^Usage/],
    [['/nonexistent'], /no folder or git repository "\/nonexistent"/],
    [['ssh://git@example.org/a'], /neither a folder nor a git repository/],
    [['.', '--json', '--sarif'], /exclude each other/],
    [['.', '--sandbox', 'zygote'], /Unknown option '--sandbox'/],
  ])('refuses %j as wrong usage, in one line', async (words, message) => {
    const failure = await run(...words).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toMatch(message);
    expect((failure as UsageError).message).not.toContain('\n');
  });

  it.each([
    [0, []],
    [64, ['--nothing']],
  ])('npm run grade exits %i', async (expected, more) => {
    const { code, stdout } = await new Promise<{ code: number; stdout: string }>((resolve) => {
      const child = execFile(process.execPath, [ENTRY, '--audit', folder, '--json', ...more], (_error, out) =>
        resolve({ code: child.exitCode ?? -1, stdout: out }),
      );
    });
    expect(code).toBe(expected);
    if (expected === 0) expect(JSON.parse(stdout).outcome).toBe('audited');
    else expect(stdout).toBe('');
  });
});
