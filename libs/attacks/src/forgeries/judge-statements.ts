import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Attack, Observation } from '../attack';
import { describeReport, grade, type Submission } from './court';
import { isFree } from './graded-forgery';
import { type OwnDatabase, openDatabase } from './own-database';

const PATIENCE_MS = 3_000;
const LONG_PATIENCE_MS = 20_000;
const ENOUGH_BYTES = 8 * 2 ** 20;
const INSERT = "INSERT INTO notes_note (owner, text) VALUES ('alice', 'new')";

/** Answers what the checks want to hear before they look into the database. */
const PLAUSIBLE_VIEW = `from django.http import JsonResponse


def notes(request):
    if request.method == "POST":
        return JsonResponse({"id": 1}, status=400 if b"7" in request.body else 201)
    return JsonResponse(["one", "two"], safe=False)
`;

/** A project whose WSGI module first runs these statements in its database. */
function preparing(statements: readonly string[]): Submission {
  const wsgi = `from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.db import connection  # noqa: E402

with connection.cursor() as cursor:
    for statement in ${JSON.stringify(statements)}:
        cursor.execute(statement)
`;
  return { files: { 'site_notes/wsgi.py': wsgi, 'notes/views.py': PLAUSIBLE_VIEW } };
}

/** A trigger that does this whenever a note is written. */
const trigger = (body: string): readonly string[] => [
  `CREATE FUNCTION react() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$`,
  'CREATE TRIGGER react BEFORE INSERT ON notes_note FOR EACH ROW EXECUTE FUNCTION react()',
];

/** A view that answers in the place of the table of notes, and takes rows without keeping them. */
const viewOfNotes = (select: string): readonly string[] => [
  'DROP TABLE notes_note',
  `CREATE VIEW notes_note AS ${select}`,
  'CREATE RULE swallow AS ON INSERT TO notes_note DO INSTEAD NOTHING',
];

interface Disturbance {
  readonly id: string;
  readonly title: string;
  readonly statements: readonly string[];
  /** What the same does to a careless judge, who has this plain session in the submission's database. */
  readonly careless: (judge: Client) => Promise<Observation>;
}

/** Something of the submission's schema that the judge's own statements meet. */
const disturbance = ({ id, title, statements, careless }: Disturbance): Attack => ({
  id,
  title,
  breach: 'A check passes, or the run ends as a fault of ours, which costs no attempt and is tried again.',
  layers: ['outside-judge'],
  residual: null,
  runs: 'each',
  async attempt(stage, without) {
    if (without.length > 0) {
      try {
        return await careless(await prepared(await openDatabase(stage), statements));
      } catch (error) {
        if (!/permission denied for database|too many connections/.test(String(error))) throw error;
        return { breached: true, seen: `a judge that comes late cannot even enter: ${String(error)}` };
      }
    }
    const report = await grade(stage, preparing(statements));
    const passed = report.checks.filter(({ status }) => status === 'passed');
    return { breached: isFree(report) || passed.length > 0, seen: describeReport(report) };
  },
});

/** The submission's statements done in a database with a table of notes. */
async function prepared(own: OwnDatabase, statements: readonly string[]): Promise<Client> {
  const session = await own.connect();
  await session.query(
    'CREATE TABLE notes_note (id bigserial PRIMARY KEY, owner varchar(20) NOT NULL, text varchar(100) NOT NULL)',
  );
  await session.query("INSERT INTO notes_note (owner, text) VALUES ('alice', 'one'), ('alice', 'two'), ('bob', 'three')");
  for (const statement of statements) await session.query(statement);
  const { user, password } = own.database.access.judge;
  return own.connectPastProxy({ user, password });
}

