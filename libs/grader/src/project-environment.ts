import { sha256 } from '@assay/task-pack/folder-hash';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { MONITORING_ENVIRONMENT } from './check-kinds/monitoring-place';

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
    ...(pack.definition.services.monitoring && MONITORING_ENVIRONMENT),
    DJANGO_SECRET_KEY: secretKeyOf(pack, contentHash),
    // Sets keep one order from run to run.
    PYTHONHASHSEED: '0',
  };
}

/** The `DJANGO_SECRET_KEY` of a submission. */
export function secretKeyOf(pack: TaskPack, contentHash: string): string {
  return sha256(`assay ${pack.contentHash} ${contentHash}`);
}
