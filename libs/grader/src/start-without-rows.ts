import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureFault, SubmissionFault } from './faults';
import type { DatabaseTemplate } from './fresh-database';
import { type ProjectStart, startProject } from './project-sandbox';
import type { RunningCluster } from './running-cluster';
import { SubmissionDatabase } from './submission-database';

/** With what a start is repeated. */
export interface RepeatedStart {
  readonly cluster: RunningCluster;
  /** Without rows; null for an empty database. */
  readonly template: DatabaseTemplate | null;
  /** As it was the first time. */
  readonly start: ProjectStart;
  /** Lets the project to this database; closed again by whoever gave it. */
  readonly open: (database: SubmissionDatabase) => Promise<void>;
  readonly discard: (database: SubmissionDatabase) => void;
}

/** Longest that the repetition may take, in seconds: it is for a text only. */
const MOST_SECONDS = 10;

/**
 * The fault of a project that did not start, in words that its author may read. While it starts, a project can read the task's rows,
 * which are hidden, and put them into its output, an error's text or a line number. What the author reads comes from a second start on a
 * database without rows; where that does not fail in the same way, nothing of the project's own is shown. The outcome stays the first
 * one's, also when the second start meets a fault of ours: a project that leaves its server without locks or room would else be tried again
 * and again.
 */
export async function tellWithoutRows(fault: SubmissionFault, repeated: RepeatedStart): Promise<SubmissionFault> {
  const { code, messageForReviewer } = fault.reason;
  const silent = (messageForCandidate: string): SubmissionFault =>
    new SubmissionFault(fault.outcome, { ...fault.reason, messageForCandidate, log: '' });
  let again: SubmissionFault | null;
  try {
    again = await startAgain(repeated);
  } catch (error) {
    if (!(error instanceof InfrastructureFault)) throw error;
    return silent(
      `Your project did not start (${code}). Its own words cannot be shown this time: start it with the environment of the task to see them.`,
    );
  }
  if (again?.reason.code !== code) {
    return silent(
      `Your project did not start (${code}). It does not fail like that on a database without the task's rows, so that its own words are not shown. Try it with the rows that came with the task, and look at code that reads the database while it is loaded.`,
    );
  }
  // The words about a start that took too long are ours and name the time that it had.
  const { messageForCandidate } = fault.outcome === 'timed_out' ? fault.reason : again.reason;
  return new SubmissionFault(fault.outcome, { code, messageForCandidate, messageForReviewer, log: again.reason.log });
}

async function startAgain({ cluster, template, start, open, discard }: RepeatedStart): Promise<SubmissionFault | null> {
  const workDir = path.join(start.workDir, 'again');
  await mkdir(workDir, { mode: 0o755 });
  const database = await SubmissionDatabase.create(cluster, workDir, template);
  try {
    await open(database);
    const { limits } = start.pack.definition;
    const startSeconds = Math.min(limits.startSeconds, MOST_SECONDS);
    const definition = { ...start.pack.definition, limits: { ...limits, startSeconds } };
    const pack = { ...start.pack, definition };
    const { sandbox } = await startProject({ ...start, pack, workDir, database, migrate: true });
    await sandbox.kill();
    return null;
  } catch (error) {
    if (error instanceof SubmissionFault) return error;
    throw (await database.fault()) ?? error;
  } finally {
    discard(database);
  }
}
