import type { WarmStart } from '@assay/sandbox/sandbox';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { projectEnvironment } from './project-environment';
import { REDIS_ENVIRONMENT } from './submission-redis';

/** Stands for what every grade has of its own, in the form that it has there. */
const NOBODY = 'sub_0000000000000000';
const DATABASE = { PGHOST: '/run/postgresql', PGPORT: '5432', PGUSER: NOBODY, PGPASSWORD: '0'.repeat(48), PGDATABASE: NOBODY };

/** By what a driver gets ready for submissions whose settings modules are those of the pack's starter. */
export function warmStartOf(pack: TaskPack): WarmStart {
  return {
    key: pack.contentHash,
    starterDir: pack.starterFolder,
    settings: pack.definition.framework.settings,
    environment: projectEnvironment(pack, { ...DATABASE, ...(pack.definition.services.redis && REDIS_ENVIRONMENT) }, 'starter'),
  };
}
