import { createConnection, type Socket } from 'node:net';
import { ExpectationFailed } from './expectations';

/** Bytes of all answers to one command. The server is locked in, yet the submission decides what is in it. */
const MAX_BYTES = 1024 * 1024;
/** Pieces in which it may come: each is read from the beginning. */
const MAX_PIECES = 500;
const MAX_DEPTH = 4;
const ANSWER_MS = 5_000;

export type RedisValue = string | number | null | readonly RedisValue[];

/**
 * The judge's own connection to the Redis of a submission, for one command after the other. Whatever goes wrong is the submission's
 * doing and fails the check; that the server itself was lost is noticed by who started it.
 */
export class RedisConnection {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly socketPath: string) {}

  /** The answer to a command. Throws {@link ExpectationFailed}. */
  command(...words: readonly string[]): Promise<RedisValue> {
    const answer = this.turn.then(() => this.ask(words));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  private ask(words: readonly string[]): Promise<RedisValue> {
    return new Promise((resolve, reject) => {
      const socket: Socket = createConnection(this.socketPath);
      let bytes: Buffer = Buffer.alloc(0);
      let pieces = 0;
      const fail = (why: string): void => {
        socket.destroy();
        reject(new ExpectationFailed(`the submission's Redis ${why}`));
      };
      socket.setTimeout(ANSWER_MS, () => fail('does not answer'));
      socket.on('error', () => fail('is gone'));
      socket.on('close', () => fail('is gone'));
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        pieces += 1;
        if (pieces > MAX_PIECES) return fail('answers in crumbs');
        if (bytes.length > MAX_BYTES) return fail(`answers more than ${MAX_BYTES} bytes`);
        try {
          const found = readValue(bytes, 0, 0);
          if (found === null) return;
          socket.removeAllListeners('close').destroy();
          resolve(found.value);
        } catch (error) {
          fail(error instanceof Error ? error.message : String(error));
        }
      });
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    });
  }
}

interface Read {
  readonly value: RedisValue;
  readonly next: number;
}

/** A value of RESP2, or null when not all of it is there. Source: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
function readValue(bytes: Buffer, start: number, depth: number): Read | null {
  const end = bytes.indexOf('\r\n', start);
  if (end < 0) return null;
  const line = bytes.toString('utf8', start + 1, end);
  const next = end + 2;
  const kind = String.fromCharCode(bytes[start] ?? 0);
  if (kind === '+') return { value: line, next };
  if (kind === ':') return { value: Number(line), next };
  if (kind === '-') throw new Error(`refused a command: ${line.slice(0, 200)}`);
  const length = Number(line);
  if (kind === '$') {
    if (length < 0) return { value: null, next };
    if (bytes.length < next + length + 2) return null;
    return { value: bytes.toString('utf8', next, next + length), next: next + length + 2 };
  }
  if (kind !== '*' || depth >= MAX_DEPTH) throw new Error('does not speak its protocol');
  return readList(bytes, next, length, depth);
}

function readList(bytes: Buffer, start: number, length: number, depth: number): Read | null {
  const values: RedisValue[] = [];
  let next = start;
  for (let count = 0; count < length; count += 1) {
    const item = readValue(bytes, next, depth + 1);
    if (item === null) return null;
    values.push(item.value);
    next = item.next;
  }
  return { value: values, next };
}
