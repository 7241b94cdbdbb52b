import os from 'node:os';
import { DRIVER_NAMES, type DriverName } from '@assay/sandbox/choose-driver';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { z } from 'zod';

const environmentSchema = z.object({
  QUEUE_URL: z.string().min(1),
  TASK_PACKS: z.string().min(1),
  ASSAY_HOME: z.string().min(1).optional(),
  XDG_DATA_HOME: z.string().optional(),
  CONCURRENCY: z.coerce.number().int().min(0).max(64).default(1),
  PRACTICE_CONCURRENCY: z.coerce.number().int().min(0).max(64).default(1),
  SANDBOX_DRIVER: z.enum(['auto', ...DRIVER_NAMES]).default('auto'),
  HEALTH_HOST: z.string().min(1).default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65535).default(3001),
  ARCHIVE_ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
  WORKER_NAME: z.string().min(1).max(100).optional(),
  SHUTDOWN_SECONDS: z.coerce.number().nonnegative().max(3600).default(10),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** The worker's configuration, read once from the environment. */
export interface Config {
  readonly queueUrl: string;
  /** Folder that holds the task packs, `<framework>/<slug>` in it. */
  readonly taskPacks: string;
  /** Folder that holds the Python runtime. */
  readonly assayHome: string;
  /** Submissions graded at a time; 0 leaves them to other workers. */
  readonly concurrency: number;
  /** Practice runs at a time, beside the grades; 0 leaves them to other workers. */
  readonly practiceConcurrency: number;
  /** Null takes the best one that works on this machine. */
  readonly sandboxDriver: DriverName | null;
  readonly healthHost: string;
  /** 0 takes any free port. */
  readonly healthPort: number;
  /** The only origin (`https://host:port`) that archives are fetched from; null leaves it to the jobs. */
  readonly archiveOrigin: string | null;
  /** Stored with the jobs it takes, for people. */
  readonly workerName: string;
  /** Time that running jobs have to finish once the worker is told to stop. */
  readonly shutdownMs: number;
  readonly logLevel: string;
}

/** Injection token of the {@link Config}. */
export const CONFIG = Symbol('CONFIG');

/**
 * Reads and checks the environment; the only reader of it in the worker.
 *
 * @throws Error that names every variable that is missing or wrong, or that must not be there
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  if (environment.DATABASE_URL !== undefined) {
    throw new Error(
      'DATABASE_URL is set. A worker runs code of candidates and must not know the way to the platform database; remove the variable from its environment.',
    );
  }
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not right: ${wrong.join('; ')}`);
  }
  const value = parsed.data;
  if (value.CONCURRENCY + value.PRACTICE_CONCURRENCY === 0)
    throw new Error('CONCURRENCY and PRACTICE_CONCURRENCY are both 0: this worker would do nothing.');
  return {
    queueUrl: value.QUEUE_URL,
    taskPacks: value.TASK_PACKS,
    assayHome: assayHome(value, os.homedir()),
    concurrency: value.CONCURRENCY,
    practiceConcurrency: value.PRACTICE_CONCURRENCY,
    sandboxDriver: value.SANDBOX_DRIVER === 'auto' ? null : value.SANDBOX_DRIVER,
    healthHost: value.HEALTH_HOST,
    healthPort: value.HEALTH_PORT,
    archiveOrigin: value.ARCHIVE_ORIGIN === undefined ? null : new URL(value.ARCHIVE_ORIGIN).origin,
    workerName: value.WORKER_NAME ?? `${os.hostname()}-${process.pid}`,
    shutdownMs: value.SHUTDOWN_SECONDS * 1000,
    logLevel: value.LOG_LEVEL,
  };
}
