import { readFile, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BubblewrapDriver } from './bubblewrap';
import { findRuntime } from './runtime';
import { findPython, PYTHON_REMEDY } from './runtime/find-python';
import type { LayerStatus, SandboxDriver } from './sandbox';
import { ZygoteDriver } from './zygote';

const GIB = 1024 ** 3;
/** A runtime takes 0.5 GiB, while it is built twice that. */
const LEAST_FREE_BYTES = 2 * GIB;

export interface ProbeOptions {
  /** Assay's home, as handed to `prepareRuntime`. */
  readonly home: string;
  /** By preference; absent: every driver that there is. */
  readonly drivers?: readonly SandboxDriver[];
}

/**
 * Everything that grading needs of this machine, one row each, for `doctor`. Changes nothing and never throws. One driver that works is
 * enough: the layers of the others are then not required.
 */
export async function probeGrading({ home, drivers = everyDriver() }: ProbeOptions): Promise<LayerStatus[]> {
  const probed = await Promise.all(drivers.map(async (driver) => ({ name: driver.name, rows: await driver.probe() })));
  const works = (rows: readonly LayerStatus[]): boolean => rows.every((row) => row.ok || !row.required);
  const working = probed.filter(({ rows }) => works(rows)).map(({ name }) => name);
  const layers = new Map<string, LayerStatus>();
  for (const { rows } of probed) {
    const isNeeded = working.length === 0 || works(rows);
    for (const row of rows) if (!layers.has(row.id)) layers.set(row.id, { ...row, required: row.required && isNeeded });
  }
  const python = await pythonRow();
  const rest = [python, await runtimeRow(home, python), await tmpfsRow(), await diskRow(home)];
  return [driverRow(working), ...layers.values(), ...rest];
}

function everyDriver(): SandboxDriver[] {
  return [new ZygoteDriver({ workRoot: os.tmpdir() }), new BubblewrapDriver()];
}

function driverRow(working: readonly string[]): LayerStatus {
  const [chosen, ...others] = working;
  const fallback = others.length > 0 ? ` Also there: ${others.join(', ')}.` : '';
  return {
    id: 'sandbox-driver',
    title: 'Sandbox driver',
    ok: chosen !== undefined,
    required: true,
    version: chosen ?? null,
    detail: chosen ? `Submissions run with ${chosen}.${fallback}` : 'No driver has all that it needs; see below.',
    remedy: null,
  };
}

async function pythonRow(): Promise<LayerStatus> {
  const base = { id: 'python', title: 'Python for grading', required: true };
  try {
    const python = await findPython();
    return { ...base, ok: true, version: python.version, detail: python.executable, remedy: null };
  } catch (error) {
    return { ...base, ok: false, version: null, detail: messageOf(error), remedy: PYTHON_REMEDY };
  }
}

async function runtimeRow(home: string, python: LayerStatus): Promise<LayerStatus> {
  const base = { id: 'python-runtime', title: 'Locked Python packages and sandbox root', required: true };
  const remedy = python.ok ? 'Run: npm start (it builds the runtime, about a minute)' : python.remedy;
  const runtime = python.ok ? await findRuntime({ home }).catch(() => null) : null;
  if (!runtime) return { ...base, ok: false, version: null, detail: `Not built yet in ${home}.`, remedy };
  return { ...base, ok: true, version: runtime.lockHash.slice(0, 12), detail: runtime.directory, remedy: null };
}

async function tmpfsRow(): Promise<LayerStatus> {
  const known = await readFile('/proc/filesystems', 'utf8').catch(() => '');
  const ok = /\btmpfs\b/.test(known);
  return {
    id: 'tmpfs',
    title: 'Files in memory (tmpfs) for /tmp of a sandbox',
    ok,
    required: true,
    version: null,
    detail: ok ? 'The kernel has it.' : 'The kernel does not have it.',
    remedy: ok ? null : 'Use a kernel with CONFIG_TMPFS.',
  };
}

async function diskRow(home: string): Promise<LayerStatus> {
  const base = { id: 'disk', title: 'Free disk for the runtime', required: true, version: null };
  const info = await statfsOfNearest(path.resolve(home));
  const free = info.bavail * info.bsize;
  const detail = `${(free / GIB).toFixed(1)} GiB free at ${home}.`;
  const ok = free >= LEAST_FREE_BYTES;
  return { ...base, ok, detail, remedy: ok ? null : 'Free 2 GiB there, or set ASSAY_HOME to a folder on another disk.' };
}

/** The folder need not exist yet. */
async function statfsOfNearest(folder: string): Promise<{ bavail: number; bsize: number }> {
  const info = await statfs(folder).catch(() => null);
  const parent = path.dirname(folder);
  return info ?? (parent === folder ? { bavail: 0, bsize: 0 } : statfsOfNearest(parent));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
