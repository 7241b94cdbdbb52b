import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BasePython } from './find-python';
import { runProgram } from './run-program';

/**
 * Makes a virtual environment with exactly the locked packages: every file checked against its hash, nothing built from source.
 * @param directory where it is made; it may be moved to `finalDirectory` afterwards
 */
export async function makeVirtualEnvironment(input: {
  python: BasePython;
  lockFile: string;
  directory: string;
  finalDirectory: string;
  cacheDirectory: string;
  onProgress: (message: string) => void;
}): Promise<void> {
  input.onProgress(`Making a virtual environment with Python ${input.python.version}`);
  await runProgram(input.python.executable, ['-I', '-m', 'venv', input.directory]);
  input.onProgress('Installing the locked Python packages (hashes checked)');
  const pip = [
    ...['-I', '-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--no-deps'],
    ...['--require-hashes', '--only-binary', ':all:', '--cache-dir', input.cacheDirectory, '-r', input.lockFile],
  ];
  await runProgram(path.join(input.directory, 'bin', 'python'), pip, 1800);
  await renameInScripts(path.join(input.directory, 'bin'), input.directory, input.finalDirectory);
}

/** Console scripts name their interpreter by absolute path, which changes when the finished folder is renamed. */
async function renameInScripts(folder: string, from: string, to: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(folder, entry.name);
    const bytes = await readFile(file);
    const isText = !bytes.subarray(0, 8192).includes(0);
    if (isText && bytes.includes(from)) await writeFile(file, bytes.toString('utf8').replaceAll(from, to));
  }
}
