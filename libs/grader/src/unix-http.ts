import { createConnection, type Socket } from 'node:net';
import { FairTimer, type ProcessorSampler } from './fair-timer';
import { InfrastructureFault } from './faults';
import { AnswerReader, MalformedAnswer, type RawAnswer } from './http-answer';

export type { RawAnswer } from './http-answer';

export interface RawRequest {
  readonly method: string;
  /** Path and headers as they are sent: plain ASCII without control characters. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** From connecting to the last byte of the answer, in milliseconds of the project's own time (see `FairTimer`). */
  readonly timeoutMs: number;
  /** Ends the request at once; its reason is given as `message` when it is a string. */
  readonly signal: AbortSignal;
  readonly sample: ProcessorSampler;
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
 * HTTP/1.1 on a Unix socket, one request after the other, on one connection as long as the server keeps it. The other side is untrusted:
 * one deadline for all of an answer, bounded headers and body (`AnswerReader`), redirects are not followed, an answer that breaks off or
 * lies about its length is none.
 */
export class UnixHttp {
  private idle: Connection | null = null;

  constructor(private readonly socketPath: string) {}

  /** Throws {@link NoAnswer}, and {@link InfrastructureFault} when the machine gave the project no time to answer. */
  async request(request: RawRequest): Promise<RawAnswer> {
    const kept = this.idle;
    this.idle = null;
    if (kept?.isOpen) {
      const answer = await this.ask(kept, request);
      // The server had closed it before it could see the request.
      if (answer !== 'closed unasked') return answer;
    }
    const answer = await this.ask(new Connection(this.socketPath), request);
    if (answer === 'closed unasked') throw new NoAnswer(CONNECTION_CLOSED);
    return answer;
  }

  /**
   * Requests that are in flight at the same time, each on a connection of its own: all are connected and have sent everything but their
   * last byte before the first last byte is sent. Never rejects for what the project does.
   *
   * @param onEnd called whenever one of them got its answer, or none
   * @param others servers that get their share of the requests, in turn
   * @returns answers in the order of the requests
   */
  async together(
    requests: readonly RawRequest[],
    onEnd: () => void,
    others: readonly UnixHttp[] = [],
  ): Promise<(RawAnswer | NoAnswer)[]> {
    const paths = [this, ...others].map(({ socketPath }) => socketPath);
    const connections = requests.map((_, index) => new Connection(String(paths[index % paths.length])));
    const messages = requests.map((request) => Buffer.from(messageOf(request)));
    await Promise.all(
      connections.map((connection, index) => connection.begin(messages[index]?.subarray(0, -1) ?? Buffer.alloc(0))),
    );
    const answers = requests.map(async (request, index) => {
      try {
        const answer = await connections[index]?.ask(request, messages[index]?.subarray(-1));
        return answer === undefined || answer === 'closed unasked' ? new NoAnswer(CONNECTION_CLOSED) : answer;
      } catch (error) {
        if (error instanceof NoAnswer) return error;
        throw error;
      } finally {
        onEnd();
      }
    });
    try {
      return await Promise.all(answers);
    } finally {
      await Promise.allSettled(answers);
      for (const connection of connections) connection.destroy();
    }
  }

  close(): void {
    this.idle?.destroy();
    this.idle = null;
  }

  private async ask(connection: Connection, request: RawRequest): Promise<RawAnswer | 'closed unasked'> {
    const answer = await connection.ask(request);
    if (connection.isOpen) this.idle = connection;
    return answer;
  }
}

interface Exchange {
  readonly reader: AnswerReader;
  readonly onBytes: () => void;
  readonly onEnd: () => void;
}

/** Errors of a socket that the other side cannot cause. */
const OURS = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EACCES', 'EPERM']);

class Connection {
  private readonly socket: Socket;
  private exchange: Exchange | null = null;
  /** Why what came is no answer. */
  private problem: string | null = null;
  /** What went wrong on this side. */
  private fault: InfrastructureFault | null = null;
  isOpen = true;

  constructor(socketPath: string) {
    this.socket = createConnection(socketPath);
    this.socket.on('data', (bytes: Buffer) => {
      // Nobody asked for anything.
      if (this.exchange === null) return this.destroy();
      try {
        this.exchange.reader.push(bytes);
      } catch (error) {
        if (!(error instanceof MalformedAnswer)) throw error;
        this.problem = error.message;
      }
      this.exchange.onBytes();
    });
    const end = (): void => {
      this.isOpen = false;
      this.exchange?.onEnd();
    };
    this.socket.on('close', end).on('error', (error: NodeJS.ErrnoException) => {
      if (OURS.has(error.code ?? '')) this.fault = new InfrastructureFault('judge-failed', error.message);
      end();
    });
    this.socket.on('end', () => {
      this.exchange?.reader.end();
      end();
    });
  }

  /** Sends the beginning of a message. Resolves when the other side can read it, or nobody can. */
  begin(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('close', () => resolve());
      this.socket.write(bytes, () => resolve());
    });
  }

  /**
   * `closed unasked`: closed without a byte of an answer.
   *
   * @param bytes the message, or what `begin` left of it
   */
  ask(request: RawRequest, bytes: string | Uint8Array = messageOf(request)): Promise<RawAnswer | 'closed unasked'> {
    if (this.socket.destroyed) return this.fault ? Promise.reject(this.fault) : Promise.resolve('closed unasked');
    const reader = new AnswerReader(request.method === 'HEAD');
    const bytesBefore = this.socket.bytesRead;
    return new Promise((resolve, reject) => {
      const finish = (action: () => void): void => {
        if (this.exchange?.reader !== reader) return;
        this.exchange = null;
        timer.stop();
        request.signal.removeEventListener('abort', abort);
        if (!reader.leavesConnectionOpen) this.destroy();
        action();
      };
      const fail = (message: string, isSilent = false): void => finish(() => reject(new NoAnswer(message, isSilent)));
      const abort = (): void => fail(typeof request.signal.reason === 'string' ? request.signal.reason : 'the run was ended');
      const timer = new FairTimer(request.timeoutMs, request.sample, (how) => {
        if (how === 'over') return fail(`no complete answer within ${request.timeoutMs / 1000} seconds`, true);
        finish(() =>
          reject(new InfrastructureFault('machine-overloaded', 'the project got too little of a processor to answer')),
        );
      });
      this.exchange = {
        reader,
        onBytes: () => {
          if (this.problem !== null) fail(this.problem);
          else if (reader.isComplete) finish(() => resolve(reader.answer));
        },
        onEnd: () => {
          const { fault } = this;
          if (fault) finish(() => reject(fault));
          else if (reader.isComplete) finish(() => resolve(reader.answer));
          else if (this.socket.bytesRead === bytesBefore) finish(() => resolve('closed unasked'));
          else fail(CONNECTION_CLOSED);
        },
      };
      if (request.signal.aborted) return abort();
      request.signal.addEventListener('abort', abort);
      timer.resume();
      this.socket.write(bytes);
    });
  }

  destroy(): void {
    this.isOpen = false;
    this.socket.destroy();
  }
}

function messageOf({ method, path, headers, body }: RawRequest): string {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  // A check may ask another host, and a request has one Host only.
  for (const [name, value] of Object.entries({ host: 'localhost', ...headers })) head += `${name}: ${value}\r\n`;
  return `${head}\r\n${body ?? ''}`;
}
