import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildTarGz } from '@assay/archive/evil-archives';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { RunFolders } from './run-folder';
import { takeIn } from './submission-intake';

const BOOKSHOP = path.join(__dirname, '..', '..', '..', 'task-packs', 'django', 'bookshop');
const NOBODY = 65_534;

describe('taking a submission in', () => {
  let pack: TaskPack;
  let scratch: string;

  beforeAll(async () => {
    pack = await loadTaskPack(BOOKSHOP);
  });
  beforeEach(async () => {
    scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  async function archiveOf(...entries: Parameters<typeof buildTarGz>[0]): Promise<string> {
    const archive = path.join(scratch, 'submission.tar.gz');
    await writeFile(archive, await buildTarGz(entries));
    return archive;
  }

  it('makes files that nobody but the judge can write, whatever the archive says of modes and owners', async () => {
    const theirs = { uid: NOBODY, gid: NOBODY };
    const archivePath = await archiveOf(
      { name: 'manage.py', content: 'mine', mode: 0o4777, ...theirs },
      { name: 'shop/', type: 'directory', mode: 0o1777, ...theirs },
      { name: 'shop/settings.py', content: 'DEBUG = True', mode: 0o6666, ...theirs },
      { name: 'shop/deep/er.py', content: '', mode: 0o000, ...theirs },
    );
    const folders = new RunFolders(scratch, () => undefined);
    const before = process.umask(0);
    try {
      await folders.use(async (folder) => {
        const project = path.join(folder, 'project');
        await takeIn({ archivePath }, project, pack);
        const made = ['.', ...(await readdir(project, { recursive: true }))];
        expect(made).toContain(path.join('shop', 'deep', 'er.py'));
        for (const name of made) {
          const { mode, uid } = await stat(path.join(project, name));
          expect([name, (mode & 0o7777).toString(8), uid]).toEqual([
            name,
            name.endsWith('.py') ? '644' : '755',
            process.getuid?.(),
          ]);
        }
        // Nobody else so much as gets to it by its path.
        expect((await stat(folder)).mode & 0o7777).toBe(0o700);
        if (process.getuid?.() !== 0) return;
        await chmod(scratch, 0o755);
        // Not even where the way to it is open, as it is for the user that the sandbox runs as.
        for (const mode of [0o700, 0o755]) {
          await chmod(folder, mode);
          for (const target of ['shop/settings.py', 'shop/new.py', 'new.py', '../new.py']) {
            const attempt = spawnSync('/bin/sh', ['-c', 'echo x > "$1"', '-', path.join(project, target)], {
              uid: NOBODY,
              gid: NOBODY,
            });
            expect(attempt.status).not.toBe(0);
          }
        }
        expect(await readFile(path.join(project, 'shop', 'settings.py'), 'utf8')).toBe('DEBUG = True');
      });
    } finally {
      process.umask(before);
      await folders.close();
    }
  });

  it('tells which files are not as the starter has them', async () => {
    const target = path.join(scratch, 'project');
    const same = await takeIn({ folder: pack.starterFolder }, target, pack);
    expect(same.changed).toEqual([]);
    expect(same.files).toEqual(pack.starterFiles);

    const settings = await readFile(path.join(target, 'bookshop', 'settings.py'), 'utf8');
    await writeFile(path.join(target, 'bookshop', 'settings.py'), `${settings}\n`);
    await writeFile(path.join(target, 'bookshop', 'new.py'), '');
    await writeFile(path.join(target, 'manage.py'), 'mine');
    await rm(path.join(target, 'bookshop', 'urls.py'));
    const other = await takeIn({ folder: target }, path.join(scratch, 'other'), pack);
    expect(other.changed).toEqual(['bookshop/new.py', 'bookshop/settings.py']);
    // The task says that manage.py stays as it was.
    expect(await readFile(path.join(scratch, 'other', 'manage.py'))).toEqual(
      await readFile(path.join(pack.starterFolder, 'manage.py')),
    );
    expect(other.files.map((file) => file.path)).not.toContain('bookshop/urls.py');
  });
});
