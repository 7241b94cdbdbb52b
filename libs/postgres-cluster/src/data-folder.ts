import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PostgresBinaries } from './binaries';
import { canAccess, type ProcessAccount } from './process-account';
import { watchParent } from './watchdog';

const ORPHAN_AGE_MS = 60 * 60 * 1000;

/**
 * Where the files of `dataDir` really live. That is `dataDir` itself, unless the database's user cannot reach it (a home of mode
 * 0700, a private temporary folder): then a folder under `stateDir/clusters`, and `dataDir` becomes a symbolic link to it.
 * Folders there whose link was in the system's temporary folder and is gone are removed; others are kept, for the disk of a missing
 * link may only be absent.
 */
export function placeDataFolder(
  dataDir: string,
  account: ProcessAccount | null,
  stateDir: string,
  onProgress: (line: string) => void,
): string {
  mkdirSync(path.dirname(dataDir), { recursive: true });
  const linked = linkTarget(dataDir);
  if (linked) {
    if (existsSync(path.dirname(linked))) return linked;
    rmSync(dataDir);
  }
  if (account === null || canAccess(account, path.dirname(dataDir), 'execute')) return dataDir;
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new Error(
      `The database folder ${dataDir} exists, but user ${account.name} cannot reach it. Move it, or open the folders above it with chmod o+x.`,
    );
  }
  const clusters = path.join(stateDir, 'clusters');
  mkdirSync(clusters, { recursive: true, mode: 0o755 });
  removeOrphans(clusters);
  const home = mkdtempSync(path.join(clusters, 'data-'));
  chmodSync(home, 0o711);
  writeFileSync(path.join(home, 'linked-from'), dataDir);
  const folder = path.join(home, 'cluster');
  rmSync(dataDir, { recursive: true, force: true });
  symlinkSync(folder, dataDir);
  onProgress(`User ${account.name} cannot reach ${path.dirname(dataDir)}: the database files are kept in ${folder}`);
  return folder;
}

/** Every path that belongs to the data folder, for its removal. */
export function pathsOfDataFolder(dataDir: string, folder: string): string[] {
  const beside = [`${dataDir}.log`, `${dataDir}.owner`];
  return folder === dataDir ? [dataDir, ...beside] : [path.dirname(folder), dataDir, ...beside];
}

/**
 * Creates the cluster's files unless they are there. They are made beside the folder and renamed into place, so an interrupted
 * run leaves nothing that looks finished. The caller holds the folder's claim.
 */
export async function initialiseDataFolder(folder: string, options: InitialiseOptions): Promise<void> {
  removePartial(folder);
  const versionFile = path.join(folder, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const found = readFileSync(versionFile, 'utf8').trim();
    const major = options.binaries.version.split('.')[0];
    if (found === major) return;
    throw new Error(
      `The database folder ${folder} was made by PostgreSQL ${found}, this is ${major}: dump it with the old version and load it, or use another folder.`,
    );
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} is neither empty nor a PostgreSQL data folder: name another folder.`);
  }
  options.onProgress(`Creating a PostgreSQL ${options.binaries.version} cluster in ${folder}`);
  const partial = mkdtempSync(`${folder}.partial-`);
  const passwordFile = `${partial}.password`;
  try {
    writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
    give(partial, options.account);
    give(passwordFile, options.account);
    await runInitdb(partial, passwordFile, options);
    renameSync(partial, folder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(partial, { recursive: true, force: true });
  }
}

export interface InitialiseOptions {
  readonly binaries: PostgresBinaries;
  readonly account: ProcessAccount | null;
  readonly superuser: string;
  readonly password: string;
  readonly ephemeral: boolean;
  /** Removed together with the unfinished folder when this process is killed meanwhile. */
  readonly removable: readonly string[];
  readonly onProgress: (line: string) => void;
}

/** Makes the account the owner of a path; nothing to do when Postgres runs as this process's user. */
export function give(target: string, account: ProcessAccount | null): void {
  if (account) chownSync(target, account.uid, account.gid);
}

async function runInitdb(folder: string, passwordFile: string, options: InitialiseOptions): Promise<void> {
  const durability = options.ephemeral ? ['--no-sync', '--no-data-checksums'] : [];
  // The built-in locale sorts and folds the same on every system, whatever locales are installed.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = ['-D', folder, '-U', options.superuser, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '--no-instructions'];
  const ids = options.account ? { uid: options.account.uid, gid: options.account.gid } : {};
  const child = spawn(options.binaries.initdb, [...args, ...locale, ...durability], {
    ...ids,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  // There are no pipes when this process had no descriptor left for them.
  for (const pipe of [child.stdout, child.stderr]) pipe?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  ended.catch(() => undefined);
  const callOff = child.pid ? watchOver(child, [folder, passwordFile, ...options.removable]) : () => undefined;
  const code = await ended;
  callOff();
  if (code !== 0) throw new Error(`initdb ended with code ${code}:\n${output.trim()}`);
}

function watchOver(child: ChildProcess, removable: readonly string[]): () => void {
  try {
    return watchParent(child.pid ?? 0, 'TERM', removable);
  } catch (error) {
    child.kill('SIGTERM');
    throw error;
  }
}

function removePartial(folder: string): void {
  const prefix = `${path.basename(folder)}.partial-`;
  for (const name of readdirSync(path.dirname(folder))) {
    if (name.startsWith(prefix)) rmSync(path.join(path.dirname(folder), name), { recursive: true, force: true });
  }
}

function removeOrphans(clusters: string): void {
  for (const name of readdirSync(clusters)) {
    const home = path.join(clusters, name);
    const note = path.join(home, 'linked-from');
    const isYoung = Date.now() - statSync(home).mtimeMs < ORPHAN_AGE_MS;
    if (isYoung || !existsSync(note)) continue;
    const link = readFileSync(note, 'utf8');
    const wasTemporary = link.startsWith(`${os.tmpdir()}${path.sep}`);
    if (wasTemporary && linkTarget(link) !== path.join(home, 'cluster')) rmSync(home, { recursive: true, force: true });
  }
}

function linkTarget(file: string): string | null {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found?.isSymbolicLink() ? readlinkSync(file) : null;
}
