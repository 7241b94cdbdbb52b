import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { auditReportSchema } from '@assay/contracts/audit-report';
import { auditFolder, auditOf, CLEAN_PROJECT, writeTree } from '../fixtures/audited-tree';

jest.setTimeout(240_000);

/** Folders that somebody made to hurt whoever reads them. */
describe('hostile trees', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await writeTree(CLEAN_PROJECT);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('links are not followed: loops, and files of the machine', async () => {
    await symlink('..', path.join(folder, 'shop', 'up'));
    await symlink('/etc', path.join(folder, 'etc'));
    await symlink('/etc/passwd', path.join(folder, 'shop', 'stolen.py'));
    await rm(path.join(folder, 'shop', 'tests.py'));
    await symlink(path.join(folder, 'manage.py'), path.join(folder, 'shop', 'tests.py'));
    const report = await auditFolder(folder);
    expect(report.leftOut).toContainEqual({ what: '4 symbolic links', why: 'links are not followed' });
    expect(report.findings.map(({ rule }) => rule)).toEqual(['tests/none']);
  });

  it('large files, named pipes and other encodings are left out', async () => {
    await writeFile(path.join(folder, 'shop', 'huge.py'), '');
    await truncate(path.join(folder, 'shop', 'huge.py'), 100 * 1024 * 1024);
    await writeFile(path.join(folder, 'shop', 'latin.py'), Buffer.from('name = "\xe9"\n', 'latin1'));
    await writeFile(path.join(folder, 'shop', 'zero.py'), 'a = 1\0');
    await writeFile(path.join(folder, '.env'), Buffer.from([0xff, 0xfe, 0x00]));
    execFileSync('mkfifo', [path.join(folder, 'shop', 'pipe.py')]);
    const report = await auditFolder(folder);
    expect(auditReportSchema.parse(report).outcome).toBe('audited');
    expect(report.leftOut.map(({ what }) => what)).toEqual(['shop/huge.py', 'shop/latin.py', 'shop/zero.py']);
    expect(report.findings).toEqual([]);
  });

  it('deep folders end', async () => {
    await mkdir(path.join(folder, ...Array.from({ length: 60 }, () => 'deep')), { recursive: true });
    expect((await auditFolder(folder)).leftOut).toEqual([
      expect.objectContaining({ why: expect.stringContaining('folders deep') }),
    ]);
  });

  it.each([
    ['brackets', `x = ${'('.repeat(3_000)}1${')'.repeat(3_000)}\n`],
    ['unary operators', `x = ${'-'.repeat(60_000)}1\n`],
    ['sums', `x = ${'1 + '.repeat(60_000)}1\n`],
    ['attributes', `x = a${'.b'.repeat(40_000)}\n`],
    ['calls', `x = a${'()'.repeat(40_000)}\n`],
    ['blocks', `${Array.from({ length: 95 }, (_, depth) => `${' '.repeat(depth)}if a:\n`).join('')}${' '.repeat(95)}pass\n`],
  ])('code nested deeply in %s costs that file only', async (_what, text) => {
    const report = await auditOf({ 'shop/views.py': text, 'shop/z.py': 'import pdb\npdb.set_trace()\n' });
    expect(report.findings.map(({ rule }) => rule)).toEqual(['code/debugger']);
  });

  it('settings nested deeply, or that never end, become unknown', async () => {
    const text = `${CLEAN_PROJECT['config/settings.py']}\nA = ${'-'.repeat(20_000)}1\nfor a in range(9**9):\n    for b in range(9**9):\n        DEBUG = True\n`;
    const report = await auditOf({ 'config/settings.py': text });
    expect(report.findings.map(({ rule }) => rule)).not.toContain('settings/debug-on');
  });

  it('nothing of the project runs', async () => {
    const proof = path.join(folder, 'ran');
    const run = `open(${JSON.stringify(proof)}, "w").write("x")\n`;
    for (const name of [
      'sitecustomize.py',
      'json.py',
      'ast.py',
      'values.py',
      'project.py',
      'manage.py',
      'config/__init__.py',
      'conftest.py',
    ])
      await writeFile(path.join(folder, name), `${run}import django\n`);
    await auditFolder(folder);
    expect(existsSync(proof)).toBe(false);
  });

  it('folders without a Django project cannot be judged', async () => {
    expect((await auditOf({ 'readme.md': 'x' }, {})).reason?.code).toBe('no-python');
    expect((await auditOf({ 'main.py': 'print(1)' }, {})).reason?.code).toBe('no-django-project');
  });
});
