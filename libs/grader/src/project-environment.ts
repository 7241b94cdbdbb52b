import { sha256 } from '@assay/task-pack/folder-hash';
import type { TaskPack } from '@assay/task-pack/load-task-pack';

/**
 * The environment that a project sees. The same submission gets the same secret key in every grade.
 *
 * @param services by what it reaches its database and whatever else the grade gives it
 * @param contentHash identity of the submission
 */
export function projectEnvironment(
  pack: TaskPack,
  services: Readonly<Record<string, string>>,
  contentHash: string,
): Readonly<Record<string, string>> {
  return {
    ...pack.definition.environment,
    ...services,
    DJANGO_SECRET_KEY: sha256(`assay ${pack.contentHash} ${contentHash}`),
    // Sets keep one order from run to run.
    PYTHONHASHSEED: '0',
  };
}
