import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { pack as createTar } from 'tar-stream';
import { listFiles } from './folder-hash';
import { matchesAny } from './glob';
import type { TaskPack } from './load-task-pack';

/**
 * What the candidate downloads, as tar.gz: the starter, the visible checks below `visible-checks/` and the statement as `TASK.md`.
 * The same pack gives the same bytes: sorted names, time 0, no owner. Files that the pack calls hidden are left out.
 */
export async function buildStarterArchive(pack: TaskPack): Promise<Buffer> {
  const hidden = pack.definition.files.hidden;
  const entries = new Map<string, string | Buffer>([['TASK.md', pack.prompt]]);
  for (const file of await listFiles(pack.starterFolder)) {
    if (!matchesAny(hidden, file)) entries.set(file, await readFile(path.join(pack.starterFolder, file)));
  }
  for (const file of await listFiles(pack.visibleChecksFolder).catch(() => [])) {
    entries.set(`visible-checks/${file}`, await readFile(path.join(pack.visibleChecksFolder, file)));
  }
  const tar = createTar();
  for (const [name, content] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    tar.entry(
      { name: `${pack.slug}/${name}`, mtime: new Date(0), mode: name === 'manage.py' ? 0o755 : 0o644, uid: 0, gid: 0 },
      content,
    );
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  const collect = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await pipeline(tar, createGzip({ level: constants.Z_BEST_COMPRESSION }), collect);
  return Buffer.concat(chunks);
}
