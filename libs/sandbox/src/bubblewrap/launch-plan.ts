import path from 'node:path';
import { HARNESS_IN_ROOT } from '../runtime/sandbox-root';
import { HARNESS } from '../runtime-paths';
import type { SandboxSpec } from '../sandbox';
import type { Readiness } from './readiness';

/** What `assets/launcher.py` reads. */
export interface LaunchPlan {
  readonly socket: string;
  readonly cgroupFiles: readonly string[];
  /** User of the host to become; null for an ordinary user, who stays. */
  readonly user: number | null;
  readonly bwrap: string;
  readonly before: readonly string[];
  /** Shown read-only, in this order. `links`: whether symbolic links in it may be followed. */
  readonly binds: readonly { readonly source: string; readonly target: string; readonly links: boolean }[];
  readonly temporary: { readonly bytes: number; readonly inodes: number };
  readonly after: readonly string[];
  readonly command: readonly string[];
  /** Soft and hard limit by name in Python's `resource`. */
  readonly limits: Readonly<Record<string, readonly [number, number]>>;
  /** BPF program in hexadecimal. */
  readonly filter: string;
}

const MIB = 1024 * 1024;
const TEMPORARY_INODES = 16_384;
/** Between the signal that says that CPU time is up and the one that kills. */
const CPU_GRACE_SECONDS = 2;
/** `/dev/shm`, terminals and all else of a usual /dev are left out. */
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];

export function httpSocketIn(workDir: string): string {
  return path.join(workDir, 'http.sock');
}

/** Everything that decides what a submission can see and do, as data: no shell, and nothing taken from the submission. */
export function planLaunch(spec: SandboxSpec, ready: Readiness, cgroupFiles: readonly string[], user: number | null): LaunchPlan {
  const { limits, runtime } = spec;
  const environment = Object.entries(environmentOf(spec)).flatMap(([name, value]) => ['--setenv', name, value]);
  return {
    socket: httpSocketIn(spec.workDir),
    cgroupFiles,
    user,
    bwrap: ready.program,
    before: [
      ...['--unshare-all', '--unshare-user', ...(ready.canDisableUserNamespaces ? ['--disable-userns'] : [])],
      ...['--as-pid-1', '--die-with-parent', '--cap-drop', 'ALL', '--json-status-fd', '4'],
      ...['--uid', '1000', '--gid', '1000', '--hostname', 'sandbox', '--clearenv', ...environment],
    ],
    binds: [
      { source: runtime.root, target: '/', links: true },
      { source: spec.projectDir, target: '/app', links: false },
      { source: HARNESS, target: HARNESS_IN_ROOT, links: false },
      ...(spec.databaseSocketDir ? [{ source: spec.databaseSocketDir, target: '/run/postgresql', links: false }] : []),
    ],
    temporary: { bytes: limits.fileMiB * MIB, inodes: TEMPORARY_INODES },
    after: [
      ...['--size', '65536', '--tmpfs', '/dev'],
      ...DEVICES.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
      ...['--remount-ro', '/dev', '--chdir', '/app'],
    ],
    // One more than the cgroup's limit, so that the one that counts refusals is met first.
    command: [
      runtime.rootPython,
      HARNESS_IN_ROOT,
      JSON.stringify({ processes: limits.processes + 1, wsgi: spec.wsgi, migrate: spec.migrate }),
    ],
    limits: {
      RLIMIT_AS: [limits.memoryMiB * MIB, limits.memoryMiB * MIB],
      RLIMIT_FSIZE: [limits.fileMiB * MIB, limits.fileMiB * MIB],
      RLIMIT_NOFILE: [limits.openFiles, limits.openFiles],
      RLIMIT_CPU: [limits.cpuSeconds, limits.cpuSeconds + CPU_GRACE_SECONDS],
      RLIMIT_CORE: [0, 0],
      RLIMIT_MEMLOCK: [0, 0],
      RLIMIT_MSGQUEUE: [0, 0],
      RLIMIT_SIGPENDING: [64, 64],
    },
    filter: ready.filter.toString('hex'),
  };
}

function environmentOf(spec: SandboxSpec): Record<string, string> {
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
