import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ownedName, removeAbandoned } from './abandoned-folders';

describe('folders that killed processes left', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('are removed with all that belongs to them; those of the living and of others stay', async () => {
    const { pid: dead } = spawnSync('/bin/true');
    await mkdir(path.join(root, `x-${dead}-abc`, 'deep'), { recursive: true });
    await writeFile(path.join(root, `x-${dead}-abc.log`), '');
    const kept = [`${ownedName('x')}abc`, `x-${process.ppid}-abc`, `y-${dead}-abc`, `x-abc`, 'other'].sort();
    for (const name of kept) await mkdir(path.join(root, name));
    await removeAbandoned(root, 'x');
    expect((await readdir(root)).sort()).toEqual(kept);
  });
});
