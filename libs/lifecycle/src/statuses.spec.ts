import { RUN_OUTCOMES } from '@assay/contracts/grading-report';
import fc from 'fast-check';
import { canInvite } from './evaluation-actions';
import { EVALUATION_STATUSES, EVALUATION_TRANSITIONS, type EvaluationTimes, evaluationStatus } from './evaluation-status';
import { applyReport, isRetried, RUN_STATUSES, RUN_TRANSITIONS, type RunTimes, runStatus } from './grading-run';
import { isPracticeOver, PRACTICE_STATUSES, PRACTICE_TRANSITIONS, practiceSentence, practiceStatus } from './practice-status';
import {
  isSettled,
  SUBMISSION_STATUSES,
  SUBMISSION_TRANSITIONS,
  submissionSentence,
  submissionStatus,
} from './submission-status';
import { canMove, isFinal, type TransitionTable, unreachableStates } from './transition-table';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 9, minutes));

const DRAFT: EvaluationTimes = {
  invitedAt: null,
  startedAt: null,
  submittedAt: null,
  gradedAt: null,
  decidedAt: null,
  cancelledAt: null,
  opensAt: null,
  closesAt: null,
  timeBoxMinutes: 180,
};

describe('transition tables', () => {
  test.each<[string, TransitionTable<string>, string, readonly string[]]>([
    ['evaluation', EVALUATION_TRANSITIONS, 'draft', EVALUATION_STATUSES],
    ['submission', SUBMISSION_TRANSITIONS, 'received', SUBMISSION_STATUSES],
    ['grading run', RUN_TRANSITIONS, 'pending', RUN_STATUSES],
    ['practice run', PRACTICE_TRANSITIONS, 'received', PRACTICE_STATUSES],
  ])('%s: knows every status and reaches it', (_name, table, initial, statuses) => {
    expect(Object.keys(table).sort()).toEqual([...statuses].sort());
    expect(unreachableStates(table, initial)).toEqual([]);
  });

  test('an unreachable state is found', () => {
    const table: TransitionTable<string> = { a: ['b'], b: ['a'], c: ['a'], d: [] };
    expect(unreachableStates(table, 'a')).toEqual(['c', 'd']);
  });

  test('what has ended stays ended', () => {
    for (const outcome of RUN_OUTCOMES) expect(isFinal(RUN_TRANSITIONS, outcome)).toBe(true);
    expect(isFinal(EVALUATION_TRANSITIONS, 'decided')).toBe(true);
    expect(canMove(EVALUATION_TRANSITIONS, 'decided', 'cancelled')).toBe(false);
  });
});

describe('evaluation status', () => {
  test.each<[string, Partial<EvaluationTimes>]>([
    ['draft', {}],
    ['draft', { closesAt: at(0) }],
    ['invited', { invitedAt: at(0) }],
    ['invited', { invitedAt: at(0), closesAt: at(11) }],
    ['expired', { invitedAt: at(0), closesAt: at(10) }],
    ['started', { invitedAt: at(0), startedAt: at(1) }],
    ['started', { invitedAt: at(0), startedAt: at(1), timeBoxMinutes: 10 }],
    ['expired', { invitedAt: at(0), startedAt: at(1), timeBoxMinutes: 9 }],
    ['expired', { invitedAt: at(0), startedAt: at(1), closesAt: at(5) }],
    ['submitted', { invitedAt: at(0), startedAt: at(1), submittedAt: at(2), closesAt: at(5) }],
    ['graded', { invitedAt: at(0), startedAt: at(1), submittedAt: at(2), gradedAt: at(3) }],
    ['decided', { invitedAt: at(0), startedAt: at(1), submittedAt: at(2), gradedAt: at(3), decidedAt: at(4) }],
    ['cancelled', { invitedAt: at(0), startedAt: at(1), cancelledAt: at(4) }],
    ['cancelled', { cancelledAt: at(4) }],
  ])('is %s for %j ten minutes past nine', (expected, times) => {
    expect(evaluationStatus({ ...DRAFT, ...times }, at(10))).toBe(expected);
  });

  test('whatever happens next, each change of status is one the table allows', () => {
    const steps = ['invitedAt', 'startedAt', 'submittedAt', 'gradedAt', 'decidedAt'] as const;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 5, maxLength: 5 }),
        fc.option(fc.integer({ min: 1, max: 300 })),
        fc.integer({ min: 1, max: 120 }),
        fc.option(fc.integer({ min: 0, max: 300 })),
        (gaps, closing, timeBoxMinutes, cancelling) => {
          const moments = gaps.map((_gap, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0));
          // What has happened by `minute`; nothing is done that the deadline forbids.
          const timesAt = (minute: number): EvaluationTimes => {
            let times: EvaluationTimes = { ...DRAFT, timeBoxMinutes, closesAt: closing === null ? null : at(closing) };
            for (const [index, step] of steps.entries()) {
              const moment = at(moments[index] ?? 0);
              const refused = step === 'invitedAt' && !canInvite(times, moment).allowed;
              if (moment > at(minute) || refused || evaluationStatus(times, moment) === 'expired') break;
              times = { ...times, [step]: moment };
            }
            return cancelling !== null && cancelling <= minute && times.decidedAt === null
              ? { ...times, cancelledAt: at(cancelling) }
              : times;
          };
          let status = evaluationStatus(timesAt(0), at(0));
          for (let minute = 1; minute <= 300 && !isFinal(EVALUATION_TRANSITIONS, status); minute += 1) {
            const next = evaluationStatus(timesAt(minute), at(minute));
            if (next !== status)
              expect([status, next, canMove(EVALUATION_TRANSITIONS, status, next)]).toEqual([status, next, true]);
            status = next;
          }
        },
      ),
    );
  });
});

