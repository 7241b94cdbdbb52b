import { RUN_OUTCOMES, type RunOutcome } from '@assay/contracts/grading-report';
import fc from 'fast-check';
import { deadline, timeLeft } from './deadline';
import {
  attemptsUsed,
  canCancel,
  canDecide,
  canInvite,
  canPractise,
  canStart,
  canSubmit,
  DEFAULT_ATTEMPTS,
  MOST_UNGRADED,
} from './evaluation-actions';
import { type EvaluationTimes, evaluationStatus } from './evaluation-status';

const MINUTE = 60_000;
const KIND = { unstartableUsesAttempt: false };
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 9, minutes));

const STARTED: EvaluationTimes = {
  invitedAt: at(0),
  startedAt: at(10),
  submittedAt: null,
  gradedAt: null,
  decidedAt: null,
  cancelledAt: null,
  opensAt: null,
  closesAt: null,
  timeBoxMinutes: 60,
};

const submissions = (...all: (RunOutcome | null)[][]) => all.map((outcomes) => ({ outcomes }));
const submit = (times: Partial<EvaluationTimes>, now: Date, runs = submissions(), attempts = DEFAULT_ATTEMPTS) =>
  canSubmit({ ...STARTED, ...times }, runs, { ...KIND, attemptsAllowed: attempts }, now);

describe('time left', () => {
  test('runs from the start, or is cut by the closing time', () => {
    expect(timeLeft(at(10), 60, null, at(30))).toBe(40 * MINUTE);
    expect(timeLeft(at(10), 60, at(50), at(30))).toBe(20 * MINUTE);
    expect(timeLeft(at(10), 60, at(90), at(30))).toBe(40 * MINUTE);
    expect(timeLeft(at(10), 60, null, at(71))).toBe(0);
  });

  test('is the time box before the start', () => {
    expect(timeLeft(null, 60, null, at(30))).toBe(60 * MINUTE);
    expect(timeLeft(null, 60, at(50), at(30))).toBe(20 * MINUTE);
  });

  test('there is no deadline before the start of an evaluation that never closes', () => {
    expect(deadline(null, 60, null)).toBeNull();
    expect(deadline(null, 60, at(5))).toEqual(at(5));
    expect(deadline(at(10), 60, null)).toEqual(at(70));
  });
});

describe('submitting', () => {
  test('is allowed until the deadline, with seconds to spare or not', () => {
    expect(submit({}, at(10))).toEqual({ allowed: true });
    expect(submit({}, new Date(at(70).getTime() - 1))).toEqual({ allowed: true });
  });

  test.each<[string, Partial<EvaluationTimes>, string]>([
    ['evaluation_cancelled', { cancelledAt: at(11) }, 'This evaluation was cancelled; ask whoever invited you.'],
    ['evaluation_decided', { decidedAt: at(11) }, 'This evaluation is closed: a decision has been taken.'],
    [
      'evaluation_not_started',
      { startedAt: null },
      'This evaluation has not been started; accept it first, which starts the time box.',
    ],
    [
      'deadline_passed',
      { closesAt: at(20) },
      'The deadline was 2026-11-23T09:20:00.000Z; ask whoever invited you for an extension.',
    ],
    [
      'deadline_passed',
      { timeBoxMinutes: 10 },
      'The deadline was 2026-11-23T09:20:00.000Z; ask whoever invited you for an extension.',
    ],
  ])('is refused as %s', (code, times, message) => {
    expect(submit(times, at(20))).toEqual({ allowed: false, code, message });
  });

  test('takes one graded submission by default', () => {
    expect(submit({}, at(20), submissions(['graded']))).toEqual({
      allowed: false,
      code: 'attempts_used',
      message: 'This evaluation takes one graded submission, and yours has been graded.',
    });
    expect(submit({}, at(20), submissions(['graded']), 2)).toEqual({ allowed: true });
    expect(submit({}, at(20), submissions(['graded'], ['graded']), 2)).toMatchObject({ code: 'attempts_used' });
  });

  test.each<[(RunOutcome | null)[]]>([[[]], [[null]], [['infra_fault', null]]])(
    'waits for a submission with runs %j',
    (outcomes) => {
      expect(submit({}, at(20), submissions(outcomes))).toMatchObject({ allowed: false, code: 'submission_in_grading' });
    },
  );

  test.each(RUN_OUTCOMES.filter((outcome) => outcome !== 'graded'))('%s does not use up an attempt', (outcome) => {
    expect(submit({}, at(20), submissions([outcome], [outcome]))).toEqual({ allowed: true });
  });

  test('a re-grade neither adds nor gives back an attempt', () => {
    expect(attemptsUsed(submissions(['graded', 'graded']), KIND)).toBe(1);
    expect(attemptsUsed(submissions(['graded', 'infra_fault']), KIND)).toBe(1);
    expect(submit({}, at(20), submissions(['graded', null]))).toMatchObject({ code: 'attempts_used' });
  });

  test('is allowed exactly while the evaluation is started and time is left', () => {
    const minute = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(
        fc.option(minute),
        fc.option(minute),
        fc.integer({ min: 1, max: 120 }),
        minute,
        (start, close, timeBoxMinutes, now) => {
          const times: EvaluationTimes = {
            ...STARTED,
            startedAt: start === null ? null : at(start),
            closesAt: close === null ? null : at(close),
            timeBoxMinutes,
          };
          const { allowed } = canSubmit(times, [], { ...KIND, attemptsAllowed: 1 }, at(now));
          expect(canPractise(times, at(now)).allowed).toBe(allowed);
          expect(allowed).toBe(evaluationStatus(times, at(now)) === 'started');
          expect(allowed).toBe(start !== null && timeLeft(times.startedAt, timeBoxMinutes, times.closesAt, at(now)) > 0);
        },
      ),
    );
  });
});

