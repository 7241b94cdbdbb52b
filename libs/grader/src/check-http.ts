import type { Exchange } from '@assay/contracts/grading-report';
import type { CheckHttp, HttpAnswer, RequestOptions } from './check-api';
import type { Conversations } from './conversations';
import { ExpectationFailed, quote } from './expectations';
import type { ProcessorSampler } from './fair-timer';
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
  readonly users: Readonly<Record<string, { readonly headers: Readonly<Record<string, string>> }>>;
  /** Counts the statements of a request. */
  readonly proxy: Pick<PostgresProxy, 'takeWindow' | 'settle'>;
  /** Aborted when the server is gone or the time of the run is over. */
  readonly signal: AbortSignal;
  /** Time of the run, see `withoutVolatileParts`. */
  readonly now: Date;
  readonly sample: ProcessorSampler;
}

/**
 * HTTP for one check, one request after the other, so that statements belong to exactly one of them.
 *
 * @param record gets every exchange, also those that failed
 * @param guard throws when the check may not ask now
 */
export function createCheckHttp(
  options: CheckHttpOptions & { readonly conversations: Conversations },
  record: (exchange: Exchange) => void,
  guard: () => void,
): CheckHttp {
  let count = 0;
  let characters = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const send = (method: string, path: string, request: RequestOptions = {}): Promise<HttpAnswer> => {
    const answer = turn.then(async () => {
      guard();
      count += 1;
      if (count > MAX_REQUESTS) throw new ExpectationFailed(`more than ${MAX_REQUESTS} requests were needed`);
      const received = await exchange(options, method, path, request, record);
      characters += received.text.length;
      if (characters > MAX_CHARACTERS)
        throw new ExpectationFailed(`all answers together are longer than ${MAX_CHARACTERS} characters`);
      return received;
    });
    turn = answer.catch(() => undefined);
    return answer;
  };
  return {
    get: (path, request) => send('GET', path, request),
    post: (path, request) => send('POST', path, request),
    put: (path, request) => send('PUT', path, request),
    patch: (path, request) => send('PATCH', path, request),
    delete: (path, request) => send('DELETE', path, request),
  };
}

async function exchange(
  options: CheckHttpOptions & { readonly conversations: Conversations },
  method: string,
  path: string,
  request: RequestOptions,
  record: (exchange: Exchange) => void,
): Promise<HttpAnswer> {
  const body = bodyOf(request.body);
  const headers = headersOf(options, request, body);
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
  if (!answer) throw new ExpectationFailed(`${method} ${steady(path)} got no answer: ${problem}`);
  const { status, headers: answered, text } = answer;
  return {
    status,
    headers: answered,
    text,
    json: () => parseAnswer(text, `${method} ${steady(path)}`),
    statementCount: statements.count,
  };
}

function bodyOf(body: unknown): string | null {
  if (body === undefined) return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function headersOf(options: CheckHttpOptions, request: RequestOptions, body: string | null): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== null) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  if (request.as !== undefined) {
    const user = options.users[request.as];
    if (!user) throw new TypeError(`task.yaml has no user "${request.as}"`);
    for (const [name, value] of Object.entries(user.headers)) headers[name.toLowerCase()] = value;
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  return headers;
}

/** Checks build paths and headers from earlier answers, so that what cannot be sent is the project's fault and no crash of the check. */
function refuseUnsendable(method: string, path: string, headers: Readonly<Record<string, string>>): void {
  if (!/^\/[\x21-\x7e]{0,8000}$/.test(path))
    throw new ExpectationFailed(`${method} ${quote(path)}: this is no path that can be asked for`);
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w-]+$/.test(name)) throw new TypeError(`${quote(name)} is no name of a header`);
    if (!/^[\t\x20-\x7e]{0,8000}$/.test(value)) {
      throw new ExpectationFailed(`${method} ${quote(path)}: the header "${name}" cannot be ${quote(value)}`);
    }
  }
}
