import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type CgroupParents, findCgroups } from '../cgroup/find-cgroups';
import { HostUsers } from '../host-user';
import { cgroupRow, namespaceRemedy } from '../layers/rows';
import { type LayerStatus, SandboxUnavailable } from '../sandbox';
import { architectureOf } from '../seccomp/architecture';
import { seccompFilter } from '../seccomp/filter';

/** What a start needs to know about this machine. */
export interface Readiness {
  readonly program: string;
  readonly filter: Buffer;
  /** bubblewrap can also close user namespaces by a sysctl of their own; where not, only the filter refuses nested ones. */
  readonly canDisableUserNamespaces: boolean;
  readonly cgroups: CgroupParents | null;
}

const FOLDERS = ['/usr/bin', '/usr/local/bin', '/bin'];
const OLDEST = [0, 8];
const TRIAL = ['--unshare-all', '--unshare-user', '--cap-drop', 'ALL', '--die-with-parent', '--as-pid-1', '--ro-bind', '/', '/'];
/** Time that the last words of a program that has ended may take. */
const WORDS_ARRIVE_MS = 200;
const INSTALL = 'Run: sudo apt-get install -y bubblewrap';

/** Tries every layer. `readiness` is null when a required one is missing. */
export async function examineMachine(preferred?: string): Promise<{ rows: LayerStatus[]; readiness: Readiness | null }> {
  const { row: programRow, program } = await examineProgram(preferred);
  const { row: filterRow, filter } = await examineSeccomp(program);
  const namespaces = await examineNamespaces(program);
  const nested = program !== null && (await trial(program, ['--disable-userns'])) === null;
  const { parents, why } = await findCgroups();
  const rows = [programRow, namespaces, filterRow, nestedRow(nested), cgroupRow(parents, why)];
  const isReady = rows.every((row) => row.ok || !row.required);
  const readiness = isReady && program && filter ? { program, filter, canDisableUserNamespaces: nested, cgroups: parents } : null;
  return { rows, readiness };
}

/** @throws SandboxUnavailable naming the first required layer that is missing */
export async function requireReadiness(preferred?: string): Promise<Readiness> {
  const { rows, readiness } = await examineMachine(preferred);
  const missing = rows.find((row) => row.required && !row.ok);
  if (missing) throw new SandboxUnavailable(missing);
  if (!readiness) throw new Error('Every layer of the sandbox is there, but it is not ready. This is a bug.');
  return readiness;
}

async function examineProgram(preferred?: string): Promise<{ row: LayerStatus; program: string | null }> {
  const base = { id: 'bubblewrap', title: 'Sandbox program (bubblewrap)', required: true };
  const program = await firstExecutable(preferred ? [preferred] : FOLDERS.map((folder) => path.join(folder, 'bwrap')));
  if (!program)
    return { row: { ...base, ok: false, version: null, detail: 'bwrap is not installed.', remedy: INSTALL }, program: null };
  const version = /^bubblewrap (\d+(\.\d+)+)/.exec(await outputOf(program, ['--version']))?.[1] ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST[0]! || (major === OLDEST[0] && minor < OLDEST[1]!);
  const remedy = 'Install bubblewrap 0.8 or later (Debian 12, Ubuntu 24.04 and later have it).';
  if (isOld) return { row: { ...base, ok: false, version, detail: `Version ${version} is too old.`, remedy }, program: null };
  return { row: { ...base, ok: true, version, detail: program, remedy: null }, program };
}

async function firstExecutable(files: readonly string[]): Promise<string | null> {
  for (const file of files) {
    const isExecutable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isExecutable) return file;
  }
  return null;
}

async function examineNamespaces(program: string | null): Promise<LayerStatus> {
  const base = {
    id: 'user-namespaces',
    title: 'Namespaces (user, mount, process, network, IPC)',
    required: true,
    version: os.release(),
  };
  if (!program) return { ...base, ok: false, detail: 'Could not be tried without bubblewrap.', remedy: INSTALL };
  const failure = await trial(program, []);
  if (failure === null) return { ...base, ok: true, detail: 'bubblewrap made a sandbox.', remedy: null };
  return { ...base, ok: false, detail: failure, remedy: await namespaceRemedy() };
}

async function examineSeccomp(program: string | null): Promise<{ row: LayerStatus; filter: Buffer | null }> {
  const base = { id: 'seccomp', title: 'System call filter (seccomp)', required: true };
  let filter: Buffer;
  try {
    filter = seccompFilter(architectureOf(process.arch));
  } catch (error) {
    return { row: { ...base, ok: false, version: process.arch, detail: String(error), remedy: null }, filter: null };
  }
  const version = `${process.arch}, ${filter.length / 8} instructions`;
  if (!program)
    return { row: { ...base, ok: false, version, detail: 'Could not be tried without bubblewrap.', remedy: INSTALL }, filter };
  const failure = await trial(program, [], filter);
  const remedy = failure === null ? null : 'Use a kernel with CONFIG_SECCOMP_FILTER.';
  return { row: { ...base, ok: failure === null, version, detail: failure ?? 'The filter was accepted.', remedy }, filter };
}

function nestedRow(ok: boolean): LayerStatus {
  return {
    id: 'nested-user-namespaces',
    title: 'User namespaces inside a sandbox closed by sysctl',
    ok,
    required: false,
    version: null,
    detail: ok ? 'Closed twice: by sysctl and by the filter.' : 'Closed by the system call filter only.',
    remedy: ok ? null : 'In a container: make /proc/sys writable for bubblewrap (--security-opt systempaths=unconfined).',
  };
}

/** Runs `true` in a sandbox. Null when it worked, else what bubblewrap said. */
function trial(program: string, extra: readonly string[], filter?: Buffer): Promise<string | null> {
  const user = new HostUsers().take();
  const filterArguments = filter ? ['--seccomp', '3'] : [];
  return new Promise((resolve) => {
    const child = spawn(program, [...TRIAL, ...extra, ...filterArguments, '--', '/bin/true'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: {},
      cwd: '/',
      timeout: 10_000,
      killSignal: 'SIGKILL',
      ...(user === null ? {} : { uid: user, gid: user }),
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-1000);
    });
    // There is none when this process had no descriptor left for it.
    const filterPipe = child.stdio?.[3];
    filterPipe?.on('error', () => undefined);
    if (filterPipe && 'end' in filterPipe) filterPipe.end(filter ?? Buffer.alloc(0));
    child.on('error', (error) => resolve(error.message));
    // Not only at 'close': where bwrap dies half-way, a child of its may hold the pipes for ever.
    child.on('exit', (code, signal) => {
      const tell = () => resolve(code === 0 ? null : said.trim() || `bwrap ended with ${signal ?? `code ${code}`}.`);
      child.on('close', tell);
      setTimeout(tell, WORDS_ARRIVE_MS);
    });
  });
}

function outputOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env: {}, timeout: 10_000 });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.on('error', () => resolve(''));
    child.on('close', () => resolve(output));
  });
}
