import path from 'node:path';
import {
  type Entry,
  environmentOf,
  type LaunchBind,
  type LaunchSpec,
  processLimit,
  projectBinds,
  type ResourceLimits,
  resourceLimits,
  SEMAPHORE_BYTES,
  type TemporaryPlan,
  temporaryPlan,
} from '../bubblewrap/launch-plan';
import type { SandboxLayer } from '../sandbox';

/** What a fork of a zygote reads before it locks itself in (`assets/lock_in.py`). Paths are relative to the judge's work folder. */
export interface RunPlan extends Entry {
  readonly projectDir: string;
  readonly workDir: string;
  readonly folders: readonly LaunchBind[];
  readonly temporary: TemporaryPlan;
  readonly limits: ResourceLimits;
  readonly processes: number | null;
  /** Bytes of `/dev/shm`; null for none. */
  readonly semaphores: number | null;
  /** User to become; null for an ordinary user, who stays. */
  readonly user: number | null;
  readonly environment: Readonly<Record<string, string>>;
}

export interface RunInputs {
  readonly workRoot: string;
  readonly user: number | null;
  readonly without: ReadonlySet<SandboxLayer>;
  readonly sharedTemporary: string | null;
  /** What a Python needs that is not in the runtime's own root. */
  readonly environment: Readonly<Record<string, string>>;
}

/** @throws TypeError when a folder is not below `workRoot` */
export function planRun(spec: LaunchSpec, inputs: RunInputs): RunPlan {
  const { workRoot, without } = inputs;
  const below = (field: string, folder: string): string => relativeTo(workRoot, field, folder);
  if (spec.databaseSocketDir) below('databaseSocketDir', spec.databaseSocketDir);
  if (spec.redisSocketDir) below('redisSocketDir', spec.redisSocketDir);
  if (spec.monitoringSocketDir) below('monitoringSocketDir', spec.monitoringSocketDir);
  if (spec.trustedDir) below('trustedDir', spec.trustedDir);
  return {
    projectDir: below('projectDir', spec.projectDir),
    workDir: below('workDir', spec.workDir),
    folders: projectBinds(spec, without).map((bind) => ({ ...bind, source: path.relative(workRoot, bind.source) })),
    temporary: temporaryPlan(spec.limits, without, inputs.sharedTemporary && below('the shared /tmp', inputs.sharedTemporary)),
    limits: resourceLimits(spec.limits, without),
    processes: processLimit(spec.limits, without),
    semaphores: spec.semaphores ? SEMAPHORE_BYTES : null,
    user: without.has('privileges') ? null : inputs.user,
    environment: { ...inputs.environment, PWD: '/app', ...environmentOf(spec) },
    ...spec.entry,
  };
}

function relativeTo(workRoot: string, field: string, folder: string): string {
  const relative = path.relative(workRoot, folder);
  if (relative === '' || relative === '..' || relative.startsWith(`..${path.sep}`))
    throw new TypeError(`${field} must lie below the driver's workRoot, ${workRoot}: ${folder}`);
  return relative;
}
