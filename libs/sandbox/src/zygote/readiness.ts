import { type CgroupParents, findCgroups } from '../cgroup/find-cgroups';
import type { LayerStatus } from '../sandbox';

/** What a start needs to know about this machine. */
export interface ZygoteReadiness {
  readonly cgroups: CgroupParents | null;
}

export async function examineMachine(): Promise<{ rows: LayerStatus[]; readiness: ZygoteReadiness | null }> {
  return { rows: [], readiness: { cgroups: (await findCgroups()).parents } };
}

export async function requireReadiness(): Promise<ZygoteReadiness> {
  const { readiness } = await examineMachine();
  if (!readiness) throw new Error('x');
  return readiness;
}
