import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { commitOf } from './provenance';

describe('the commit of a source tree', () => {
  let folder: string;
  const git = (where: string, ...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.test', ...words], { cwd: where, stdio: 'pipe' })
      .toString()
      .trim();

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-commit-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is found on a branch, packed, detached and in a work tree', async () => {
    git(folder, 'init', '-q');
    expect(await commitOf(folder)).toBeNull();
    await writeFile(path.join(folder, 'a'), '');
    git(folder, 'add', 'a');
    git(folder, 'commit', '-q', '-m', 'a');
    const commit = git(folder, 'rev-parse', 'HEAD');
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(await commitOf(folder)).toBe(commit);
    git(folder, 'pack-refs', '--all');
    expect(await commitOf(folder)).toBe(commit);
    const tree = path.join(folder, 'tree');
    git(folder, 'worktree', 'add', '-q', '-b', 'other', tree);
    expect(await commitOf(tree)).toBe(commit);
    git(folder, 'checkout', '-q', '--detach');
    expect(await commitOf(folder)).toBe(commit);
  });

  it('is null where there is no repository, or one that says nonsense', async () => {
    expect(await commitOf(folder)).toBeNull();
    await writeFile(path.join(folder, '.git'), 'gitdir: /nowhere/at/all');
    expect(await commitOf(folder)).toBeNull();
  });
});
