import os from 'node:os';
import { type CgroupParents, findCgroups } from '../cgroup/find-cgroups';
import { cgroupRow, namespaceRemedy } from '../layers/rows';
import { type BasePython, findPython, PYTHON_REMEDY } from '../runtime/find-python';
import { type LayerStatus, SandboxUnavailable } from '../sandbox';
import { tryZygote } from './trial';

/** What a start needs to know about this machine. */
export interface ZygoteReadiness {
  readonly cgroups: CgroupParents | null;
}

const TITLES = {
  namespaces: 'Zygote: namespaces, mounts and users of a sandbox',
  filter: 'Zygote: system call filter (seccomp)',
} as const;

/** Tries every layer. `readiness` is null when a required one is missing. */
export async function examineMachine(): Promise<{ rows: LayerStatus[]; readiness: ZygoteReadiness | null }> {
  const rows = await triedRows();
  const { parents, why } = await findCgroups();
  const isReady = rows.every(({ ok }) => ok);
  return { rows: [...rows, cgroupRow(parents, why)], readiness: isReady ? { cgroups: parents } : null };
}

/** @throws SandboxUnavailable naming the first required layer that is missing */
export async function requireReadiness(): Promise<ZygoteReadiness> {
  const { rows, readiness } = await examineMachine();
  const missing = rows.find((row) => row.required && !row.ok);
  if (missing) throw new SandboxUnavailable(missing);
  if (!readiness) throw new Error('Every layer of the sandbox is there, but it is not ready. This is a bug.');
  return readiness;
}

async function triedRows(): Promise<LayerStatus[]> {
  const namespaces = { id: 'zygote-namespaces', title: TITLES.namespaces, required: true, version: os.release() };
  const filter = { id: 'zygote-seccomp', title: TITLES.filter, required: true, version: process.arch };
  const untried = { ok: false, detail: 'Could not be tried without namespaces.', remedy: null };
  const python = await findPython().catch((error: unknown) => String(error));
  if (typeof python === 'string')
    return [
      { ...namespaces, ok: false, detail: python, remedy: PYTHON_REMEDY },
      { ...filter, ...untried },
    ];
  const failure = await tried(python, []);
  if (failure === null)
    return [
      { ...namespaces, ok: true, detail: 'A sandbox was made.', remedy: null },
      { ...filter, ok: true, detail: 'The filter was accepted.', remedy: null },
    ];
  const withoutFilter = await tried(python, ['seccomp']);
  if (withoutFilter !== null)
    return [
      { ...namespaces, ok: false, detail: withoutFilter, remedy: await namespaceRemedy() },
      { ...filter, ...untried },
    ];
  return [
    { ...namespaces, ok: true, detail: 'A sandbox was made.', remedy: null },
    { ...filter, ok: false, detail: failure, remedy: 'Use a kernel with CONFIG_SECCOMP_FILTER on x86-64 or arm64.' },
  ];
}

function tried(python: BasePython, without: readonly 'seccomp'[]): Promise<string | null> {
  return tryZygote(python.executable, new Set(without));
}
