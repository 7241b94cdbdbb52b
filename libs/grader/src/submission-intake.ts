import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ArchiveError } from '@assay/archive/archive-error';
import { SUBMISSION_LIMITS } from '@assay/archive/archive-limits';
import { byPath, type HashedFile } from '@assay/archive/content-hash';
import { intakeFolder, unpackArchive } from '@assay/archive/submission-archive';
import { matchesAny } from '@assay/task-pack/glob';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { InfrastructureFault, SubmissionFault } from './faults';

/** Where a submission comes from: an archive on disk or a plain folder. */
export type SubmissionSource = { readonly archivePath: string } | { readonly folder: string };

export interface TakenIn {
  /** sha256 (hex) of what was handed in, before the task's own files were put in place. */
  readonly contentHash: string;
  /** Every file of the project as it will run, sorted by path. */
  readonly files: readonly HashedFile[];
  /** Those of them that are not byte for byte the starter's, sorted. */
  readonly changed: readonly string[];
}

/** Faults that lie in the judge's machine and not in what was handed in. */
const OUR_CODES = new Set(['source-unreadable', 'target-exists', 'changed-while-reading']);

/**
 * Unpacks a submission into `target` (must not exist) under the rules for archives, then lays the starter's read-only and hidden files
 * over it. Throws {@link SubmissionFault} or {@link InfrastructureFault}.
 */
export async function takeIn(source: SubmissionSource, target: string, pack: TaskPack): Promise<TakenIn> {
  const survey = await unpack(source, target);
  const own = survey.files.map(({ path: file, sha256 }) => ({ path: file, sha256 }));
  if (!own.some((file) => file.path === 'manage.py')) {
    throw new SubmissionFault('ungradable', {
      code: 'no-manage-py',
      messageForCandidate:
        'There is no manage.py at the top of your archive. Archive the project folder itself, the one that holds manage.py.',
      messageForReviewer: `No manage.py at the top; the first files are: ${own
        .slice(0, 5)
        .map((file) => file.path)
        .join(', ')}`,
      log: '',
    });
  }
  const handedIn = new Map(own.map((file) => [file.path, file.sha256]));
  const restored = pack.starterFiles.filter((file) => isProtected(pack, file.path));
  for (const file of restored) {
    if (handedIn.get(file.path) !== file.sha256) await restore(pack.starterFolder, target, file.path, own);
  }
  const replaced = new Set(restored.map((file) => file.path));
  const files = [...own.filter((file) => !replaced.has(file.path) && !isUnderOne(file.path, replaced)), ...restored];
  const ofStarter = new Map(pack.starterFiles.map((file) => [file.path, file.sha256]));
  const changed = files.filter((file) => ofStarter.get(file.path) !== file.sha256).map((file) => file.path);
  return { contentHash: survey.contentHash, files: files.sort(byPath), changed: changed.sort() };
}

/** sha256 (hex) of the archive as it lies on disk; null for a folder, and for what cannot be read. */
export async function hashArchive(source: SubmissionSource): Promise<string | null> {
  const bytes = 'archivePath' in source ? await readFile(source.archivePath).catch(() => null) : null;
  return bytes && createHash('sha256').update(bytes).digest('hex');
}

async function unpack(source: SubmissionSource, target: string) {
  try {
    return 'archivePath' in source
      ? await unpackArchive(source.archivePath, target, SUBMISSION_LIMITS)
      : await intakeFolder(source.folder, target, SUBMISSION_LIMITS);
  } catch (error) {
    if (!(error instanceof ArchiveError))
      throw new InfrastructureFault('disk-failed', error instanceof Error ? error.message : String(error));
    if (OUR_CODES.has(error.code)) throw new InfrastructureFault(error.code, error.message);
    throw new SubmissionFault('ungradable', {
      code: error.code,
      messageForCandidate: error.message,
      messageForReviewer: error.message,
      log: '',
    });
  }
}

function isProtected(pack: TaskPack, file: string): boolean {
  const { editable, readOnly, hidden } = pack.definition.files;
  return !matchesAny(editable, file) || matchesAny(readOnly, file) || matchesAny(hidden, file);
}

/** Puts one file of the starter in place; what was handed in under that path, or as a file where it needs a folder, gives way. */
async function restore(starter: string, target: string, file: string, own: readonly HashedFile[]): Promise<void> {
  for (const other of own) {
    if (file.startsWith(`${other.path}/`)) await rm(path.join(target, other.path), { force: true });
  }
  const location = path.join(target, file);
  await rm(location, { recursive: true, force: true });
  await mkdir(path.dirname(location), { recursive: true, mode: 0o755 });
  await copyFile(path.join(starter, file), location);
  await chmod(location, 0o644);
}

/** Whether one of the paths is a file where `file` would need a folder, or the other way round. */
function isUnderOne(file: string, paths: ReadonlySet<string>): boolean {
  for (const other of paths) if (file.startsWith(`${other}/`) || other.startsWith(`${file}/`)) return true;
  return false;
}