describe('starting', () => {
  const start = (times: Partial<EvaluationTimes>, now: Date) => canStart({ ...STARTED, startedAt: null, ...times }, now);

  test('needs an invitation and an open evaluation', () => {
    expect(start({}, at(5))).toEqual({ allowed: true });
    expect(start({ opensAt: at(5) }, at(5))).toEqual({ allowed: true });
    expect(start({ opensAt: at(6) }, at(5))).toEqual({
      allowed: false,
      code: 'evaluation_not_open',
      message: 'This evaluation opens at 2026-11-23T09:06:00.000Z; start it then.',
    });
    expect(start({ invitedAt: null }, at(5))).toMatchObject({ code: 'evaluation_not_invited' });
    expect(start({ closesAt: at(5) }, at(5))).toMatchObject({ code: 'deadline_passed' });
    expect(start({ cancelledAt: at(4) }, at(5))).toMatchObject({ code: 'evaluation_cancelled' });
    expect(start({ decidedAt: at(4) }, at(5))).toMatchObject({ code: 'evaluation_decided' });
  });

  test('twice changes nothing, even after the time box', () => {
    expect(start({ startedAt: at(1), timeBoxMinutes: 1 }, at(5))).toEqual({ allowed: true });
  });
});

test('inviting is for evaluations that are still to come', () => {
  const invite = (times: Partial<EvaluationTimes>) =>
    canInvite({ ...STARTED, invitedAt: null, startedAt: null, ...times }, at(5));
  expect(invite({})).toEqual({ allowed: true });
  expect(invite({ invitedAt: at(0), closesAt: at(6) })).toEqual({ allowed: true });
  expect(invite({ closesAt: at(5) })).toEqual({
    allowed: false,
    code: 'deadline_passed',
    message: 'This evaluation closed at 2026-11-23T09:05:00.000Z; move its closing time first.',
  });
  expect(invite({ startedAt: at(1) })).toEqual({ allowed: true });
  expect(invite({ cancelledAt: at(1) })).toMatchObject({ code: 'evaluation_cancelled' });
  expect(invite({ decidedAt: at(1) })).toMatchObject({ code: 'evaluation_decided' });
});

test('deciding needs work, or that the time for it is over; calling off needs neither', () => {
  const decide = (times: Partial<EvaluationTimes>, now: Date) => canDecide({ ...STARTED, ...times }, now);
  expect(decide({}, at(69))).toMatchObject({ code: 'evaluation_undecidable' });
  expect(decide({}, at(70))).toEqual({ allowed: true });
  expect(decide({ submittedAt: at(20) }, at(21))).toEqual({ allowed: true });
  expect(decide({ startedAt: null }, at(500))).toMatchObject({ code: 'evaluation_undecidable' });
  expect(decide({ submittedAt: at(20), decidedAt: at(21) }, at(22))).toMatchObject({ code: 'evaluation_decided' });
  expect(decide({ submittedAt: at(20), cancelledAt: at(21) }, at(22))).toMatchObject({ code: 'evaluation_cancelled' });
  expect(canCancel(STARTED)).toEqual({ allowed: true });
  expect(canCancel({ ...STARTED, decidedAt: at(21) })).toMatchObject({ code: 'evaluation_decided' });
});

describe('where a submission that cannot be graded uses an attempt', () => {
  const strict = { attemptsAllowed: 1, unstartableUsesAttempt: true };

  test.each<RunOutcome>(['ungradable', 'timed_out'])('%s does', (outcome) => {
    expect(attemptsUsed(submissions([outcome]), strict)).toBe(1);
    expect(canSubmit(STARTED, submissions([outcome]), strict, at(20))).toEqual({
      allowed: false,
      code: 'attempts_used',
      message: 'This evaluation takes one submission, also one that cannot be graded, and none is left.',
    });
    expect(canSubmit(STARTED, submissions([outcome]), { ...strict, attemptsAllowed: 2 }, at(20))).toEqual({ allowed: true });
  });

  test.each<RunOutcome>(['infra_fault', 'cancelled'])('%s does not', (outcome) => {
    expect(canSubmit(STARTED, submissions([outcome]), strict, at(20))).toEqual({ allowed: true });
  });

  test('a submission counts once, whatever its runs say', () => {
    expect(attemptsUsed(submissions(['ungradable', 'graded', null]), strict)).toBe(1);
  });
});

test('practising needs neither an attempt nor the end of an open grading', () => {
  expect(canPractise(STARTED, at(20))).toEqual({ allowed: true });
  expect(canPractise({ ...STARTED, startedAt: null }, at(20))).toMatchObject({ code: 'evaluation_not_started' });
  expect(canPractise({ ...STARTED, closesAt: at(20) }, at(20))).toMatchObject({ code: 'deadline_passed' });
  expect(canPractise({ ...STARTED, decidedAt: at(19) }, at(20))).toMatchObject({ code: 'evaluation_decided' });
});

test('submissions that cannot be graded are free, but not without end; faults of ours are', () => {
  const times = (count: number, outcome: RunOutcome) => submissions(...Array.from({ length: count }, () => [outcome]));
  expect(submit({}, at(20), times(MOST_UNGRADED - 1, 'ungradable'))).toEqual({ allowed: true });
  expect(submit({}, at(20), times(MOST_UNGRADED, 'ungradable'))).toMatchObject({ code: 'ungraded_used' });
  expect(submit({}, at(20), times(MOST_UNGRADED, 'timed_out'))).toMatchObject({ code: 'ungraded_used' });
  expect(submit({}, at(20), times(MOST_UNGRADED * 2, 'infra_fault'))).toEqual({ allowed: true });
});
