import { Socket } from 'node:net';
import { Client, DatabaseError, type QueryConfig, types } from 'pg';
import type { CheckDatabase } from './check-api';
import { ExpectationFailed } from './expectations';
import { InfrastructureFault } from './faults';

/**
 * Bytes that one answer may have. In the heap a row of nothing but nulls takes twenty times what it takes on the wire, and a project
 * that lets a view answer must not be able to end the judge's process.
 */
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

/** Longer than the statement timeout of the judge's role, which a trigger can switch off or catch. */
const LONGEST_STATEMENT_MS = 20_000;
const ENDED = "the judge's session was ended";

type Rows = readonly Readonly<Record<string, unknown>>[];

export interface ReadOnlyOptions {
  /**
   * A string is sent as text, a buffer as binary, and the server takes no more than one statement. Null: the SQL is known to be one, and
   * is sent without a word about parameters.
   */
  readonly parameters?: readonly (string | Buffer | null)[] | null;
  /** Of the database, for this statement. */
  readonly timeoutMs: number;
  /** Whether names mean PostgreSQL's own catalogue, whatever the submission has under the same names. */
  readonly catalogueOnly?: boolean;
}

export interface SessionOptions {
  readonly socketDir: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Role of the submission, which the session acts as. */
  readonly role: string;
  /**
   * Asks the server from outside the submission's database whether it is in order. What an error in this session says of the server
   * proves nothing: a trigger can raise any code, and end the session that it runs in.
   */
  readonly isServerWell: () => Promise<boolean>;
}

/**
 * The judge's session in a submission's database. It is opened before any of the submission's code runs and has no right that the
 * submission does not have, because views, triggers and functions of the submission run in it.
 */
export class JudgeSession {
  private receivedBytes = 0;
  /** Why the session was cut off or lost, for which the submission is to blame when the server is well. */
  private broken: string | null = null;
  /** Settles when the statement before has ended; never rejects. */
  private turn: Promise<unknown> = Promise.resolve();
  /** Settles when nothing is left in the session of what ran in it; never rejects. */
  private clean: Promise<void> = Promise.resolve();

  private constructor(
    private readonly client: Client,
    private readonly socket: Socket,
    private readonly options: SessionOptions,
  ) {}

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
    const session = new JudgeSession(client, socket, options);
    socket.on('data', (chunk: Buffer) => session.received(chunk.length));
    client.on('error', () => {
      session.broken ??= ENDED;
    });
    try {
      await client.connect();
    } catch (error) {
      throw new InfrastructureFault('grading-database-failed', error instanceof Error ? error.message : String(error));
    }
    session.clean = session.cleanUp();
    return session;
  }

  /**
   * Runs SQL in a session without a trace of what triggers and functions left in it before. What goes wrong means that the submission's
   * schema does not fit, and fails the check as {@link ExpectationFailed}; when the server itself is not well it is an
   * {@link InfrastructureFault}.
   */
  query(sql: string, parameters: readonly unknown[] = []): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.inTurn(async () => {
      const result = parameters.length > 0 ? await this.client.query(sql, [...parameters]) : await this.client.query(sql);
      return result.rows ?? [];
    });
  }

  /** Runs SQL in a read-only transaction that is rolled back. Throws like `query`. */
  readOnly(sql: string, { parameters = [], timeoutMs, catalogueOnly = false }: ReadOnlyOptions): Promise<Rows> {
    return this.inTurn(async () => {
      const searchPath = catalogueOnly ? '; SET LOCAL search_path = pg_catalog' : '';
      await this.client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.round(timeoutMs)}${searchPath}`);
      try {
        if (parameters === null) return (await this.client.query<Record<string, unknown>>(sql)).rows ?? [];
        const single: QueryConfig & { queryMode: 'extended' } = { text: sql, values: [...parameters], queryMode: 'extended' };
        return (await this.client.query<Record<string, unknown>>(single)).rows;
      } finally {
        // It may be over already when the session was lost.
        await this.client.query('ROLLBACK').catch(() => undefined);
      }
    });
  }

  private inTurn(work: () => Promise<Rows>): Promise<Rows> {
    const rows = this.turn.then(() => this.run(work));
    this.turn = rows.catch(() => undefined);
    return rows;
  }

  private async run(work: () => Promise<Rows>): Promise<Rows> {
    if (this.broken !== null) throw await this.explain(new ExpectationFailed(this.broken));
    this.receivedBytes = 0;
    const timer = setTimeout(
      () => this.cut(`the database did not answer within ${LONGEST_STATEMENT_MS / 1000} seconds`),
      LONGEST_STATEMENT_MS,
    );
    try {
      await this.clean;
      if (this.broken !== null) throw new Error(this.broken);
      return await work();
    } catch (error) {
      if (error instanceof DatabaseError && !error.message.startsWith('terminating connection')) {
        const refused = new ExpectationFailed(
          `the database refused the judge's statement: ${error.message} (SQLSTATE ${error.code})`,
        );
        // A server that keeps a constraint is well. Checks try what it must refuse, and asking it takes longer than that.
        throw isViolation(error) ? refused : await this.explain(refused);
      }
      this.broken ??= ENDED;
      throw await this.explain(new ExpectationFailed(this.broken));
    } finally {
      clearTimeout(timer);
      // Not waited for: the check goes on meanwhile.
      if (this.broken === null) this.clean = this.cleanUp();
    }
  }

  private async cleanUp(): Promise<void> {
    try {
      await this.client.query('DISCARD ALL');
      await this.client.query(`SET ROLE ${this.options.role}`);
    } catch {
      this.broken ??= ENDED;
    }
  }

  /** Ends the session, and with it a statement that is running. */
  interrupt(why: string): void {
    this.cut(why);
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  private received(bytes: number): void {
    this.receivedBytes += bytes;
    if (this.receivedBytes > MAX_ANSWER_BYTES) this.cut(`the database answered more than ${MAX_ANSWER_BYTES} bytes`);
  }

  private cut(why: string): void {
    this.broken ??= why;
    this.socket.destroy();
  }

  private async explain(failure: ExpectationFailed): Promise<ExpectationFailed | InfrastructureFault> {
    return (await this.options.isServerWell()) ? failure : new InfrastructureFault('grading-database-failed', failure.message);
  }
}

/** Integrity constraint violations are class 23. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isViolation(error: DatabaseError): boolean {
  return error.code?.startsWith('23') === true;
}

/** The session as checks see it. @param readData text of a file of the pack's `data/` folder */
export function createCheckDatabase(session: JudgeSession, readData: (file: string) => string): CheckDatabase {
  return {
    query: (sql, parameters) => session.query(sql, parameters),
    async load(dataFile) {
      await session.query(readData(dataFile));
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
