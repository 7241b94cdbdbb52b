import { ArchiveError } from '@assay/archive/archive-error';
import { SUBMISSION_LIMITS } from '@assay/archive/archive-limits';
import { type InspectedArchive, inspectArchive } from '@assay/archive/submission-archive';
import { Problem } from '../http/problem';

/** What an uploaded archive holds. @throws Problem `archive-refused` naming the entry that is wrong */
export async function inspectUpload(archive: Buffer): Promise<InspectedArchive> {
  try {
    return await inspectArchive(archive, SUBMISSION_LIMITS);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new Problem('archive-refused', error.message, [{ path: error.entry ?? 'archive', message: error.code }]);
  }
}
