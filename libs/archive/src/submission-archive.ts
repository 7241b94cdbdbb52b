import type { EntrySource } from './archive-entry';
import type { ArchiveLimits } from './archive-limits';
import { folderEntries } from './folder-entries';
import { type ArchiveKind, type ArchiveSource, detectKind, readSource } from './read-source';
import { rememberEntries } from './remembered-entries';
import { type Survey, survey } from './survey';
import { tarGzEntries } from './tar-gz-entries';
import { writeTree } from './write-tree';
import { zipEntries } from './zip-entries';

/** Up to here, what was surveyed is kept in memory until it is written. */
const REMEMBERED_BYTES = 4 * 1024 * 1024;

export interface InspectedArchive extends Survey {
  readonly kind: ArchiveKind;
}

/**
 * Applies every rule to an archive and says what it holds, writing nothing. A stream is read to its end or to the size limit.
 * @throws ArchiveError
 */
export async function inspectArchive(source: ArchiveSource, limits: ArchiveLimits): Promise<InspectedArchive> {
  const archive = await readSource(source, limits);
  const { kind, entries } = openArchive(archive, limits);
  return { kind, ...(await survey(entries, limits, archive.length)) };
}

/**
 * Unpacks an archive into `targetDir`, which must not exist yet. Nothing is written unless every rule holds for all of it.
 * @throws ArchiveError
 */
export async function unpackArchive(source: ArchiveSource, targetDir: string, limits: ArchiveLimits): Promise<InspectedArchive> {
  const archive = await readSource(source, limits);
  const { kind, entries: all } = openArchive(archive, limits);
  const entries = rememberEntries(all, REMEMBERED_BYTES);
  const plan = await survey(entries, limits, archive.length);
  await writeTree(entries, plan, targetDir, limits, archive.length);
  return { kind, ...plan };
}

/**
 * Copies a local folder into `targetDir`, which must not exist yet, under the rules for archives.
 * @throws ArchiveError
 */
export async function intakeFolder(folder: string, targetDir: string, limits: ArchiveLimits): Promise<Survey> {
  const entries = rememberEntries(() => folderEntries(folder), REMEMBERED_BYTES);
  const plan = await survey(entries, limits, null);
  await writeTree(entries, plan, targetDir, limits, null);
  return plan;
}

function openArchive(archive: Buffer, limits: ArchiveLimits): { kind: ArchiveKind; entries: EntrySource } {
  const kind = detectKind(archive);
  const read = kind === 'zip' ? zipEntries : tarGzEntries;
  return { kind, entries: () => read(archive, limits) };
}