describe('grading run', () => {
  const run = (times: Partial<RunTimes>): RunTimes => ({ queuedAt: null, startedAt: null, outcome: null, ...times });

  test('goes from pending over queued and running to its outcome', () => {
    expect(runStatus(run({}))).toBe('pending');
    expect(runStatus(run({ queuedAt: at(0) }))).toBe('queued');
    expect(runStatus(run({ queuedAt: at(0), startedAt: at(1) }))).toBe('running');
    for (const outcome of RUN_OUTCOMES) {
      expect(runStatus(run({ queuedAt: at(0), startedAt: at(1), outcome }))).toBe(outcome);
    }
  });

  test('takes the first report, whatever it had heard before, and no other', () => {
    fc.assert(
      fc.property(
        fc.record({ queuedAt: fc.option(fc.date()), startedAt: fc.option(fc.date()) }),
        fc.array(fc.constantFrom(...RUN_OUTCOMES), { minLength: 1, maxLength: 5 }),
        (times, outcomes) => {
          let current: RunTimes = { ...times, outcome: null };
          const accepted = outcomes.filter((outcome) => {
            const decision = applyReport(current, { outcome });
            if (decision.action === 'ignore') return false;
            expect(canMove(RUN_TRANSITIONS, runStatus(current), decision.outcome)).toBe(true);
            current = { ...current, outcome: decision.outcome };
            return true;
          });
          expect(accepted).toEqual(outcomes.slice(0, 1));
          expect(current.outcome).toBe(outcomes[0]);
        },
      ),
    );
  });

  test('tells a repeated report from a contradicting one', () => {
    expect(applyReport(run({ outcome: 'graded' }), { outcome: 'graded' })).toMatchObject({
      action: 'ignore',
      reason: 'duplicate',
    });
    expect(applyReport(run({ outcome: 'cancelled' }), { outcome: 'graded' })).toEqual({
      action: 'ignore',
      reason: 'already_final',
      message: 'The run already ended as "cancelled"; a later report says "graded" and changes nothing.',
    });
  });

  test('is tried again after an infrastructure fault only', () => {
    expect(RUN_OUTCOMES.filter(isRetried)).toEqual(['infra_fault']);
  });
});

describe('submission status', () => {
  test('follows the latest run', () => {
    expect(submissionStatus(null)).toBe('received');
    expect(submissionStatus({ queuedAt: null, startedAt: null, outcome: null })).toBe('received');
    expect(submissionStatus({ queuedAt: at(0), startedAt: null, outcome: null })).toBe('queued');
    expect(submissionStatus({ queuedAt: at(0), startedAt: at(1), outcome: null })).toBe('grading');
    for (const outcome of RUN_OUTCOMES) {
      expect(submissionStatus({ queuedAt: at(0), startedAt: at(1), outcome })).toBe(outcome);
    }
  });

  test('is settled when the run has ended', () => {
    expect(SUBMISSION_STATUSES.filter((status) => !isSettled(status))).toEqual(['received', 'queued', 'grading']);
  });

  test('has a sentence for the candidate, which says when no attempt was used', () => {
    const keeping = (unstartableUsesAttempt: boolean) =>
      SUBMISSION_STATUSES.filter((status) =>
        submissionSentence(status, { unstartableUsesAttempt }).includes('did not use up an attempt'),
      );
    expect(keeping(false)).toEqual(['ungradable', 'timed_out', 'infra_fault', 'cancelled']);
    expect(keeping(true)).toEqual(['infra_fault', 'cancelled']);
    for (const status of ['ungradable', 'timed_out'] as const)
      expect(submissionSentence(status, { unstartableUsesAttempt: true })).toContain('it used up an attempt');
  });
});

test('a practice run has the status that its moments say, over with its outcome, and a sentence for each', () => {
  const run = { queuedAt: null, startedAt: null, outcome: null };
  expect(practiceStatus(run)).toBe('received');
  expect(practiceStatus({ ...run, queuedAt: at(1) })).toBe('queued');
  expect(practiceStatus({ ...run, startedAt: at(1) })).toBe('running');
  expect(practiceStatus({ ...run, startedAt: at(1), outcome: 'finished' })).toBe('finished');
  expect(PRACTICE_STATUSES.filter(isPracticeOver)).toEqual(PRACTICE_STATUSES.slice(3));
  for (const status of PRACTICE_STATUSES) expect(practiceSentence(status)).toMatch(/^[A-Z].*\.$/);
});
