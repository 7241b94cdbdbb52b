import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withBuildLock } from './runtime/build-lock';
import { type BasePython, findPython } from './runtime/find-python';
import { makeSandboxRoot } from './runtime/sandbox-root';
import { makeVirtualEnvironment } from './runtime/virtual-environment';
import { LOCK_FILE } from './runtime-paths';

/** The Python that runs submissions: one hash-pinned set of packages, in a virtual environment and in a sandbox's root. */
export interface PythonRuntime {
  /** sha256 (hex) of `runtime/requirements.lock`; part of every grade. */
  readonly lockHash: string;
  /** For example `3.11.2`. */
  readonly pythonVersion: string;
  /** Folder of this runtime, `$ASSAY_HOME/runtime/<...>`. */
  readonly directory: string;
  /** Host path of the virtual environment's interpreter: all packages, also the trusted ones. */
  readonly python: string;
  /** Host path of the interpreter that the virtual environment was made from; only the standard library. */
  readonly basePython: string;
  /** Host path of the read-only root that a submission sees as `/`. */
  readonly root: string;
  /** Path of the interpreter as seen inside that root. */
  readonly rootPython: string;
  /** Host path of the trusted linters' programs. */
  readonly ruff: string;
  readonly hadolint: string;
}

export interface RuntimeOptions {
  /** Folder shared by start, test and grade; `assayHome()` gives the default. */
  readonly home: string;
  /** Path of a Python to use instead of the machine's own. */
  readonly preferredPython?: string;
}

/** Raised when the way a runtime is built changes, so that older ones are built again. */
const RECIPE = 1;
/** Written last: a folder with it is complete. */
const MANIFEST = 'runtime.json';

/**
 * Gives the grading runtime, building it on the first call (about a minute with the packages' download). May be called from several
 * processes at once and again after an interruption.
 *
 * @param onProgress gets a line for every step of a build
 * @throws Error that names the command to run when there is no suitable Python
 */
export async function prepareRuntime(
  options: RuntimeOptions & { onProgress?: (message: string) => void },
): Promise<PythonRuntime> {
  const onProgress = options.onProgress ?? (() => undefined);
  const { python, runtime } = await plan(options);
  if (await isComplete(runtime)) return runtime;
  await mkdir(path.dirname(runtime.directory), { recursive: true });
  const onWait = (): void => onProgress('Another process builds the Python runtime; waiting for it');
  await withBuildLock(`${runtime.directory}.lock`, onWait, async () => {
    if (!(await isComplete(runtime))) await build(python, runtime, options.home, onProgress);
  });
  return runtime;
}

/** The runtime when it is built already, else null. Builds nothing. */
export async function findRuntime(options: RuntimeOptions): Promise<PythonRuntime | null> {
  const { runtime } = await plan(options);
  return (await isComplete(runtime)) ? runtime : null;
}

async function plan(options: RuntimeOptions): Promise<{ python: BasePython; runtime: PythonRuntime }> {
  const python = await findPython(options.preferredPython);
  const lockHash = createHash('sha256')
    .update(await readFile(LOCK_FILE))
    .digest('hex');
  // The path of the Python is part of the name: two Pythons of one version may be built differently.
  const origin = createHash('sha256').update(python.executable).digest('hex').slice(0, 8);
  const name = `${lockHash.slice(0, 16)}-python${python.version}-${process.arch}-${origin}-r${RECIPE}`;
  return { python, runtime: describeRuntime(path.resolve(options.home, 'runtime', name), lockHash, python) };
}

function describeRuntime(directory: string, lockHash: string, python: BasePython): PythonRuntime {
  const program = (name: string): string => path.join(directory, 'venv', 'bin', name);
  return {
    lockHash,
    pythonVersion: python.version,
    directory,
    python: program('python'),
    basePython: python.executable,
    root: path.join(directory, 'root'),
    rootPython: python.executable,
    ruff: program('ruff'),
    hadolint: program('hadolint'),
  };
}

async function isComplete(runtime: PythonRuntime): Promise<boolean> {
  const manifest = await readFile(path.join(runtime.directory, MANIFEST), 'utf8').catch(() => null);
  return manifest !== null;
}

async function build(
  python: BasePython,
  runtime: PythonRuntime,
  home: string,
  onProgress: (message: string) => void,
): Promise<void> {
  const unfinished = `${runtime.directory}.building`;
  const parent = path.dirname(runtime.directory);
  for (const name of await readdir(parent)) {
    if (name.startsWith(path.basename(unfinished))) await rm(path.join(parent, name), { recursive: true, force: true });
  }
  const directory = `${unfinished}-${process.pid}`;
  const environment = path.join(directory, 'venv');
  await mkdir(directory, { recursive: true });
  await makeVirtualEnvironment({
    python,
    lockFile: LOCK_FILE,
    directory: environment,
    finalDirectory: path.join(runtime.directory, 'venv'),
    cacheDirectory: path.resolve(home, 'cache', 'pip'),
    onProgress,
  });
  await makeSandboxRoot({ python, environment, directory: path.join(directory, 'root'), onProgress });
  const { lockHash, pythonVersion, basePython, rootPython } = runtime;
  await writeFile(
    path.join(directory, MANIFEST),
    `${JSON.stringify({ lockHash, pythonVersion, basePython, rootPython }, null, 2)}\n`,
  );
  // What lies there without a manifest is the rest of an interrupted removal.
  if (!(await isComplete(runtime))) await rm(runtime.directory, { recursive: true, force: true });
  await rename(directory, runtime.directory).catch(async (error: unknown) => {
    if (!(await isComplete(runtime))) throw error;
    await rm(directory, { recursive: true, force: true });
  });
  onProgress(`Python runtime ready: ${runtime.directory}`);
}
