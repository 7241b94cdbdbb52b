import { runProgram } from './run-program';

/** A Python of this machine that a runtime can be made from. */
export interface BasePython {
  /** Real path of the program, never a link or a shim. */
  readonly executable: string;
  /** For example `3.11.2`. */
  readonly version: string;
  readonly major: number;
  readonly minor: number;
  readonly implementation: string;
  readonly prefix: string;
  /** Folders with the standard library (one, or two where the machine's own modules stand apart). */
  readonly standardLibrary: readonly string[];
  /** Where this Python looks for installed packages. */
  readonly sitePackages: string;
  /** Can make virtual environments with pip (Debian: the package `python3-venv`). */
  readonly canMakeEnvironments: boolean;
}

const DESCRIBE = `
import importlib.util, json, os, platform, site, sys, sysconfig
paths = sysconfig.get_paths()
print(json.dumps({
  "executable": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
  "version": platform.python_version(), "major": sys.version_info[0], "minor": sys.version_info[1],
  "implementation": sys.implementation.name, "prefix": sys.base_prefix,
  "standardLibrary": sorted({paths["stdlib"], paths["platstdlib"]} if sys.prefix == sys.base_prefix else {paths["stdlib"]}),
  "sitePackages": site.getsitepackages()[0],
  "canMakeEnvironments": all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")),
}))`;

export const PYTHON_REMEDY = 'Run: sudo apt-get install -y python3 python3-venv';

/**
 * The first usable Python of `/usr/bin/python3`, then `python3` on PATH.
 * @param preferred path of a program to use instead
 * @throws Error that says which ones were looked at and which command installs one
 */
export async function findPython(preferred?: string): Promise<BasePython> {
  const refused: string[] = [];
  for (const program of preferred ? [preferred] : ['/usr/bin/python3', 'python3']) {
    const found = await describe(program);
    const reason = typeof found === 'string' ? found : whyNot(found);
    if (typeof found !== 'string' && reason === null) return found;
    refused.push(`${program}: ${reason}`);
  }
  throw new Error(`Grading needs Python 3.10 or later with venv. Found none (${refused.join('; ')}). ${PYTHON_REMEDY}`);
}

async function describe(program: string): Promise<BasePython | string> {
  try {
    const first: BasePython = JSON.parse(await runProgram(program, ['-I', '-c', DESCRIBE], 30));
    // A virtual environment describes itself; its base is what the root is copied from.
    return program === first.executable ? first : JSON.parse(await runProgram(first.executable, ['-I', '-c', DESCRIBE], 30));
  } catch (error) {
    return error instanceof Error && /ENOENT/.test(error.message) ? 'not installed' : 'does not run';
  }
}

function whyNot(python: BasePython): string | null {
  if (python.implementation !== 'cpython') return `${python.implementation} is not CPython`;
  if (python.major !== 3 || python.minor < 10) return `version ${python.version} is older than 3.10`;
  if (!python.canMakeEnvironments) return `version ${python.version} has no venv module with pip`;
  return null;
}
