import { logTail, SubmissionFault } from './faults';
import { NoAnswer, requestOnce } from './unix-http';

export interface FirstQuestion {
  readonly socketPath: string;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly log: () => string;
}

/**
 * Asks the project for `/`; any HTTP answer will do, 404 included. That a project serves is so far only what it says itself.
 * Throws {@link SubmissionFault} when nothing or no HTTP comes back.
 */
export async function askFirst(question: FirstQuestion): Promise<void> {
  try {
    await requestOnce({
      socketPath: question.socketPath,
      method: 'GET',
      path: '/',
      headers: {},
      body: null,
      timeoutMs: question.seconds * 1000,
      signal: question.signal,
    });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const silent = error.message.startsWith('no complete answer');
    throw new SubmissionFault(silent ? 'timed_out' : 'ungradable', {
      code: silent ? 'never-answers' : 'no-http-answer',
      messageForCandidate: silent
        ? `Your project started but did not answer its first request within ${question.seconds} seconds. Look for code in the WSGI module, the middleware or the URL configuration that waits or loops.`
        : `Your project started but gave no proper HTTP answer to its first request (${error.message}). Leave serving to the grader: it calls the WSGI application of your project.`,
      messageForReviewer: `First request, GET /: ${error.message}`,
      log: logTail(question.log()),
    });
  }
}
