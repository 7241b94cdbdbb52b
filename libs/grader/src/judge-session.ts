import { Socket } from 'node:net';
import { Client, DatabaseError, types } from 'pg';
import type { CheckDatabase } from './check-api';
import { ExpectationFailed } from './expectations';
import { InfrastructureFault } from './faults';

/** Bytes that one answer may have. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * SQLSTATEs that speak of the server itself: connection, disk, memory and sessions used up, shutdown, system, internal. A limit that the
 * role ran into (53400) and a cancelled statement (57014) are the submission's.
 */
const SERVER_FAULT = /^(08|53[0-3]|57P|58|XX|F0)/;

export interface SessionOptions {
  readonly socketDir: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/**
 * The judge's session in a submission's database. It is opened before any of the submission's code runs and has no right that the
 * submission does not have, because views, triggers and functions of the submission run in it.
 */
export class JudgeSession {
  private receivedBytes = 0;
  private overflowed = false;
  private lost: string | null = null;

  private constructor(private readonly client: Client) {}

  static async open(options: SessionOptions): Promise<JudgeSession> {
    const socket = new Socket();
    const client = new Client({
      host: options.socketDir,
      port: options.port,
      user: options.user,
      password: options.password,
      database: options.database,
      stream: () => socket,
      types: { getTypeParser: parserOf },
    });
    const session = new JudgeSession(client);
    socket.on('data', (chunk: Buffer) => session.received(chunk.length, socket));
    client.on('error', (error) => {
      session.lost = error.message;
    });
    try {
      await client.connect();
    } catch (error) {
      throw new InfrastructureFault('grading-database-failed', error instanceof Error ? error.message : String(error));
    }
    return session;
  }

  /**
   * Runs SQL. Errors that the database reports about the statement mean that the submission's schema does not fit, and fail the check
   * as {@link ExpectationFailed}; a lost server is an {@link InfrastructureFault}.
   */
  async query(sql: string, parameters: readonly unknown[] = []): Promise<readonly Readonly<Record<string, unknown>>[]> {
    if (this.overflowed) throw new ExpectationFailed(TOO_MUCH);
    if (this.lost !== null) throw new InfrastructureFault('grading-database-failed', this.lost);
    this.receivedBytes = 0;
    try {
      const result = parameters.length > 0 ? await this.client.query(sql, [...parameters]) : await this.client.query(sql);
      return result.rows ?? [];
    } catch (error) {
      if (this.overflowed) throw new ExpectationFailed(TOO_MUCH);
      if (error instanceof DatabaseError && error.code !== undefined && !SERVER_FAULT.test(error.code)) {
        throw new ExpectationFailed(`the database refused the judge's statement: ${error.message} (SQLSTATE ${error.code})`);
      }
      throw new InfrastructureFault('grading-database-failed', error instanceof Error ? error.message : String(error));
    }
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  private received(bytes: number, socket: Socket): void {
    this.receivedBytes += bytes;
    if (this.receivedBytes <= MAX_ANSWER_BYTES) return;
    this.overflowed = true;
    socket.destroy();
  }
}

const TOO_MUCH = `the database answered more than ${MAX_ANSWER_BYTES} bytes`;

/** The session as checks see it. @param readData text of a file of the pack's `data/` folder */
export function createCheckDatabase(session: JudgeSession, readData: (file: string) => Promise<string>): CheckDatabase {
  return {
    query: (sql, parameters) => session.query(sql, parameters),
    async load(dataFile) {
      await session.query(await readData(dataFile));
    },
  };
}

/** Numbers become numbers when they are exact (`bigint` too, `numeric` stays text), JSON is parsed, times stay as the database writes them. */
function parserOf(oid: number): (text: string) => unknown {
  const { BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8, JSON: PLAIN_JSON, JSONB } = types.builtins;
  if (oid === BOOL) return (text) => text === 't';
  if (oid === INT2 || oid === INT4 || oid === FLOAT4 || oid === FLOAT8) return Number;
  if (oid === INT8) return (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
  if (oid === PLAIN_JSON || oid === JSONB) return (text) => JSON.parse(text);
  return (text) => text;
}
