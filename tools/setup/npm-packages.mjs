import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { ROOT } from './paths.mjs';
import { mustRun } from './run.mjs';

/**
 * Whether node_modules holds what package-lock.json names. npm writes node_modules/.package-lock.json when an installation is
 * complete, so an interrupted one counts as none. Optional packages (of other systems) may be missing.
 */
export function arePackagesInstalled() {
  const installed = readPackages(path.join(ROOT, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(path.join(ROOT, 'package-lock.json'));
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([where, entry]) => {
    if (!where.includes('node_modules/')) return true;
    const found = installed[where];
    if (!found) return entry.optional === true;
    return entry.link ? found.link === true : found.version === entry.version;
  });
}

/** Installs the npm packages by the lockfile unless they are there. */
export async function ensurePackages(onProgress) {
  if (arePackagesInstalled()) return;
  await withLock('npm-packages', onProgress, async () => {
    if (arePackagesInstalled()) return;
    onProgress('Installing the npm packages (a minute or two the first time)');
    const [command, args] = npmCommand();
    await mustRun(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT });
  });
}

/** The npm that started this program, else the one on PATH. */
function npmCommand() {
  const file = process.env.npm_execpath;
  return file && /npm-cli\.c?js$/.test(file) && existsSync(file) ? [process.execPath, [file]] : ['npm', []];
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}
