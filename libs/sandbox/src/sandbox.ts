import type { PythonRuntime } from './runtime';

/**
 * What a sandbox is asked to do and what it answers. A driver (`bubblewrap.ts`) implements it; the grader uses only these types.
 *
 * Nothing that the submission's process says is believed for a score. The phases below come from inside the sandbox and may be
 * forged; they only decide between "started" and "why not", so forging them hurts nobody but the forger.
 */
export interface SandboxDriver {
  /** Stands in the provenance of a grade, for example `bubblewrap`. */
  readonly name: string;
  /** One row for each layer, for `doctor` and for a refusal to grade. Never throws. */
  probe(): Promise<LayerStatus[]>;
  /**
   * Starts a submission. Resolves as soon as the sandbox is being created; wait for `started` next.
   *
   * @throws SandboxUnavailable when this machine cannot sandbox. There is no unsandboxed fallback.
   * @throws TypeError when the spec itself is wrong (a relative path, a folder that is missing).
   */
  start(spec: SandboxSpec): Promise<RunningSandbox>;
  /**
   * Runs a program in a sandbox of its own, also while others of the same submission run; nothing waits for them to end.
   *
   * @throws SandboxUnavailable and TypeError as `start`
   */
  run(spec: ProgramSpec): Promise<RunningProgram>;
  /** Makes starts with this `warmStart` fast from now on. A hint: a driver that cannot start warm does nothing, and never rejects. */
  warm(start: WarmStart): Promise<void>;
  /** Ends every process that the driver keeps ready; running sandboxes are killed. */
  close(): Promise<void>;
}

/**
 * A project that is trusted (a pack's starter) and whose settings modules are byte for byte those of the submission, so that Django may
 * already be set up with them before the submission comes. Everything else of the submission is loaded from its own files.
 */
