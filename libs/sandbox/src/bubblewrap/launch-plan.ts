import path from 'node:path';
import type { RootPlan } from '../layers/root-plan';
import { HARNESS_IN_ROOT, TRUSTED_IN_ROOT } from '../layers/root-plan';
import type { Program, SandboxBase, SandboxLayer, SandboxLimits } from '../sandbox';
import { architectureOf } from '../seccomp/architecture';
import { seccompFilter } from '../seccomp/filter';
import type { Readiness } from './readiness';

/** What `assets/launcher.py` reads. */
export interface LaunchPlan {
  readonly socket: string;
  readonly cgroupFiles: readonly string[];
  /** User of the host to become; null for an ordinary user, who stays. */
  readonly user: number | null;
  readonly bwrap: string;
  readonly before: readonly string[];
  /** Shown in this order. `links`: whether symbolic links in it may be followed. */
  readonly binds: readonly LaunchBind[];
  readonly temporary: TemporaryPlan;
  readonly after: readonly string[];
  readonly command: readonly string[];
  /** Soft and hard limit by name in Python's `resource`. */
  readonly limits: ResourceLimits;
  /** BPF program in hexadecimal; null for none. */
  readonly filter: string | null;
  /** Only without a layer: the launcher's own environment and a folder of the host stay with the project. */
  readonly keeps: { readonly environment: boolean; readonly descriptor: string | null };
}

export interface LaunchBind {
  readonly source: string;
  readonly target: string;
  readonly links: boolean;
  readonly writable: boolean;
}

/** A file system in memory with limits (null for none), or a folder of the host that several sandboxes share. */
export interface TemporaryPlan {
  readonly bytes: number | null;
  readonly inodes: number | null;
  readonly shared: string | null;
}

export type ResourceLimits = Readonly<Record<string, readonly [number, number]>>;

/** What a sandbox is to do: run a program, or else serve. */
export interface Entry {
  readonly program: Program | null;
  readonly wsgi: string;
  readonly migrate: boolean;
}

/** What the drivers make a sandbox of. */
export interface LaunchSpec extends SandboxBase {
  readonly trustedDir?: string | null;
  readonly semaphores?: boolean;
  readonly entry: Entry;
}

/** What differs from one start to the next, besides the spec. */
export interface LaunchInputs {
  readonly ready: Readiness;
  readonly root: RootPlan;
  readonly cgroupFiles: readonly string[];
  /** See {@link LaunchPlan.user}. */
  readonly user: number | null;
  readonly without: ReadonlySet<SandboxLayer>;
  readonly sharedTemporary: string | null;
}

const MIB = 1024 * 1024;
const TEMPORARY_INODES = 16_384;
/** Between the signal that says that CPU time is up and the one that kills. */
const CPU_GRACE_SECONDS = 2;
/** Size of `/dev/shm` for a program that needs one: a lock takes 32 bytes, in a page of its own. */
export const SEMAPHORE_BYTES = MIB;
/** Terminals and all else of a usual /dev are left out; `/dev/shm` is an empty folder unless a program needs it. */
export const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];

export function httpSocketIn(workDir: string): string {
  return path.join(workDir, 'http.sock');
}

/** Everything that decides what a submission can see and do, as data: no shell, and nothing taken from the submission. */
export function planLaunch(spec: LaunchSpec, inputs: LaunchInputs): LaunchPlan {
  const { ready, root, without } = inputs;
  const { limits, runtime } = spec;
  const variables = { ...root.environment, ...environmentOf(spec) };
  const environment = Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]);
  const isWritable = without.has('read-only');
  const filter = filterWithout(without);
  return {
    socket: httpSocketIn(spec.workDir),
    cgroupFiles: inputs.cgroupFiles,
    user: inputs.user,
    bwrap: ready.program,
    before: [
      ...namespaces(ready, without),
      ...['--die-with-parent', '--json-status-fd', '4', '--hostname', 'sandbox'],
      ...(without.has('environment') ? [] : ['--clearenv']),
      ...environment,
      ...root.folders.flatMap((folder) => ['--dir', folder]),
      ...root.links.flatMap((link) => ['--symlink', link.target, link.path]),
    ],
    binds: [...root.binds.map((bind) => rootBind(bind, without)), ...projectBinds(spec, without)],
    temporary: temporaryPlan(limits, without, inputs.sharedTemporary),
    after: [
      ...(without.has('process-files') ? ['--proc', '/proc'] : []),
      ...['--size', '65536', '--tmpfs', '/dev'],
      ...DEVICES.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
      ...['--dir', '/dev/shm'],
      ...(spec.semaphores ? ['--size', String(SEMAPHORE_BYTES), '--tmpfs', '/dev/shm'] : []),
      ...(isWritable ? [] : ['--remount-ro', '/dev', '--remount-ro', '/']),
      ...['--chdir', '/app'],
    ],
    command: [runtime.rootPython, HARNESS_IN_ROOT, JSON.stringify({ processes: processLimit(limits, without), ...spec.entry })],
    limits: resourceLimits(limits, without),
    filter: filter?.toString('hex') ?? null,
    keeps: { environment: without.has('environment'), descriptor: without.has('descriptors') ? '/' : null },
  };
}

