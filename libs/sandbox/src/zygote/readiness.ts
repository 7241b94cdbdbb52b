import os from 'node:os';
import { type CgroupParents, findCgroups } from '../cgroup/find-cgroups';
import { cgroupRow, namespaceRemedy } from '../layers/rows';
import { findPython, PYTHON_REMEDY } from '../runtime/find-python';
import { type LayerStatus, SandboxUnavailable } from '../sandbox';
import { tryZygote } from './trial';

/** What a start needs to know about this machine. */
export interface ZygoteReadiness {
  readonly cgroups: CgroupParents | null;
}

/** Tries every layer. `readiness` is null when a required one is missing. */
export async function examineMachine(): Promise<{ rows: LayerStatus[]; readiness: ZygoteReadiness | null }> {
  const rows = await triedRows();
  const { parents, why } = await findCgroups();
  const isReady = rows.every(({ ok, required }) => ok || !required);
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
  const python = await findPython().catch((error: unknown) => String(error));
  if (typeof python === 'string')
    return [namespacesRow({ ok: false, detail: python, remedy: PYTHON_REMEDY }), filterRow(UNTRIED), nestingRow(false)];
  const trial = await tryZygote(python.executable, new Set());
  const nesting = nestingRow(trial.isNestingClosed);
  if (trial.failure === null) return [namespacesRow(MADE), filterRow(ACCEPTED), nesting];
  const unfiltered = await tryZygote(python.executable, new Set(['seccomp']));
  if (unfiltered.failure !== null) {
    const detail = unfiltered.failure;
    return [namespacesRow({ ok: false, detail, remedy: await namespaceRemedy() }), filterRow(UNTRIED), nesting];
  }
  const remedy = 'Use a kernel with CONFIG_SECCOMP_FILTER on x86-64 or arm64.';
  return [namespacesRow(MADE), filterRow({ ok: false, detail: trial.failure, remedy }), nestingRow(unfiltered.isNestingClosed)];
}

type Found = Pick<LayerStatus, 'ok' | 'detail' | 'remedy'>;
const MADE: Found = { ok: true, detail: 'A sandbox was made.', remedy: null };
const ACCEPTED: Found = { ok: true, detail: 'The filter was accepted.', remedy: null };
const UNTRIED: Found = { ok: false, detail: 'Could not be tried without namespaces.', remedy: null };

function namespacesRow(found: Found): LayerStatus {
  const title = 'Zygote: namespaces, mounts and users of a sandbox';
  return { id: 'zygote-namespaces', title, required: true, version: os.release(), ...found };
}

function filterRow(found: Found): LayerStatus {
  const title = 'Zygote: system call filter (seccomp)';
  return { id: 'zygote-seccomp', title, required: true, version: process.arch, ...found };
}

function nestingRow(ok: boolean): LayerStatus {
  return {
    id: 'zygote-nested-namespaces',
    title: 'Zygote: user namespaces inside a sandbox closed by sysctl',
    ok,
    required: false,
    version: null,
    detail: ok ? 'Closed twice: by sysctl and by the filter.' : 'Closed by the system call filter only.',
    remedy: ok ? null : 'In a container: make /proc/sys writable (--security-opt systempaths=unconfined).',
  };
}