export interface WarmStart {
  /** Identifies starter, settings and environment, for example the content hash of the pack. */
  readonly key: string;
  /** Absolute path of the unpacked starter. */
  readonly starterDir: string;
  readonly settings: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The walls of a sandbox. A driver of the attack suite can be made without one of them, which shows that an attack which it stops is
 * really stopped by it. Nothing else may leave one out (test/walls.spec.ts).
 */
export const SANDBOX_LAYERS = [
  /** Minimal root instead of the host's files. */
  'root',
  /** Root, project and devices cannot be written to. */
  'read-only',
  'pid-namespace',
  'network-namespace',
  'ipc-namespace',
  /** No capability, and a user of its own. */
  'privileges',
  /** No user namespace inside. */
  'nested-namespaces',
  'seccomp',
  'rlimits',
  'cgroup-limits',
  /** Size and number of files in `/tmp`. */
  'temporary-limits',
  /** Only the documented environment. */
  'environment',
  /** Only the documented descriptors. */
  'descriptors',
  /** What the project prints is kept up to a limit only. */
  'output-limit',
  /** Symbolic links in the project are not followed. */
  'symbolic-links',
  /** No `/proc`: nothing of the kernel's, of the machine's or of another process can be read there. */
  'process-files',
  /** Every submission gets a sandbox of its own, and the last process of one is dead before the next begins. */
  'single-use',
] as const;
export type SandboxLayer = (typeof SANDBOX_LAYERS)[number];

/** What every sandbox is given, whether it serves or runs a program. */
export interface SandboxBase {
  readonly runtime: PythonRuntime;
  /**
   * Absolute path of the unpacked submission: it appears read-only as `/app`. Its files must be readable by every user (modes 0644
   * and 0755), because a judge that runs as root hands them to a process of another user; folders above it may be closed.
   */
  readonly projectDir: string;
  /** Absolute path of an existing folder of the judge for this run. The listening socket is made in it; never visible inside. */
  readonly workDir: string;
  /**
   * Absolute path of a folder with `.s.PGSQL.5432`; it appears read-only as `/run/postgresql`. Null for a project without database.
   * When the judge runs as root, the driver makes folder and socket reachable for every user.
   */
  readonly databaseSocketDir: string | null;
  /** As `databaseSocketDir`, with `redis.sock`; it appears as `/run/redis`. Null for a project without Redis. */
  readonly redisSocketDir: string | null;
  /** As `databaseSocketDir`, with `sentry.sock`; it appears as `/run/monitoring`, and port 9000 of loopback leads to it. */
  readonly monitoringSocketDir?: string | null;
  /** The only environment that the submission sees, besides `PATH`, `HOME`, `LANG` and `DJANGO_SETTINGS_MODULE`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Settings module, for example `bookshop.settings`. */
  readonly settings: string;
  readonly limits: SandboxLimits;
}

export interface SandboxSpec extends SandboxBase {
  /** A warm start when the submission's settings modules are the starter's; null: only from modules that read no settings. */
  readonly warmStart: WarmStart | null;
  /** Module with `application`, for example `bookshop.wsgi`. */
  readonly wsgi: string;
  /** Runs `migrate` before serving. */
  readonly migrate: boolean;
  /** It runs beside another sandbox of the same submission, for a check. False when left out. */
  readonly isBeside?: boolean;
}

export interface SandboxLimits {
  /** Address space of one process and, with cgroups, memory of all processes together (incl. `/tmp`), in MiB. At least 128. */
  readonly memoryMiB: number;
  /** Processes and threads together. */
  readonly processes: number;
  /** CPU time of one process, in seconds. */
  readonly cpuSeconds: number;
  /** Largest file, and size of `/tmp`, in MiB. */
  readonly fileMiB: number;
  /** Open descriptors of one process. */
  readonly openFiles: number;
  /** How much of the project's own output is kept; the rest is read and dropped. */
  readonly logBytes: number;
  /**
   * From `start` until the project serves, in seconds; time in which the machine gave the project no processor does not count. The limit
   * of the whole run is the judge's: it calls `kill`.
   */
  readonly startSeconds: number;
}

export const DEFAULT_LIMITS: SandboxLimits = {
  memoryMiB: 512,
  processes: 64,
  cpuSeconds: 60,
  fileMiB: 32,
  openFiles: 128,
  logBytes: 64 * 1024,
  startSeconds: 30,
};

export interface RunningSandbox {
  /**
   * Host path of the unix socket on which the project answers HTTP/1.1 (`assets/http_server.py`). The judge made the socket,
   * so connecting works before the project serves; requests then wait.
   */
  readonly httpSocket: string;
  /** Settles once, never rejects. After any outcome but `serving` the sandbox is already dead. */
  readonly started: Promise<StartResult>;
  /** Settles when no process of the sandbox is left; never rejects. */
  readonly exited: Promise<SandboxExit>;
  /** Kills every process of the sandbox and waits until they are gone. May be called at any time and more than once. */
  kill(): Promise<void>;
  /**
   * Host process ids of all its processes, from which the judge reads how long they waited for a processor: that time is not the
   * project's. Left out, or null, where nobody knows them.
   */
  processIds?(): Promise<readonly number[] | null>;
  /** How the project was loaded; null until that is known. For provenance, benchmarks and tests. */
  readonly startedFrom: StartedFrom | null;
  /** Output of the project so far (stdout and stderr): its beginning and its end, at most `logBytes`, never a reliable source. */
  log(): string;
}

/**
 * `cold`: a Python that has loaded nothing of Django. `shallow`: one that has loaded modules which read no settings. `deep`: one that has
 * also loaded apps and modules under the starter's settings.
 */
export const STARTED_FROM = ['cold', 'shallow', 'deep'] as const;
export type StartedFrom = (typeof STARTED_FROM)[number];

/** What the project was doing: `setup` is `django.setup()`, `wsgi` the import of the WSGI module. */
export const START_STEPS = ['setup', 'migrate', 'wsgi'] as const;
export type StartStep = (typeof START_STEPS)[number];

export type StartResult =
  /** The project answers (it says so; only an HTTP answer shows it). */
  | { readonly outcome: 'serving'; readonly startMs: number }
  /** An exception ended the start: the submission's fault, `ungradable`. `error` is the exception's class, `traceback` bounded. */
  | {
      readonly outcome: 'failed';
      readonly step: StartStep;
      readonly error: string;
      readonly message: string;
      readonly traceback: string;
      /** Where in the submission (path relative to the project) the exception came from, when it did. */
      readonly location: { readonly file: string; readonly line: number } | null;
    }
  /** Not serving after `startSeconds`; the sandbox was killed. `timed_out`. */
  | { readonly outcome: 'timed_out'; readonly step: StartStep; readonly seconds: number }
  /** The process ended by itself, or a limit ended it, before serving: the submission's fault, `ungradable`. */
  | { readonly outcome: 'died'; readonly step: StartStep; readonly exit: SubmissionExit }
  /** The judge killed the sandbox before it served. */
  | { readonly outcome: 'killed' }
  /** The sandbox could not be made or broke: never the submission's fault, `infra_fault`. */
  | { readonly outcome: 'infra_fault'; readonly detail: string };

/** How the submission's own main process ended, as the kernel tells it. */
export type SubmissionExit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'limit'; readonly limit: 'memory' | 'cpu' | 'system_calls' };

