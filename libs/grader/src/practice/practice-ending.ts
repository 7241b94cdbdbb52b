import type { PracticeReport } from '@assay/contracts/practice-report';
import type { ProgramExit } from '@assay/sandbox/sandbox';
import type { DatabaseExcess } from '../database-limits';
import { InfrastructureFault, RunCancelled, SubmissionFault } from '../faults';
import { shownText } from './shown-text';

export type PracticeEnding = Pick<PracticeReport, 'outcome' | 'reason' | 'faultDetail'>;

const FINISHED: PracticeEnding = { outcome: 'finished', reason: null, faultDetail: null };
/** pytest's own: all passed, some failed, none found. */
const RAN_TO_THE_END = [0, 1, 5];
/** Longest message of a reason. */
const MAX_MESSAGE = 2_000;

const EXCESSES: Readonly<Record<DatabaseExcess, string>> = {
  size: 'filled the database beyond its limit of 512 MiB',
  'temporary-files': 'wrote more than 256 MiB of temporary data in the database at once',
  memory: "used more than 512 MiB of the database server's memory",
  locks: 'held thousands of locks in the database',
};

/** How a run ended whose program ended by itself or by a limit. Throws `InfrastructureFault` when it was our doing. */
export function endingOf(exit: ProgramExit, isOver: boolean, excess: DatabaseExcess | null): PracticeEnding {
  if (excess !== null) return unstartable('database-limit', `Your project was stopped, because it ${EXCESSES[excess]}.`);
  switch (exit.kind) {
    case 'exited':
      if (isOver && RAN_TO_THE_END.includes(exit.code)) return FINISHED;
      return unstartable(
        'checks-not-run',
        `The visible checks did not run to their end (exit code ${exit.code}). The end of the output says why; "pytest visible-checks" on your machine should say the same.`,
      );
    case 'signalled':
      return unstartable('process-ended', `The process of the checks ended by signal ${exit.signal}.`);
    case 'limit':
      return unstartable(`out-of-${exit.limit}`, LIMITS[exit.limit]);
    case 'timed_out':
      return {
        outcome: 'timed_out',
        reason: {
          code: 'practice-timed-out',
          message: `The visible checks did not end within ${exit.seconds} seconds. The ones that ended are listed; look at the one that comes after them for loops and waits.`,
        },
        faultDetail: null,
      };
    case 'killed':
      throw new InfrastructureFault('sandbox-killed', 'the sandbox of a practice run was killed');
    case 'infra_fault':
      throw new InfrastructureFault('sandbox-failed', exit.detail);
  }
}

/** How a run ended that could not go on for this error. */
export function endingOfError(error: unknown): PracticeEnding {
  if (error instanceof SubmissionFault) return unstartable(error.reason.code, error.reason.messageForCandidate);
  if (error instanceof RunCancelled) {
    return { outcome: 'cancelled', reason: { code: 'cancelled', message: 'The run was cancelled.' }, faultDetail: null };
  }
  const code = error instanceof InfrastructureFault ? error.code : 'internal-error';
  const detail = error instanceof InfrastructureFault ? error.message : error instanceof Error ? error.stack : String(error);
  return {
    outcome: 'infra_fault',
    reason: { code, message: 'The practice run failed on our side. It is not your fault and does not count.' },
    faultDetail: shownText(detail ?? code, MAX_MESSAGE),
  };
}

const LIMITS = {
  memory: 'Your project used more memory than it may have while the checks ran.',
  cpu: 'Your project used up its processor time while the checks ran. Look for endless loops.',
  system_calls: 'Your project asked the operating system for something that the grader does not allow.',
} as const;

function unstartable(code: string, message: string): PracticeEnding {
  return { outcome: 'unstartable', reason: { code, message: shownText(message, MAX_MESSAGE) }, faultDetail: null };
}
