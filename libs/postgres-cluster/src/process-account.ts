import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The system user that the Postgres processes run as. */
export interface ProcessAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root. As root this returns an unprivileged account: `postgres` when the system has one, else
 * `nobody`, else a new system user `assay`. As any other user it returns null: the processes simply run as that user.
 */
export function processAccount(): ProcessAccount | null {
  if (process.getuid?.() !== 0) return null;
  const known = lookUp('postgres') ?? lookUp('nobody');
  if (known) return known;
  const made = spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'assay'], {
    encoding: 'utf8',
  });
  const created = lookUp('assay');
  if (created) return created;
  throw new Error(
    `Postgres does not run as root, and there is no user postgres or nobody to run it as (useradd: ${made.error?.message ?? made.stderr.trim()}). ` +
      'Create a system user named postgres, or run as an ordinary user.',
  );
}

/** Whether the account (or, without one, this process) may use `file` in the given way. Asked of the system, so access lists count. */
export function canAccess(account: ProcessAccount | null, file: string, mode: 'read' | 'write' | 'execute'): boolean {
  const flag = { read: '-r', write: '-w', execute: '-x' }[mode];
  const ids = account ? { uid: account.uid, gid: account.gid } : {};
  return spawnSync('/bin/sh', ['-c', `test ${flag} "$1"`, 'sh', file], { ...ids, cwd: '/', stdio: 'ignore' }).status === 0;
}

function lookUp(name: string): ProcessAccount | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  if (!line) return null;
  const [, , uid, gid] = line.split(':');
  return { name, uid: Number(uid), gid: Number(gid) };
}
