import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InfrastructureFault } from './faults';
import { RunFolders } from './run-folder';

describe('run folders', () => {
  const problems: string[] = [];
  const folders = (root: string | null, memory?: string): RunFolders =>
    new RunFolders(root, (line) => problems.push(line), memory);
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
    expect(problems).toEqual([]);
  });

  it("are this user's alone, and gone with all that is in them when the grader has closed", async () => {
    const all = folders(root);
    const failing = all.use(async (folder) => {
      await mkdir(path.join(folder, 'deep'));
      await writeFile(path.join(folder, 'deep', 'file'), '');
      throw new Error('the run failed');
    });
    await expect(failing).rejects.toThrow('the run failed');
    const mode = await all.use(async (folder) => (await stat(folder)).mode & 0o7777);
    expect(mode).toBe(0o700);
    await all.close();
    expect(await readdir(root)).toEqual([]);
  });

  it('are in memory where the machine has some, and else in the temporary folder', async () => {
    const place = async (all: RunFolders): Promise<string> => {
      const folder = await all.use(async (made) => made);
      await all.close();
      expect(existsSync(folder)).toBe(false);
      return path.dirname(folder);
    };
    const memory = await statfs('/dev/shm').catch(() => null);
    const isRoomy = memory !== null && memory.bavail * memory.bsize > 2 ** 30 && process.availableMemory() > 2 ** 30;
    if (isRoomy) expect(await place(folders(null))).toBe('/dev/shm');
    expect(await place(folders(null, '/proc'))).toBe(os.tmpdir());
    expect(await place(folders(null, path.join(root, 'missing')))).toBe(os.tmpdir());
    expect(await place(folders(root))).toBe(root);
  });

  it('of killed graders are removed wherever they were', async () => {
    const { pid } = spawnSync('/bin/true');
    const left = [path.join(root, `assay-run-${pid}-a`), path.join(os.tmpdir(), `assay-run-${pid}-b`)];
    for (const folder of left) await mkdir(folder);
    await folders(null, root).removeAbandoned();
    expect(left.filter((folder) => existsSync(folder))).toEqual([]);
    await folders(null, path.join(root, 'missing')).removeAbandoned();
  });

  it('that cannot be made are a fault of this machine', async () => {
    await expect(folders(path.join(root, 'missing')).use(async () => undefined)).rejects.toThrow(InfrastructureFault);
  });
});
