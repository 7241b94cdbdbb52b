import { setTimeout as sleep } from 'node:timers/promises';
import { JudgedDatabase } from '@assay/grader/judged-database';
import { SubmissionDatabase } from '@assay/grader/submission-database';
import { type Client, DatabaseError } from 'pg';
import type { Attack, Observation } from '../attack';
import type { Stage } from '../stage';
import { gradingServer, type OwnDatabase, openDatabase, plainServer } from './own-database';

const MIB = 2 ** 20;
/** Longest time that something is left to grow, on a busy machine. */
const GROWING_MS = 40_000;

interface LimitAttack {
  readonly id: string;
  readonly title: string;
  readonly breach: string;
  readonly residual?: string;
  /** @param limited false when the server, or what watches it, is to do without its limits */
  readonly attempt: (own: OwnDatabase, limited: boolean, stage: Stage) => Promise<Observation>;
}

/** Tried on a grading server of its own, and for the proof on one without limits that nobody watches. */
const limit = ({ id, title, breach, residual, attempt }: LimitAttack): Attack => ({
  id,
  title,
  breach,
  layers: ['database-limits'],
  residual: residual ?? null,
  runs: 'once',
  async attempt(stage, without) {
    const limited = without.length === 0;
    const own = await openDatabase(stage, limited ? await gradingServer(stage) : await plainServer(stage));
    return attempt(own, limited, stage);
  },
});

/** A statement that must be refused with one of these codes; the server and another session of the submission go on. */
const refusedStatement = (id: string, title: string, codes: readonly string[], set: string, statement: string): Attack =>
  limit({
    id,
    title,
    breach: 'The statement gets what it asks for, or the server does not outlive it.',
    async attempt(own) {
      const session = await own.connect();
      await session.query(set);
      const end = await session.query(statement).then(
        () => 'done',
        (error: unknown) => (error instanceof DatabaseError ? (error.code ?? '') : String(error)),
      );
      const after = await own.cluster.isWell();
      if (end !== 'done' && after && !codes.includes(end)) throw new Error(`refused for another reason: ${end}`);
      return {
        breached: end === 'done' || !after,
        seen: `${end === 'done' ? 'done' : `refused (${end})`}, the server ${after ? 'goes on' : 'is lost'}`,
      };
    },
  });

interface Filling {
  readonly id: string;
  readonly title: string;
  readonly excess: string;
  /** Begins to fill; need not end by itself. */
  readonly fill: (own: OwnDatabase) => Promise<unknown>;
  /** How much there is now. */
  readonly measure: (own: OwnDatabase) => Promise<number> | number;
  /** What a submission may have, and how much at most there may be before it is stopped. */
  readonly allowed: number;
  readonly most: number;
}

/** Something that grows until the watch ends every session of the submission. */
const watched = ({ id, title, excess, fill, measure, allowed, most }: Filling): Attack => ({
  ...limit({
    id,
    title,
    breach: `It grows beyond ${most}, or nobody stops the project.`,
    async attempt(own, limited, stage) {
      let stopped = '';
      if (limited) {
        own.database.watchLimits((found) => {
          stopped = found;
          // In a grade the sandbox is killed here, and its connections with it.
          void own.judged.proxy.close();
        });
      }
      const filling = fill(own).catch(() => undefined);
      const enough = limited ? most : allowed;
      const end = performance.now() + GROWING_MS;
      let largest = 0;
      while (stopped === '' && largest <= enough && performance.now() < end) {
        await Promise.race([sleep(100, undefined, { signal: stage.signal }), filling.then(() => sleep(100))]);
        largest = Math.max(largest, await measure(own));
      }
      const seen = `grew to ${largest}, ${stopped === '' ? 'nobody stopped it' : `stopped for its ${stopped}`}`;
      return { breached: limited ? largest > most || stopped !== excess : largest > allowed, seen };
    },
  }),
  seconds: 120,
});

