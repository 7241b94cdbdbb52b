import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { assayHome, ROOT } from '../tools/setup/paths.mjs';
import { mustRun } from '../tools/setup/run.mjs';

const require = createRequire(import.meta.url);
const FOLDER = path.join(ROOT, 'bench', 'numpy');
const LOCK_FILE = path.join(FOLDER, 'requirements.lock');

/**
 * A Python with the pinned numpy (hashes checked), made on the first call in the folder where set-up keeps what it built.
 * @param runtime the grading runtime, whose base Python is taken
 * @returns `{ python, version }`, or `{ problem }` in a sentence when this machine cannot have it
 */
export async function prepareNumpy({ runtime, onProgress }) {
  try {
    const python = await ensureEnvironment(runtime, onProgress);
    const version = await mustRun(python, ['-I', '-c', 'import numpy; print(numpy.__version__)']);
    return { python, version: version.trim(), script: path.join(FOLDER, 'measure.py') };
  } catch (error) {
    const reason = error.message.trim().split('\n').at(-1);
    return { problem: `numpy could not be installed on this machine, so nothing is compared with it: ${reason}` };
  }
}

async function ensureEnvironment({ basePython, pythonVersion }, onProgress) {
  const { makeVirtualEnvironment } = require('@assay/sandbox/runtime/virtual-environment');
  const { withBuildLock } = require('@assay/sandbox/runtime/build-lock');
  const identity = createHash('sha256').update(readFileSync(LOCK_FILE)).update(basePython).update(pythonVersion).digest('hex');
  const home = assayHome();
  const directory = path.join(home, 'bench', `numpy-${identity.slice(0, 16)}`);
  const finished = path.join(directory, 'finished');
  if (!existsSync(finished)) {
    await mkdir(path.dirname(directory), { recursive: true });
    const onWait = () => onProgress('  another process installs numpy; waiting for it');
    await withBuildLock(`${directory}.lock`, onWait, async () => {
      if (existsSync(finished)) return;
      const unfinished = `${directory}.building`;
      await rm(unfinished, { recursive: true, force: true });
      await rm(directory, { recursive: true, force: true });
      await makeVirtualEnvironment({
        python: { executable: basePython, version: pythonVersion },
        lockFile: LOCK_FILE,
        directory: unfinished,
        finalDirectory: directory,
        cacheDirectory: path.join(home, 'cache', 'pip'),
        onProgress: (line) => onProgress(`  ${line}`),
      });
      await writeFile(path.join(unfinished, 'finished'), '');
      await rename(unfinished, directory);
    });
  }
  return path.join(directory, 'bin', 'python');
}
