import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. Written so that an old Node gets as far as the message about its version. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Folder for what set-up builds and the platform stores; the same rule as `assayHome` of libs/sandbox, usable before a build. */
export function assayHome(env = process.env) {
  if (env.ASSAY_HOME) return path.resolve(env.ASSAY_HOME);
  if (env.XDG_DATA_HOME) return path.resolve(env.XDG_DATA_HOME, 'assay');
  return path.join(os.homedir(), '.local', 'share', 'assay');
}

/** The program of an npm package, run with this Node: no shell, no PATH. */
export function npmProgram(file) {
  return path.join(ROOT, 'node_modules', file);
}