const many = (own: OwnDatabase, sessions: number): Promise<Client[]> =>
  Promise.all(Array.from({ length: sessions }, () => own.connect()));

const databaseBytes = async ({ cluster, database }: OwnDatabase): Promise<number> =>
  Number((await cluster.administer('SELECT pg_database_size($1) AS bytes', [database.name]))[0]?.bytes);

const KILOBYTE_ROWS = 'SELECT repeat(md5(n::text), 32) AS filler FROM generate_series(1, 450000) AS n';

export const databaseLimits: readonly Attack[] = [
  refusedStatement(
    'memory-for-sorting',
    '450 MiB sorted in memory',
    ['53200'],
    "SET work_mem = '4GB'",
    `SELECT count(*) FROM (${KILOBYTE_ROWS} ORDER BY 1 OFFSET 1) AS sorted`,
  ),
  refusedStatement(
    'memory-for-hashing',
    '450 MiB hashed in memory',
    ['53200'],
    "SET work_mem = '4GB'; SET hash_mem_multiplier = 1000; SET enable_sort = off",
    `SELECT count(*) FROM (SELECT DISTINCT filler FROM (${KILOBYTE_ROWS}) AS rows) AS hashed`,
  ),
  refusedStatement(
    'memory-for-arrays',
    '450 MiB gathered in an array',
    ['53200'],
    'SET work_mem = 64',
    `SELECT array_length(array_agg(filler), 1) FROM (${KILOBYTE_ROWS}) AS rows`,
  ),
  refusedStatement(
    'memory-for-a-text',
    'One text of 500 MB',
    ['53200', '54000'],
    'SET work_mem = 64',
    "SELECT length(repeat('x', 500000000) || 'y')",
  ),
  refusedStatement(
    'temporary-files',
    '450 MiB sorted in temporary files',
    ['53400'],
    "SET work_mem = '64kB'",
    `SELECT count(*) FROM (${KILOBYTE_ROWS} ORDER BY 1 OFFSET 1) AS sorted`,
  ),
  limit({
    id: 'notifications',
    title: 'Notifications that nobody fetches',
    breach: 'More than 40 MiB of notifications wait.',
    async attempt(own) {
      const [listener, session] = await many(own, 2);
      for (const statement of ['LISTEN flood', 'BEGIN', 'SELECT 1']) await listener?.query(statement);
      const end = await session
        ?.query(
          "DO $$ BEGIN FOR n IN 1..6 LOOP PERFORM pg_notify('flood', repeat('x', 7000) || i) FROM generate_series(n * 1000, n * 1000 + 999) AS i; COMMIT; END LOOP; END $$",
        )
        .then(
          () => 'done',
          (error: unknown) => String(error),
        );
      const usage = await own.cluster.administer('SELECT pg_notification_queue_usage() AS usage');
      return { breached: end === 'done', seen: `${end}, queue used: ${String(usage[0]?.usage)}` };
    },
  }),
  watched({
    id: 'database-size',
    title: 'A database filled with rows',
    excess: 'size',
    fill: async (own) => {
      const session = await own.connect();
      await session.query('CREATE TABLE fill (filler char(1900))');
      await session.query(
        'DO $$ BEGIN LOOP INSERT INTO fill SELECT md5(n::text) FROM generate_series(1, 20000) AS n; COMMIT; END LOOP; END $$',
      );
    },
    measure: databaseBytes,
    allowed: 512 * MIB,
    most: 900 * MIB,
  }),
  watched({
    id: 'locks',
    title: 'Advisory locks without an end',
    excess: 'locks',
    fill: async (own) => {
      const session = await own.connect();
      await session.query('SELECT count(pg_advisory_lock(n)) FROM generate_series(1, 11000) AS n');
      await session.query('SELECT pg_sleep(5)');
    },
    measure: async ({ cluster, database }) =>
      Number(
        (
          await cluster.administer(
            'SELECT count(*) AS locks FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = $1)',
            [database.name],
          )
        )[0]?.locks,
      ),
    allowed: 2_000,
    most: 50_000,
  }),
  watched({
    id: 'memory-of-many-sessions',
    title: 'Twelve sessions with 80 MiB each',
    excess: 'memory',
    fill: async (own) => {
      const sessions = await many(own, 12);
      const hold = "DO $$ DECLARE kept text := repeat('x', 80000000); BEGIN PERFORM pg_sleep(5); END $$";
      await Promise.all(sessions.map((session) => session.query(hold)));
    },
    measure: ({ cluster }) => cluster.sessionMemory(),
    allowed: 512 * MIB,
    most: 1200 * MIB,
  }),
  limit({
    id: 'write-ahead-log',
    title: 'The write-ahead log flooded',
    breach: 'The log grows beyond 384 MiB, or the server does not outlive it.',
    residual: 'Each grade has a server of its own, whose log is removed with it.',
    async attempt(own, limited, stage) {
      const session = await own.connect();
      const flood = "DO $$ BEGIN LOOP PERFORM pg_logical_emit_message(false, 'flood', repeat('x', 8000000)); END LOOP; END $$";
      const flooding = session.query(flood).catch(() => undefined);
      let largest = 0;
      const end = performance.now() + (limited ? 3_000 : GROWING_MS);
      while (largest <= 384 * MIB && performance.now() < end) {
        await Promise.race([sleep(100, undefined, { signal: stage.signal }), flooding]);
        const [row] = await own.cluster.administer('SELECT coalesce(sum(size), 0) AS bytes FROM pg_ls_waldir()');
        largest = Math.max(largest, Number(row?.bytes));
      }
      session.connection.stream.destroy();
      return { breached: largest > 384 * MIB || own.cluster.ended, seen: `it grew to ${Math.round(largest / MIB)} MiB` };
    },
  }),
  limit({
    id: 'connections',
    title: 'All connections of the server taken',
    breach: 'Nobody else, the judge of the next grade for one, gets a session.',
    async attempt(own, limited, stage) {
      if (!limited) await own.cluster.administer(`ALTER ROLE ${own.database.name} CONNECTION LIMIT -1`);
      const opened = await Promise.allSettled(
        Array.from({ length: 60 }, () => (limited ? own.connect() : own.connectPastProxy())),
      );
      const sessions = opened.filter(({ status }) => status === 'fulfilled').length;
      const next = await nextJudge(own, stage);
      return { breached: next !== 'well', seen: `${sessions} sessions opened, the judge of the next grade: ${next}` };
    },
  }),
  limit({
    id: 'lock-held-against-the-judge',
    title: 'A table locked for ever',
    breach: 'A statement of the judge waits for more than ten seconds.',
    async attempt(own, limited) {
      const holder = await own.connect();
      for (const statement of ['CREATE TABLE notes (text text)', 'BEGIN', 'LOCK TABLE notes']) await holder.query(statement);
      const { user, password } = own.database.access.judge;
      if (!limited)
        await own.cluster.administer(`ALTER ROLE ${user} RESET lock_timeout; ALTER ROLE ${user} RESET statement_timeout`);
      const judge = limited ? null : await own.connectPastProxy({ user, password });
      const asking = judge ? judge.query('SELECT count(*) FROM notes') : own.judged.session.query('SELECT count(*) FROM notes');
      const answered = asking.then(
        () => 'it was answered',
        (error: unknown) => String(error),
      );
      const end = await Promise.race([answered, sleep(10_000, 'it still waits')]);
      return { breached: end === 'it still waits', seen: end };
    },
  }),
];

/** Makes a database and opens its judge's session as the next grade on this server would. */
async function nextJudge(own: OwnDatabase, stage: Stage): Promise<string> {
  try {
    const next = await SubmissionDatabase.create(own.cluster, await stage.folder(), null);
    const judged = await JudgedDatabase.open(next.access, () => own.cluster.isWell());
    await judged.close();
    await next.drop();
    return 'well';
  } catch (error) {
    return String(error);
  }
}
