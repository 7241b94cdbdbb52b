import { createHash } from 'node:crypto';
import { Admission } from './admission';
import type { ArchiveEntry, EntrySource } from './archive-entry';
import { ArchiveError } from './archive-error';
import type { ArchiveLimits } from './archive-limits';
import { byPath, hashContent } from './content-hash';

export interface SurveyedFile {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Of the file's bytes, in lower-case hex. */
  readonly sha256: string;
}

/** What an archive or folder holds once every rule was applied to all of it. */
export interface Survey {
  /** In the order of their paths. */
  readonly files: readonly SurveyedFile[];
  /** Folders that were named, in the order of their paths; those implied by a file's path need not be here. */
  readonly folders: readonly string[];
  readonly totalBytes: number;
  /** Name of the single top folder that held the project and was taken off every path, else null. */
  readonly root: string | null;
  /** Identity of the content, see `hashContent`. */
  readonly contentHash: string;
}

/** One entry that passed every rule; `path` is relative to the project. */
export interface AcceptedEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly entry: ArchiveEntry;
}

/**
 * Reads all of a source once, to the first breach of a rule, and writes nothing.
 * @param sourceBytes size of the compressed archive; null for a folder
 * @throws ArchiveError
 */
export async function survey(source: EntrySource, limits: ArchiveLimits, sourceBytes: number | null): Promise<Survey> {
  const files: SurveyedFile[] = [];
  const folders: string[] = [];
  let totalBytes = 0;
  for await (const { path, kind, entry } of accepted(source, limits, sourceBytes, null)) {
    if (kind === 'folder') {
      folders.push(path);
      continue;
    }
    const hash = createHash('sha256');
    for await (const chunk of entry.content()) hash.update(chunk);
    files.push({ path, bytes: entry.bytes, sha256: hash.digest('hex') });
    totalBytes += entry.bytes;
  }
  if (files.length === 0) {
    throw new ArchiveError('archive-empty', 'There are no files in it. Send the project folder, with manage.py at its top.');
  }
  const root = findRoot(files, folders);
  const projectFiles = files.map((file) => ({ ...file, path: withoutRoot(file.path, root) })).sort(byPath);
  const projectFolders = folders.map((path) => withoutRoot(path, root)).filter((path) => path !== '');
  return { files: projectFiles, folders: projectFolders.sort(), totalBytes, root, contentHash: hashContent(projectFiles) };
}

/** The entries that pass, one by one, with `root` taken off their paths; the root folder itself is left out. */
export async function* accepted(
  source: EntrySource,
  limits: ArchiveLimits,
  sourceBytes: number | null,
  root: string | null,
): AsyncGenerator<AcceptedEntry> {
  const admission = new Admission(limits, sourceBytes);
  for await (const entry of source()) {
    const admitted = admission.admit(entry);
    if (admitted === null) continue;
    const path = withoutRoot(admitted.path, root);
    if (path !== '') yield { path, kind: admitted.kind, entry };
  }
}

function findRoot(files: readonly SurveyedFile[], folders: readonly string[]): string | null {
  const tops = new Set([...files.map((file) => file.path), ...folders].map((path) => path.split('/', 1)[0]));
  const [top] = tops;
  return tops.size === 1 && files.some((file) => file.path === `${top}/manage.py`) ? (top ?? null) : null;
}

function withoutRoot(path: string, root: string | null): string {
  if (root === null) return path;
  return path === root ? '' : path.slice(root.length + 1);
}
