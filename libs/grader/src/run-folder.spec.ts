import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InfrastructureFault } from './faults';
import { RunFolders } from './run-folder';
import { makeWorkRoot } from './work-root';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Number of a process that is dead. */
const dead = (): number => spawnSync('/bin/true').pid;

describe('run folders', () => {
  const problems: string[] = [];
  const folders = (place: string): RunFolders => new RunFolders(place, (line) => problems.push(line));
  afterEach(() => expect(problems).toEqual([]));

  it("are this user's alone, and gone with all that is in them when the grader has closed", async () => {
    const all = folders(root);
    const failing = all.use(async (folder) => {
      await mkdir(path.join(folder, 'deep'));
      await writeFile(path.join(folder, 'deep', 'file'), '');
      throw new Error('the run failed');
    });
    await expect(failing).rejects.toThrow('the run failed');
    const mode = await all.use(async (folder) => {
      expect(folder.startsWith(all.pattern.replace(/\*$/, ''))).toBe(true);
      return (await stat(folder)).mode & 0o7777;
    });
    expect(mode).toBe(0o700);
    await all.close();
    expect(await readdir(root)).toEqual([]);
  });

  it('of killed graders are removed', async () => {
    await mkdir(path.join(root, `assay-run-${dead()}-a`));
    await mkdir(path.join(root, 'other'));
    await folders(root).removeAbandoned();
    expect(await readdir(root)).toEqual(['other']);
  });

  it('that cannot be made are a fault of this machine', async () => {
    await expect(folders(path.join(root, 'missing')).use(async () => undefined)).rejects.toThrow(InfrastructureFault);
  });
});

describe('the folder for all grades of a process', () => {
  async function place(memory?: string): Promise<string> {
    const folder = await makeWorkRoot(memory);
    expect((await stat(folder)).mode & 0o7777).toBe(0o700);
    await rm(folder, { recursive: true });
    return path.dirname(folder);
  }

  it('is in memory where the machine has some, and else in the temporary folder', async () => {
    const memory = await statfs('/dev/shm').catch(() => null);
    const isRoomy = memory !== null && memory.bavail * memory.bsize > 2 ** 30 && process.availableMemory() > 2 ** 30;
    if (isRoomy) expect(await place()).toBe('/dev/shm');
    expect(await place('/proc')).toBe(os.tmpdir());
    expect(await place(path.join(root, 'missing'))).toBe(os.tmpdir());
  });

  it('of a killed process is removed by the next', async () => {
    const left = [path.join(root, `assay-work-${dead()}-a`), path.join(os.tmpdir(), `assay-work-${dead()}-b`)];
    for (const folder of left) await mkdir(folder);
    await place(root);
    expect(left.filter((folder) => existsSync(folder))).toEqual([]);
  });
});
