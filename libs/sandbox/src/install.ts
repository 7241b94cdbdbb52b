import { stat } from 'node:fs/promises';
import { examineMachine } from './bubblewrap/readiness';
import { findPython } from './runtime/find-python';
import { runProgram } from './runtime/run-program';
import { examineMachine as examineForZygote } from './zygote/readiness';

const APT_GET = '/usr/bin/apt-get';
const OPTIONS = ['install', '-y', '--no-install-recommends'];

export interface InstallOptions {
  readonly onProgress: (message: string) => void;
}

/**
 * Installs bubblewrap from the distribution's packages when no other driver works, it is missing and this process is root on a Debian
 * or Ubuntu.
 * @throws Error that names the command to run when it may not or cannot
 */
export async function ensureSandboxProgram({ onProgress }: InstallOptions): Promise<void> {
  const isMissing = async (): Promise<string | null> => {
    const row = (await examineMachine()).rows.find(({ id }) => id === 'bubblewrap');
    return row?.ok ? null : `${row?.detail} ${row?.remedy}`;
  };
  const missing = await isMissing();
  if (missing === null || (await examineForZygote()).readiness !== null) return;
  await install(['bubblewrap'], `Submissions are graded in a sandbox only. ${missing}`, onProgress);
  const still = await isMissing();
  if (still !== null) throw new Error(`apt-get installed bubblewrap, but it cannot be used: ${still}`);
}

/**
 * Installs Python with venv in the same way.
 * @throws Error that names the command to run when it may not or cannot
 */
export async function ensurePython({ onProgress }: InstallOptions): Promise<void> {
  const missing = await findPython().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (missing === null) return;
  await install(['python3', 'python3-venv'], missing, onProgress);
  await findPython();
}

async function install(packages: readonly string[], why: string, onProgress: (message: string) => void): Promise<void> {
  const hasApt = (await stat(APT_GET).catch(() => null)) !== null;
  if (process.getuid?.() !== 0 || !hasApt) throw new Error(why);
  onProgress(`Installing ${packages.join(' and ')} with apt-get`);
  // Other sources may fail to update while the package is there.
  await runProgram(APT_GET, ['update', '-q']).catch(() => undefined);
  await runProgram('/usr/bin/env', ['DEBIAN_FRONTEND=noninteractive', APT_GET, ...OPTIONS, ...packages]);
}
