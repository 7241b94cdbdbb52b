import type { Attack, JudgeLayer, Observation } from '../attack';
import { type OwnDatabase, openDatabase } from './own-database';

type Ask = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

interface SessionAttack {
  readonly id: string;
  readonly title: string;
  readonly breach: string;
  readonly layer: JudgeLayer;
  /** What the submission has done in its database before the judge asks. */
  readonly prepare: readonly string[];
  /** @param ask the judge's way to its session */
  readonly attempt: (ask: Ask, own: OwnDatabase) => Promise<Observation>;
  /** A careless judge's way. */
  readonly careless: (own: OwnDatabase) => Promise<Ask>;
}

const sessionAttack = ({ id, title, breach, layer, prepare, attempt, careless }: SessionAttack): Attack => ({
  id,
  title,
  breach,
  layers: [layer],
  residual: null,
  runs: 'once',
  async attempt(stage, without) {
    const own = await openDatabase(stage);
    const session = await own.connect();
    for (const statement of prepare) await session.query(statement);
    return attempt(without.length > 0 ? await careless(own) : (sql) => own.judged.session.query(sql), own);
  },
});

/** A session of the judge's role that begins when the submission has prepared everything, and is never cleaned. */
async function lateSession(own: OwnDatabase): Promise<Ask> {
  const { user, password } = own.database.access.judge;
  const session = await own.connectPastProxy({ user, password });
  return async (sql) => (await session.query(sql)).rows;
}

/** A superuser's session in the submission's database. */
async function superusersSession(own: OwnDatabase): Promise<Ask> {
  const url = new URL(own.cluster.urlOf(own.database.name));
  const host = url.searchParams.get('host') ?? own.cluster.postgres.socketDir;
  const session = await own.connectPastProxy({ host, user: url.username || 'judge', password: decodeURIComponent(url.password) });
  return async (sql) => (await session.query(sql)).rows;
}

const NOTES = 'CREATE TABLE notes (owner text, text text)';

export const judgeSessionAttacks: readonly Attack[] = [
  sessionAttack({
    id: 'shadowed-operators',
    title: 'An operator and an aggregate of its own before those of PostgreSQL',
    breach: "The judge's count is what the submission wants it to be.",
    layer: 'outside-judge',
    prepare: [
      NOTES,
      'CREATE FUNCTION public.always(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$',
      'CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.always)',
      'CREATE FUNCTION public.many(bigint, text) RETURNS bigint LANGUAGE sql AS $$ SELECT 42::bigint $$',
      "CREATE AGGREGATE public.count(text) (SFUNC = public.many, STYPE = bigint, INITCOND = '0')",
      "INSERT INTO notes VALUES ('mallory', 'x')",
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$",
      'ALTER ROLE CURRENT_USER SET search_path = public, pg_catalog',
    ],
    attempt: async (ask) => {
      const rows = await ask("SELECT count(text) AS notes FROM notes WHERE owner = 'alice'::text");
      return { breached: Number(rows[0]?.notes) !== 0, seen: `a count of nothing is ${String(rows[0]?.notes)}` };
    },
    careless: lateSession,
  }),
  sessionAttack({
    id: 'traces-in-the-judges-session',
    title: 'A trigger that leaves a temporary table, a search path and a time zone behind',
    breach: "A later statement of the judge's meets what a trigger left in its session.",
    layer: 'outside-judge',
    prepare: [
      NOTES,
      `CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        CREATE TEMP TABLE IF NOT EXISTS notes AS SELECT 'alice'::text AS owner, 'forged'::text AS text;
        PERFORM set_config('TimeZone', 'Asia/Tokyo', false); RETURN NEW; END $$`,
      'CREATE TRIGGER leave BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION leave()',
    ],
    attempt: async (ask) => {
      await ask("INSERT INTO public.notes VALUES ('alice', 'true')");
      const rows = await ask("SELECT text, current_setting('TimeZone') AS zone FROM notes");
      const isForged = rows[0]?.text !== 'true' || rows[0].zone === 'Asia/Tokyo';
      return { breached: isForged, seen: `the judge reads ${JSON.stringify(rows)}` };
    },
    careless: lateSession,
  }),
  sessionAttack({
    id: 'rights-of-the-judge',
    title: 'A trigger that takes the rights of whoever writes',
    breach: 'Code of the submission gets a right by being run in a session of the judge.',
    layer: 'database-role',
    prepare: [
      NOTES,
      'CREATE TABLE gained (what text)',
      `CREATE FUNCTION gain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RESET ROLE; SET ROLE NONE;
        BEGIN EXECUTE format('ALTER ROLE %I SUPERUSER', current_database()); INSERT INTO gained VALUES ('superuser');
        EXCEPTION WHEN OTHERS THEN NULL; END;
        BEGIN EXECUTE format('GRANT %I TO %I', session_user, current_database()); INSERT INTO gained VALUES ('the role of the judge');
        EXCEPTION WHEN OTHERS THEN NULL; END;
        BEGIN PERFORM pg_read_file('/etc/passwd'); INSERT INTO gained VALUES ('files');
        EXCEPTION WHEN OTHERS THEN NULL; END;
        BEGIN EXECUTE format('SET ROLE %I', current_database()); EXCEPTION WHEN OTHERS THEN NULL; END;
        RETURN NEW; END $$`,
      'CREATE TRIGGER gain BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION gain()',
      'GRANT ALL ON gained, notes TO PUBLIC',
    ],
    attempt: async (ask) => {
      await ask("INSERT INTO notes VALUES ('alice', 'true')");
      const rows = await ask('SELECT what FROM gained');
      return {
        breached: rows.length > 0,
        seen: rows.length > 0 ? `gained: ${rows.map(({ what }) => String(what)).join(', ')}` : 'nothing gained',
      };
    },
    careless: superusersSession,
  }),
];
