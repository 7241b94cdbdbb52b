import { readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { PythonRuntime } from '../runtime';
import { ASSETS } from '../runtime-paths';
import type { SandboxLayer } from '../sandbox';

/** What stands at `/` of a sandbox: an empty, read-only file system of its own with these in it. */
export interface RootPlan {
  readonly folders: readonly string[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly binds: readonly RootBind[];
  /** What a Python needs that is not in the runtime's own root. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RootBind {
  readonly source: string;
  readonly target: string;
}

/** Folder of our own Python files inside. */
export const ASSETS_IN_ROOT = '/opt/assay';
export const HARNESS_IN_ROOT = `${ASSETS_IN_ROOT}/harness.py`;
/** Where a program finds the folder `trustedDir` of its spec. */
export const TRUSTED_IN_ROOT = '/run/trusted';
/** Mount points; `proc` stays empty. */
const MOUNT_POINTS = ['/app', '/dev', '/proc', '/tmp', '/run/postgresql', '/run/redis', '/run/monitoring', TRUSTED_IN_ROOT];
const PACKAGES = '/opt/packages';

/**
 * The runtime's root, entry by entry, or that of the host without the layer `root`.
 * @param root host path of the root to show instead of the runtime's (a copy that may be written to)
 */
export async function planRoot(
  runtime: PythonRuntime,
  without: ReadonlySet<SandboxLayer>,
  root: string = runtime.root,
): Promise<RootPlan> {
  const assets = { source: ASSETS, target: ASSETS_IN_ROOT };
  if (!without.has('root')) {
    const { links, binds } = await entriesOf(root);
    return { folders: MOUNT_POINTS, links, binds: [...binds, assets], environment: {} };
  }
  const { links, binds } = await entriesOf('/');
  const [major, minor] = runtime.pythonVersion.split('.');
  const packages = path.join(runtime.directory, 'venv', 'lib', `python${major}.${minor}`, 'site-packages');
  return {
    folders: MOUNT_POINTS,
    links,
    binds: [...binds, assets, { source: packages, target: PACKAGES }],
    environment: { PYTHONPATH: PACKAGES },
  };
}

/** The host's own files, with a Python that knows the standard library only: to try whether this machine can sandbox. */
export async function hostRoot(): Promise<RootPlan> {
  const { links, binds } = await entriesOf('/');
  return { folders: MOUNT_POINTS, links, binds: [...binds, { source: ASSETS, target: ASSETS_IN_ROOT }], environment: {} };
}

/** Folders in which we mount something of our own are left out. */
async function entriesOf(root: string): Promise<Pick<RootPlan, 'links' | 'binds'>> {
  const ours = new Set(['app', 'dev', 'proc', 'tmp', 'run', 'opt', 'sys']);
  const links: { path: string; target: string }[] = [];
  const binds: RootBind[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const [source, target] = [path.join(root, entry.name), `/${entry.name}`];
    if (ours.has(entry.name)) continue;
    if (entry.isSymbolicLink()) links.push({ path: target, target: await readlink(source) });
    else if (entry.isDirectory()) binds.push({ source, target });
  }
  return { links, binds };
}
