import { logTail, SubmissionFault } from './faults';
import type { FirstAnswer } from './judge-process/messages';

/**
 * Why a project whose first request went wrong cannot be graded, in words for its author; null when it answered. That a project serves
 * is before that only what it says itself.
 *
 * @param seconds the time that it had
 * @param log what it printed before the task's rows were there: its author reads that
 * @param wholeLog all that it printed, for reviewers
 */
export function firstAnswerFault(first: FirstAnswer, seconds: number, log: string, wholeLog: string): SubmissionFault | null {
  if (first.outcome === 'answered') return null;
  if (first.outcome === 'seed-refused') {
    return new SubmissionFault('ungradable', {
      code: 'seed-rows-refused',
      messageForCandidate:
        "The task's rows cannot be loaded into your project's tables. Keep the tables and columns of the starter; give new columns a database default or allow null.",
      messageForReviewer: withLog(first.message, wholeLog),
      log: logTail(log),
    });
  }
  return new SubmissionFault(first.isSilent ? 'timed_out' : 'ungradable', {
    code: first.isSilent ? 'never-answers' : 'no-http-answer',
    messageForCandidate: first.isSilent
      ? `Your project started but did not answer its first request within ${seconds} seconds. Look for code in the WSGI module, the middleware or the URL configuration that waits or loops.`
      : `Your project started but gave no proper HTTP answer to its first request (${first.message}). Leave serving to the grader: it calls the WSGI application of your project.`,
    messageForReviewer: withLog(`First request, GET /: ${first.message}`, wholeLog),
    log: logTail(log),
  });
}

function withLog(message: string, log: string): string {
  return log.trim() === '' ? message : `${message}. The project printed: ${logTail(log)}`;
}
