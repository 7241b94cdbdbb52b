import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { listFiles } from '@assay/task-pack/folder-hash';
import { matchesAny } from '@assay/task-pack/glob';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { type SubmissionSource, type TakenIn, takeIn } from '../submission-intake';

/** Where the visible checks are in a candidate's project, as in the archive of the starter. */
export const CHECKS_FOLDER = 'visible-checks';

/**
 * Unpacks a project for practice: as for a grade, but without the files of the starter that candidates never see, and with the pack's
 * own visible checks in the place of whatever came as such. Throws `SubmissionFault` or `InfrastructureFault`.
 *
 * @param target must not exist
 * @returns what was taken in without what came as checks, and how many files of checks there are
 */
export async function takeInForPractice(
  source: SubmissionSource,
  target: string,
  pack: TaskPack,
): Promise<{ taken: TakenIn; checkFiles: number }> {
  const { hidden } = pack.definition.files;
  const seen = { ...pack, starterFiles: pack.starterFiles.filter((file) => !matchesAny(hidden, file.path)) };
  const taken = await takeIn(source, target, seen);
  const checks = await listFiles(pack.visibleChecksFolder).catch(() => []);
  await rm(path.join(target, CHECKS_FOLDER), { recursive: true, force: true });
  for (const file of checks) {
    const location = path.join(target, CHECKS_FOLDER, file);
    await mkdir(path.dirname(location), { recursive: true, mode: 0o755 });
    await copyFile(path.join(pack.visibleChecksFolder, file), location);
    await chmod(location, 0o644);
  }
  const isCheck = (file: string): boolean => file === CHECKS_FOLDER || file.startsWith(`${CHECKS_FOLDER}/`);
  return {
    taken: {
      ...taken,
      files: taken.files.filter((file) => !isCheck(file.path)),
      changed: taken.changed.filter((file) => !isCheck(file)),
    },
    checkFiles: checks.length,
  };
}