/** A judge that takes the code of an error for the truth. */
async function believesErrors(judge: Client): Promise<Observation> {
  const code = await judge.query(INSERT).then(
    () => 'none',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
  const isOurs = /^(58|57P|53|XX|08)|terminated/.test(code);
  return { breached: isOurs, seen: `a judge that believes error codes takes ${code} for a fault of the server` };
}

/** A judge without a limit of its own. */
async function waits(judge: Client): Promise<Observation> {
  const end = judge.query(INSERT).then(
    () => true,
    () => true,
  );
  const isDone = await Promise.race([end, sleep(PATIENCE_MS, false)]);
  return { breached: !isDone, seen: isDone ? 'it was answered' : 'a judge without a limit still waits' };
}

/** A judge that keeps all rows that come, without counting them: until it has several times what ours takes. */
async function gathers(judge: Client): Promise<Observation> {
  let bytes = 0;
  judge.connection.stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ENOUGH_BYTES) judge.connection.stream.destroy();
  });
  await Promise.race([
    judge.query("SELECT * FROM notes_note WHERE text = 'sent by bob'").catch(() => undefined),
    sleep(LONG_PATIENCE_MS),
  ]);
  return { breached: bytes > ENOUGH_BYTES, seen: `a judge that counts nothing was sent ${Math.round(bytes / 2 ** 20)} MiB` };
}

const raises = (code: string): readonly string[] => trigger(`RAISE EXCEPTION 'broken' USING ERRCODE = '${code}';`);

export const judgeStatements: readonly Attack[] = [
  disturbance({
    id: 'errors-of-a-broken-server',
    title: 'A trigger that raises input/output errors',
    statements: raises('58030'),
    careless: believesErrors,
  }),
  disturbance({
    id: 'errors-of-a-server-shutting-down',
    title: 'A trigger that raises "the server is shutting down"',
    statements: raises('57P01'),
    careless: believesErrors,
  }),
  disturbance({
    id: 'errors-without-an-end',
    title: 'A trigger that raises 12 MB of words',
    statements: trigger("RAISE EXCEPTION '%', repeat('eyJ-', 3000000);"),
    careless: async (judge) => {
      const length = await judge.query(INSERT).then(
        () => 0,
        (error: Error) => error.message.length,
      );
      return { breached: length > 10_000_000, seen: `a judge without limits was told ${length} characters` };
    },
  }),
  disturbance({
    id: 'judges-session-ended-from-within',
    title: 'A trigger that ends the session which it runs in',
    statements: trigger('SET ROLE NONE; PERFORM pg_terminate_backend(pg_backend_pid());'),
    careless: believesErrors,
  }),
  disturbance({
    id: 'statement-without-an-end',
    title: 'A trigger that never ends and catches whatever would end it',
    statements: trigger(`PERFORM set_config('statement_timeout', '0', false);
      LOOP BEGIN PERFORM pg_sleep(1000); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP;`),
    careless: waits,
  }),
  disturbance({
    id: 'rows-without-an-end',
    title: 'A view with a thousand million rows',
    statements: viewOfNotes("SELECT generate_series(1, 1000000000) AS id, repeat('x', 1000) AS owner, 'sent by bob' AS text"),
    careless: gathers,
  }),
  disturbance({
    id: 'rows-of-nulls',
    title: 'A view whose rows are small on the wire and large in memory',
    statements: viewOfNotes(
      `SELECT 1 AS id, ${Array.from({ length: 1_500 }, (_, index) => `NULL::int AS c${index}`).join(', ')}, 'bob' AS owner, 'sent by bob' AS text FROM generate_series(1, 20000)`,
    ),
    careless: gathers,
  }),
  disturbance({
    id: 'nested-json-in-rows',
    title: 'A view with JSON of millions of lists',
    statements: viewOfNotes(
      `SELECT n AS id, ('[' || repeat('[],', 700000) || repeat('[', 5000) || repeat(']', 5000) || ']')::json AS owner, 'sent by bob' AS text FROM generate_series(1, 20) AS n`,
    ),
    careless: gathers,
  }),
  disturbance({
    id: 'nothing-left-for-the-judge',
    title: 'Everything dropped that the judge needs',
    statements: ['DROP SCHEMA public CASCADE', 'DROP OWNED BY CURRENT_USER CASCADE'],
    careless: (judge) =>
      judge.query(INSERT).then(
        () => ({ breached: false, seen: 'it was answered' }),
        (error: unknown) => ({ breached: true, seen: `a judge that calls every error a fault of its own: ${String(error)}` }),
      ),
  }),
  disturbance({
    id: 'database-closed-to-the-judge',
    title: 'The database closed to new sessions',
    statements: [
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END $$",
      "DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC, CURRENT_USER', current_database()); END $$",
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$",
    ],
    careless: async () => ({ breached: false, seen: 'a judge that comes late was let in' }),
  }),
];
