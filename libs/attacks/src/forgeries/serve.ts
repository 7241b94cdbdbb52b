import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_LIMITS, type RunningSandbox, type WarmStart } from '@assay/sandbox/sandbox';
import type { Stage } from '../stage';
import { buildSubmission, courtOf, type Submission } from './court';

export interface ServeOptions {
  /** Folder with the socket of its database, and what the project is told of it. */
  readonly database?: { readonly socketDir: string; readonly environment: Readonly<Record<string, string>> };
  readonly warmStart?: WarmStart;
  readonly wsgi?: string;
  readonly migrate?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

const NO_DATABASE = { PGHOST: '/nowhere', PGPORT: '5432', PGUSER: 'nobody', PGPASSWORD: 'none', PGDATABASE: 'nothing' };

/** Starts a submission in the sandbox without a judge. Killed after the attempt. */
export async function startWithoutJudge(
  stage: Stage,
  submission: Submission,
  options: ServeOptions = {},
): Promise<RunningSandbox> {
  const { driver, pack } = await courtOf(stage);
  const { environment, framework } = pack.definition;
  const workDir = path.join(await stage.folder(), 'work');
  await mkdir(workDir);
  const sandbox = await driver.start({
    runtime: stage.runtime,
    projectDir: await buildSubmission(stage, pack, submission),
    workDir,
    databaseSocketDir: options.database?.socketDir ?? null,
    redisSocketDir: null,
    warmStart: options.warmStart ?? null,
    environment: {
      ...environment,
      ...(options.database?.environment ?? NO_DATABASE),
      DJANGO_SECRET_KEY: 'nothing that matters',
      ...options.environment,
    },
    wsgi: options.wsgi ?? framework.wsgi,
    settings: framework.settings,
    migrate: options.migrate ?? false,
    limits: { ...DEFAULT_LIMITS, startSeconds: 30 },
  });
  stage.defer(() => sandbox.kill());
  return sandbox;
}

/** The same, and waits until it serves. */
export async function serveWithoutJudge(
  stage: Stage,
  submission: Submission,
  options: ServeOptions = {},
): Promise<RunningSandbox> {
  const sandbox = await startWithoutJudge(stage, submission, options);
  const started = await sandbox.started;
  if (started.outcome !== 'serving') throw new Error(`The project did not start: ${JSON.stringify(started)} ${sandbox.log()}`);
  return sandbox;
}
