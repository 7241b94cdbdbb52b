import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveEntry, EntryKind } from './archive-entry';
import { ArchiveError, quoteName } from './archive-error';
import { isJunk } from './entry-path';

const PIECE_BYTES = 64 * 1024;

/**
 * What stands in a local folder, in the order of names, without following links. Junk folders are passed over unread: a working
 * copy may well hold a virtual environment.
 * @throws ArchiveError
 */
export async function* folderEntries(folder: string): AsyncGenerator<ArchiveEntry> {
  const top = await lstat(folder).catch((cause: unknown) => {
    throw new ArchiveError('source-unreadable', `Cannot open ${folder}. Check the path and its permissions.`, undefined, {
      cause,
    });
  });
  if (!top.isDirectory())
    throw new ArchiveError('source-unreadable', `${folder} is not a folder. Give the path of the project folder.`);
  yield* below(folder, '');
}

async function* below(folder: string, prefix: string): AsyncGenerator<ArchiveEntry> {
  const children = await readdir(folder, { withFileTypes: true });
  for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = prefix + child.name;
    const path = join(folder, child.name);
    if (isJunk([child.name])) continue;
    const kind = kindOf(child);
    const bytes = kind === 'file' ? (await lstat(path)).size : 0;
    yield { name, kind, bytes, content: () => readRegularFile(path, name, bytes) };
    if (kind === 'folder') yield* below(path, `${name}/`);
  }
}

async function* readRegularFile(path: string, name: string, bytes: number): AsyncGenerator<Buffer> {
  // Without O_NONBLOCK, a file that was swapped for a FIFO would hold the opening forever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const now = await handle.stat();
    if (!now.isFile() || now.size !== bytes) throw changedWhileReading(name);
    let read = 0;
    // One byte more than there should be, to notice when there is more.
    const piece = Buffer.allocUnsafe(Math.min(bytes + 1, PIECE_BYTES));
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, piece.length);
      if (bytesRead === 0) break;
      read += bytesRead;
      if (read > bytes) throw changedWhileReading(name);
      yield Buffer.from(piece.subarray(0, bytesRead));
    }
    if (read < bytes) throw changedWhileReading(name);
  } finally {
    await handle.close();
  }
}

/** The source was written to between two looks at it. */
export function changedWhileReading(name: string): ArchiveError {
  const message = `${quoteName(name)} changed while it was read. Stop what writes to it and try again.`;
  return new ArchiveError('changed-while-reading', message, quoteName(name));
}

function kindOf(child: Dirent): EntryKind {
  if (child.isFile()) return 'file';
  if (child.isDirectory()) return 'folder';
  return child.isSymbolicLink() ? 'link' : 'special';
}