export type SandboxExit = (
  | SubmissionExit
  /** By `kill()`, or by the driver after `startSeconds`. */
  | { readonly kind: 'killed' }
  | { readonly kind: 'infra_fault'; readonly detail: string }
) & {
  /** What the kernel counted, null where this machine has no cgroup to count it. */
  readonly counters: SandboxCounters;
};

export interface SandboxCounters {
  /** Processes killed because the memory of the sandbox was used up. */
  readonly memoryKills: number | null;
  /** Times that a new process was refused. */
  readonly processesRefused: number | null;
  readonly peakMemoryBytes: number | null;
  readonly cpuMs: number | null;
  /** Bytes that the project printed, kept or not. */
  readonly outputBytes: number;
}

/**
 * A program of Python that runs in a sandbox of its own beside the one that serves: same walls, same limits, the project at `/app` as
 * working directory and first on `sys.path`. Its code may be the submission's, so nothing that it prints or says is believed for a score.
 */
export interface ProgramSpec extends SandboxBase {
  readonly program: Program;
  /** Folder of the judge, shown read-only as `/run/trusted`; files in it must be readable by every user. */
  readonly trustedDir?: string | null;
  /** A `/dev/shm` of its own, of 1 MiB: locks between processes need it (a pool of processes). None when left out. */
  readonly semaphores?: boolean;
  /** Gets each line that the program writes to descriptor 3, without its end, while it runs. Untrusted; bounded by `lines`. */
  readonly onLine?: (line: string) => void;
  readonly lines?: LineLimits;
}

/** What to run, with arguments as they come in `sys.argv` after the program's own name. */
export type Program =
  /** As `python -m name arguments...`: a library's or the project's own module. */
  | { readonly kind: 'module'; readonly name: string; readonly arguments: readonly string[] }
  /** `assets/programs/<name>.py`: a file of ours, that the submission cannot change but may meddle with once it loads the project. */
  | { readonly kind: 'asset'; readonly name: string; readonly arguments: readonly string[] };

/** How much of what comes through descriptor 3 is handed on; the rest is read and dropped. */
export interface LineLimits {
  /** Longest line in bytes; the rest of a longer one is dropped. */
  readonly longest: number;
  /** Bytes of all lines together. */
  readonly total: number;
}

export interface RunningProgram {
  /**
   * Host path of the unix socket whose listening end the program has as descriptor 5, which its own children inherit. There from `begun`
   * on; who connects before the program accepts waits.
   */
  readonly httpSocket: string;
  /** Settles when the program's first line is about to run, or when it ended before; never rejects. */
  readonly begun: Promise<void>;
  /**
   * Settles when no process of it is left; never rejects. `infra_fault` is never the program's doing. The time limit is
   * `limits.startSeconds`, from `run` to the end of the program; time in which the machine gave it no processor does not count.
   */
  readonly exited: Promise<ProgramExit>;
  /** Kills every process and waits until they are gone. May be called at any time and more than once. */
  kill(): Promise<void>;
  /** See {@link RunningSandbox.processIds}. */
  processIds(): Promise<readonly number[] | null>;
  /** Stdout and stderr so far: beginning and end, at most `limits.logBytes`. */
  log(): string;
  /** Whether some of what came through descriptor 3 was dropped. */
  readonly hasDroppedLines: boolean;
  readonly startedFrom: StartedFrom | null;
}

export type ProgramExit = (
  | SubmissionExit
  | { readonly kind: 'killed' }
  | { readonly kind: 'timed_out'; readonly seconds: number }
  | { readonly kind: 'infra_fault'; readonly detail: string }
) & { readonly counters: SandboxCounters };

/** One row of `doctor`. */
export interface LayerStatus {
  /** Stable, for example `user-namespaces`. */
  readonly id: string;
  readonly title: string;
  /** `missing` of a required layer means that nothing is graded; of another that one wall less stands. */
  readonly ok: boolean;
  readonly required: boolean;
  readonly version: string | null;
  readonly detail: string;
  /** What to do, with the command; null when nothing is to be done. */
  readonly remedy: string | null;
}

/** This machine cannot sandbox, so nothing is graded on it. An infrastructure fault. */
export class SandboxUnavailable extends Error {
  override readonly name = 'SandboxUnavailable';

  constructor(readonly layer: LayerStatus) {
    super(`No sandbox, no grading: ${layer.title}: ${layer.detail}${layer.remedy ? ` ${layer.remedy}` : ''}`);
  }
}
