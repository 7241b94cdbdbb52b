import { readFile } from 'node:fs/promises';
import type { CgroupParents } from '../cgroup/find-cgroups';
import type { LayerStatus } from '../sandbox';

/** Row of `doctor` about cgroups, the same for every driver. @param why what stood in the way when there are none */
export function cgroupRow(parents: CgroupParents | null, why: string): LayerStatus {
  const controllers = Object.keys(parents?.folders ?? {}).join(', ');
  return {
    id: 'cgroup',
    title: 'Limits on all processes of a sandbox together (cgroup)',
    ok: parents !== null,
    required: false,
    version: parents && `v${parents.version}`,
    detail: parents ? `Writable: ${controllers}.` : `${why}. Limits hold for each process only.`,
    remedy: parents
      ? null
      : 'Run the worker as root, or as a systemd service with Delegate=yes, or in a container with a writable /sys/fs/cgroup.',
  };
}

/** What most likely keeps a process from making namespaces on this machine. */
export async function namespaceRemedy(): Promise<string> {
  const setting = async (name: string): Promise<string> => (await readFile(`/proc/sys/${name}`, 'utf8').catch(() => '')).trim();
  if ((await setting('kernel/unprivileged_userns_clone')) === '0')
    return 'Run: sudo sysctl -w kernel.unprivileged_userns_clone=1';
  if ((await setting('kernel/apparmor_restrict_unprivileged_userns')) === '1') {
    return 'Run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (or give bwrap an AppArmor profile with the userns rule)';
  }
  if ((await setting('user/max_user_namespaces')) === '0') return 'Run: sudo sysctl -w user.max_user_namespaces=15000';
  return 'In a container: start it with --security-opt seccomp=docker/worker-seccomp.json --security-opt apparmor=unconfined (docs/DEPLOYMENT.md), on a host that allows user namespaces.';
}
