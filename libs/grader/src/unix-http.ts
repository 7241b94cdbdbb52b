import { type IncomingMessage, request } from 'node:http';
import { FairTimer, type ProcessorSampler } from './fair-timer';
import { InfrastructureFault } from './faults';

/** Bounds on one answer, in bytes and headers. */
const MAX_HEADER_BYTES = 32 * 1024;
const MAX_HEADERS = 100;
const MAX_BODY_BYTES = 1024 * 1024;

export interface RawRequest {
  readonly socketPath: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** From connecting to the last byte of the answer, in milliseconds of the project's own time (see `FairTimer`). */
  readonly timeoutMs: number;
  /** Ends the request at once; its reason is given as `message` when it is a string. */
  readonly signal: AbortSignal;
  readonly sample: ProcessorSampler;
}

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; a header that came more than once is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** One wording for every way in which a server can be gone: which of them is seen first is a matter of luck. */
export const CONNECTION_CLOSED = 'the server closed the connection without a complete answer';

/** There is no usable answer; `message` says why, without anything that varies from run to run. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  /** @param isSilent whether the time was over */
  constructor(
    message: string,
    readonly isSilent = false,
  ) {
    super(message);
  }
}

/**
 * One HTTP/1.1 request on a Unix socket. The other side is untrusted: one deadline for all of it, bounded headers and body, redirects
 * are not followed, an answer that breaks off or lies about its length is none. Throws {@link NoAnswer}, and
 * {@link InfrastructureFault} when the machine gave the project no time to answer.
 */
export function requestOnce(options: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      socketPath: options.socketPath,
      method: options.method,
      path: options.path,
      headers: { host: 'localhost', connection: 'close', ...options.headers },
      agent: false,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    outgoing.maxHeadersCount = MAX_HEADERS;
    let settled = false;
    const finish = (action: () => void): void => {
      if (settled) return;
      settled = true;
      timer.stop();
      options.signal.removeEventListener('abort', abort);
      outgoing.destroy();
      action();
    };
    const fail = (message: string, isSilent = false): void => finish(() => reject(new NoAnswer(message, isSilent)));
    const abort = (): void => fail(typeof options.signal.reason === 'string' ? options.signal.reason : 'the run was ended');
    const timer = new FairTimer(options.timeoutMs, options.sample, (how) => {
      if (how === 'over') fail(`no complete answer within ${options.timeoutMs / 1000} seconds`, true);
      else
        finish(() =>
          reject(new InfrastructureFault('machine-overloaded', 'the project got too little of a processor to answer')),
        );
    });
    timer.resume();
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(describe(error)));
    options.signal.addEventListener('abort', abort);
    if (options.signal.aborted) abort();
    outgoing.on('upgrade', () => fail('the server wanted to switch protocols'));
    outgoing.on('response', (response) => {
      readBody(response).then(
        (text) => finish(() => resolve({ status: response.statusCode ?? 0, headers: joinHeaders(response), text })),
        (error: unknown) => fail(error instanceof NoAnswer ? error.message : describe(error as NodeJS.ErrnoException)),
      );
    });
    outgoing.end(options.body ?? undefined);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const buffer = chunk as Buffer;
    bytes += buffer.length;
    if (bytes > MAX_BODY_BYTES) throw new NoAnswer(`the answer's body is longer than ${MAX_BODY_BYTES} bytes`);
    chunks.push(buffer);
  }
  if (!response.complete) throw new NoAnswer(CONNECTION_CLOSED);
  return Buffer.concat(chunks).toString('utf8');
}

function joinHeaders(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(response.headersDistinct)) headers[name] = (values ?? []).join(', ');
  return headers;
}

const GONE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ERR_STREAM_PREMATURE_CLOSE']);

function describe(error: NodeJS.ErrnoException): string {
  if (error.code?.startsWith('HPE_')) return `the answer is not HTTP/1.1 (${error.code})`;
  if (GONE.has(error.code ?? '')) return CONNECTION_CLOSED;
  return `the request failed (${error.code ?? error.name})`;
}
