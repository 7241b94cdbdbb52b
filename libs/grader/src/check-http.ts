import type { Exchange } from '@assay/contracts/grading-report';
import type { CheckHttp, HttpAnswer, RequestOptions } from './check-api';
import { askTogether } from './check-kinds/together';
import type { ServingProcess } from './check-kinds/together-api';
import type { CheckRecord } from './check-record';
import type { Conversations } from './conversations';
import { ExpectationFailed, NothingToJudge } from './expectations';
import type { ProcessorSampler } from './fair-timer';
import { bodyOf, headersOf, refuseUnsendable, type UserHeaders } from './http-message';
import { parseAnswer } from './parse-answer';
import type { PostgresProxy } from './postgres-proxy';
import { recordedBody, withoutVolatileParts } from './recorded-text';
import { normaliseStatement } from './statement-text';
import { NoAnswer, type RawAnswer, type UnixHttp } from './unix-http';

/** Requests of one check: endless pages, for example, must end. */
const MAX_REQUESTS = 400;
/** Characters of all answers to one check, which may keep what it parsed of them: in the heap that can be twenty times as much. */
const MAX_CHARACTERS = 6 * 1024 * 1024;
/** Statements kept of one exchange. */
const MAX_STATEMENTS = 20;
/** How long the database may still be answering statements of a request that is already answered, in milliseconds. */
const SETTLE_MS = 250;

export interface CheckHttpOptions {
  readonly server: UnixHttp;
  readonly requestSeconds: number;
  readonly users: UserHeaders;
  /** Counts the statements of a request. */
  readonly proxy: Pick<PostgresProxy, 'takeWindow' | 'settle' | 'setGate' | 'traffic'>;
  /** Aborted when the server is gone or the time of the run is over. */
  readonly signal: AbortSignal;
  /** Time of the run, see `withoutVolatileParts`. */
  readonly now: Date;
  readonly sample: ProcessorSampler;
}

/** The server behind each way of asking, for requests to several processes at the same time. */
const SERVERS = new WeakMap<ServingProcess, UnixHttp>();

/** What HTTP leaves as evidence of a check. */
export type HttpEvidence = Pick<CheckRecord, 'addExchange' | 'addRecord'>;

/**
 * HTTP for one check, one request after the other, so that statements belong to exactly one of them.
 *
 * @param evidence gets every exchange, also those that failed
 * @param lockWaits tells how many sessions of the submission wait for a lock
 * @param guard throws when the check may not ask now
 */
export function createCheckHttp(
  options: CheckHttpOptions & { readonly conversations: Conversations },
  evidence: HttpEvidence,
  guard: () => void,
  lockWaits: () => Promise<number>,
): CheckHttp {
  let count = 0;
  let characters = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const record = (exchange: Exchange): void => evidence.addExchange(exchange);
  /** Runs one request or group of requests after the other. */
  const inTurn = <T>(requests: number, ask: () => Promise<T>, lengthOf: (received: T) => number): Promise<T> => {
    const received = turn.then(async () => {
      guard();
      count += requests;
      if (count > MAX_REQUESTS) throw new ExpectationFailed(`more than ${MAX_REQUESTS} requests were needed`);
      const answer = await ask();
      characters += lengthOf(answer);
      if (characters > MAX_CHARACTERS)
        throw new ExpectationFailed(`all answers together are longer than ${MAX_CHARACTERS} characters`);
      return answer;
    });
    turn = received.catch(() => undefined);
    return received;
  };
  const send = (method: string, path: string, request: RequestOptions = {}): Promise<HttpAnswer> =>
    inTurn(
      1,
      () => exchange(options, method, path, request, record),
      (answer) => answer.text.length,
    );
  const http: CheckHttp = {
    get: (path, request) => send('GET', path, request),
    post: (path, request) => send('POST', path, request),
    put: (path, request) => send('PUT', path, request),
    patch: (path, request) => send('PATCH', path, request),
    delete: (path, request) => send('DELETE', path, request),
    head: (path, request) => send('HEAD', path, request),
    options: (path, request) => send('OPTIONS', path, request),
    together: (requests, settings = {}) =>
      inTurn(
        requests.length,
        () => askTogether({ ...options, lockWaits, evidence, serversOf }, requests, settings),
        ({ answers }) => answers.reduce((sum, { text }) => sum + text.length, 0),
      ),
  };
  SERVERS.set(http, options.server);
  return http;
}

function serversOf(processes: readonly ServingProcess[]): UnixHttp[] {
  return processes.map((each) => {
    const server = SERVERS.get(each);
    if (!server) throw new TypeError('`across` takes what `boot.start()` gives as `http`');
    return server;
  });
}

async function exchange(
  options: CheckHttpOptions & { readonly conversations: Conversations },
  method: string,
  path: string,
  request: RequestOptions,
  record: (exchange: Exchange) => void,
): Promise<HttpAnswer> {
  const body = bodyOf(request.body);
  const headers = headersOf(options.users, request, body);
  refuseUnsendable(method, path, headers);
  options.proxy.takeWindow();
  let answer: RawAnswer | null = null;
  let problem: string | null = null;
  try {
    const { server, signal, sample } = options;
    const timeoutMs = options.requestSeconds * 1000;
    answer = await options.conversations.during(() => server.request({ method, path, headers, body, timeoutMs, signal, sample }));
    await options.proxy.settle(SETTLE_MS);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    problem = error.message;
  }
  const statements = options.proxy.takeWindow();
  const steady = (text: string): string => withoutVolatileParts(text, options.now);
  record({
    request: {
      method,
      path: steady(path),
      as: request.as ?? null,
      body: body === null ? null : recordedBody(body, options.now).body,
    },
    response: answer && {
      status: answer.status,
      contentType: answer.headers['content-type']?.slice(0, 200) ?? null,
      ...recordedBody(answer.text, options.now),
    },
    error: problem,
    // What a request that was cut off got done depends on the moment of the cut.
    statementCount: answer ? statements.count : 0,
    statements: answer ? statements.texts.slice(0, MAX_STATEMENTS).map(normaliseStatement) : [],
  });
  if (!answer) throw new NothingToJudge(`${method} ${steady(path)} got no answer: ${problem}`);
  const { status, headers: answered, text } = answer;
  return {
    status,
    headers: answered,
    text,
    json: () => parseAnswer(text, `${method} ${steady(path)}`, status),
    statementCount: statements.count,
  };
}