function namespaces(ready: Readiness, without: ReadonlySet<SandboxLayer>): string[] {
  const isOwnUser = !without.has('privileges');
  // Root needs no user namespace to keep its capabilities; another user has them only in one.
  const hasUserNamespace = isOwnUser || process.getuid?.() !== 0;
  const user = isOwnUser ? '1000' : '0';
  return [
    ...['--unshare-uts', '--unshare-cgroup-try'],
    ...(without.has('pid-namespace') ? [] : ['--unshare-pid', '--as-pid-1']),
    ...(without.has('network-namespace') ? [] : ['--unshare-net']),
    ...(without.has('ipc-namespace') ? [] : ['--unshare-ipc']),
    ...(hasUserNamespace ? ['--unshare-user', '--uid', user, '--gid', user] : []),
    ...(hasUserNamespace && ready.canDisableUserNamespaces && !without.has('nested-namespaces') ? ['--disable-userns'] : []),
    ...(isOwnUser ? ['--cap-drop', 'ALL'] : ['--cap-add', 'ALL']),
  ];
}

/** The host's own folders and our own files are read-only in any case. */
function rootBind(bind: RootPlan['binds'][number], without: ReadonlySet<SandboxLayer>): LaunchBind {
  const isOurs = bind.target === path.dirname(HARNESS_IN_ROOT);
  return { ...bind, links: !isOurs, writable: !isOurs && without.has('read-only') && !without.has('root') };
}

export function projectBinds(spec: LaunchSpec, without: ReadonlySet<SandboxLayer>): LaunchBind[] {
  const [links, writable] = [without.has('symbolic-links'), without.has('read-only')];
  const show = (source: string | null, target: string): LaunchBind[] => (source ? [{ source, target, links, writable }] : []);
  return [
    ...show(spec.projectDir, '/app'),
    ...show(spec.databaseSocketDir, '/run/postgresql'),
    ...show(spec.redisSocketDir, '/run/redis'),
    ...show(spec.monitoringSocketDir ?? null, '/run/monitoring'),
    ...show(spec.trustedDir ?? null, TRUSTED_IN_ROOT),
  ];
}

export function temporaryPlan(limits: SandboxLimits, without: ReadonlySet<SandboxLayer>, shared: string | null): TemporaryPlan {
  const isLimited = !without.has('temporary-limits');
  return { bytes: isLimited ? limits.fileMiB * MIB : null, inodes: isLimited ? TEMPORARY_INODES : null, shared };
}

/** One more than the cgroup's limit, so that the one that counts refusals is met first. Null for none. */
export function processLimit(limits: SandboxLimits, without: ReadonlySet<SandboxLayer>): number | null {
  return without.has('rlimits') ? null : limits.processes + 1;
}

export function resourceLimits(limits: SandboxLimits, without: ReadonlySet<SandboxLayer>): ResourceLimits {
  if (without.has('rlimits')) return {};
  return {
    RLIMIT_AS: [limits.memoryMiB * MIB, limits.memoryMiB * MIB],
    RLIMIT_FSIZE: [limits.fileMiB * MIB, limits.fileMiB * MIB],
    RLIMIT_NOFILE: [limits.openFiles, limits.openFiles],
    RLIMIT_CPU: [limits.cpuSeconds, limits.cpuSeconds + CPU_GRACE_SECONDS],
    RLIMIT_CORE: [0, 0],
    RLIMIT_MEMLOCK: [0, 0],
    RLIMIT_MSGQUEUE: [0, 0],
    RLIMIT_SIGPENDING: [64, 64],
  };
}

/** The system call filter as bytes; null for none. */
export function filterWithout(without: ReadonlySet<SandboxLayer>): Buffer | null {
  if (without.has('seccomp')) return null;
  return seccompFilter(architectureOf(process.arch), { allowNamespaces: without.has('nested-namespaces') });
}

export function environmentOf(spec: Pick<SandboxBase, 'environment' | 'settings'>): Record<string, string> {
  return {
    PATH: '/usr/bin',
    HOME: '/tmp',
    LANG: 'C.UTF-8',
    // The same submission must behave the same twice: no random order of sets.
    PYTHONHASHSEED: '0',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONNOUSERSITE: '1',
    PYTHONUNBUFFERED: '1',
    // Each arena reserves address space, which is limited.
    MALLOC_ARENA_MAX: '2',
    ...spec.environment,
    DJANGO_SETTINGS_MODULE: spec.settings,
  };
}
