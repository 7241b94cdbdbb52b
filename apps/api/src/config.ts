import { z } from 'zod';

const url = z.string().min(1);
/** Paths are put behind it, so it ends without a slash. */
const baseUrl = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));
const secret = z.string().min(32, 'must have at least 32 characters');

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: url,
  QUEUE_URL: url,
  JWT_SECRET: secret,
  RUN_TOKEN_SECRET: secret,
  PUBLIC_URL: baseUrl.optional(),
  WORKER_FACING_URL: baseUrl.optional(),
  TASK_PACKS: z.string().min(1),
  MAIL_URL: z.string().regex(/^(smtps?|file):\/\//, 'must be an smtp://, smtps:// or file:// URL'),
  MAIL_FROM: z.string().default('Assay <assay@localhost>'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  ACCESS_TOKEN_SECONDS: z.coerce.number().int().positive().default(900),
  CANDIDATE_TOKEN_SECONDS: z.coerce.number().int().positive().default(3600),
  REFRESH_TOKEN_DAYS: z.coerce.number().positive().default(30),
  INVITATION_DAYS: z.coerce.number().positive().default(14),
  SIGN_INS_PER_MINUTE: z.coerce.number().int().positive().default(30),
  UPLOADS_PER_MINUTE: z.coerce.number().int().positive().default(10),
  PRACTICE_RUNS_PER_HOUR: z.coerce.number().int().positive().max(100).default(10),
  DATABASE_CONNECTIONS: z.coerce.number().int().positive().default(10),
  TRUST_PROXY_HOPS: z.coerce.number().int().nonnegative().default(0),
  RECONCILE_SECONDS: z.coerce.number().positive().default(5),
  REGRADES_AT_ONCE: z.coerce.number().int().min(1).max(50).default(1),
  SIMULATION_THREADS: z.coerce.number().int().min(1).max(16).default(1),
  SIMULATIONS_WAITING: z.coerce.number().int().nonnegative().max(1000).default(16),
  SIMULATION_SECONDS: z.coerce.number().positive().max(600).default(30),
});

/** The API's configuration, read once from the environment. Times are in seconds unless the name says days. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Connects as the role `assay_api`. */
  readonly databaseUrl: string;
  readonly databaseConnections: number;
  readonly queueUrl: string;
  readonly jwtSecret: string;
  readonly runTokenSecret: string;
  /** Base of links that people follow; null means the address the server listens on. */
  readonly publicUrl: string | null;
  /** Base of the links that workers fetch archives from; null means the address the server listens on. */
  readonly workerFacingUrl: string | null;
  readonly taskPacks: string;
  readonly mailUrl: string;
  readonly mailFrom: string;
  readonly logLevel: string;
  readonly accessTokenSeconds: number;
  readonly candidateTokenSeconds: number;
  readonly refreshTokenDays: number;
  readonly invitationDays: number;
  readonly signInsPerMinute: number;
  readonly uploadsPerMinute: number;
  /** Of one evaluation. */
  readonly practiceRunsPerHour: number;
  readonly trustProxyHops: number;
  readonly reconcileSeconds: number;
  /** Runs of regrades on the queue at a time; fewer than there are slots of workers leaves the others to candidates. */
  readonly regradesAtOnce: number;
  /** Estimates that are simulated at a time, each in a thread of its own. */
  readonly simulationThreads: number;
  /** Estimates that may wait for a thread; more are refused. */
  readonly simulationsWaiting: number;
  /** What one simulation may take. */
  readonly simulationSeconds: number;
}

/** Injection token of the {@link Config}. */
export const CONFIG = Symbol('CONFIG');

/**
 * Reads and checks the environment; the only reader of it in the API.
 *
 * @throws Error that names every variable that is missing or wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not right: ${wrong.join('; ')}`);
  }
  const value = parsed.data;
  return {
    port: value.PORT,
    host: value.HOST,
    databaseUrl: value.DATABASE_URL,
    databaseConnections: value.DATABASE_CONNECTIONS,
    queueUrl: value.QUEUE_URL,
    jwtSecret: value.JWT_SECRET,
    runTokenSecret: value.RUN_TOKEN_SECRET,
    publicUrl: value.PUBLIC_URL ?? null,
    workerFacingUrl: value.WORKER_FACING_URL ?? null,
    taskPacks: value.TASK_PACKS,
    mailUrl: value.MAIL_URL,
    mailFrom: value.MAIL_FROM,
    logLevel: value.LOG_LEVEL,
    accessTokenSeconds: value.ACCESS_TOKEN_SECONDS,
    candidateTokenSeconds: value.CANDIDATE_TOKEN_SECONDS,
    refreshTokenDays: value.REFRESH_TOKEN_DAYS,
    invitationDays: value.INVITATION_DAYS,
    signInsPerMinute: value.SIGN_INS_PER_MINUTE,
    uploadsPerMinute: value.UPLOADS_PER_MINUTE,
    practiceRunsPerHour: value.PRACTICE_RUNS_PER_HOUR,
    trustProxyHops: value.TRUST_PROXY_HOPS,
    reconcileSeconds: value.RECONCILE_SECONDS,
    regradesAtOnce: value.REGRADES_AT_ONCE,
    simulationThreads: value.SIMULATION_THREADS,
    simulationsWaiting: value.SIMULATIONS_WAITING,
    simulationSeconds: value.SIMULATION_SECONDS,
  };
}
