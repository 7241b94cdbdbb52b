import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openWorkFolder } from './work-folder';

it('is private, and takes away what a killed worker has left and nothing else', async () => {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'assay-spec-'));
  try {
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    for (const name of [`assay-w${dead}-a`, `assay-w${process.pid}-b`, `assay-w${dead}`, 'other'])
      mkdirSync(path.join(parent, name));
    const folder = await openWorkFolder(parent);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const names = [path.basename(folder), `assay-w${process.pid}-b`, `assay-w${dead}`, 'other'];
    expect(readdirSync(parent).sort()).toEqual(names.sort());
  } finally {
    rmSync(parent, { recursive: true });
  }
});
