import { type Client, DatabaseError } from 'pg';
import type { Attack, Observation } from '../attack';
import type { Stage } from '../stage';
import { type OwnDatabase, openDatabase } from './own-database';

/** No right; and for an extension that is not even installed: no such file, not available. */
const REFUSALS = new Set(['42501', '58P01', '0A000']);

interface RightsAttack {
  readonly id: string;
  readonly title: string;
  readonly breach: string;
  /** What the submission's own session tries. */
  readonly attempt: (session: Client, own: OwnDatabase, stage: Stage) => Promise<Observation>;
}

/** Tried with the rights that a submission has, and for the proof with those of a superuser. */
function withRights({ id, title, breach, attempt }: RightsAttack): Attack {
  return {
    id,
    title,
    breach,
    layers: ['database-role'],
    residual: null,
    runs: 'once',
    async attempt(stage, without) {
      const own = await openDatabase(stage);
      if (without.length > 0) await own.cluster.administer(`ALTER ROLE ${own.database.name} SUPERUSER`);
      return attempt(await own.connect(), own, stage);
    },
  };
}

/** Runs each statement by itself; what was not refused is a breach. */
function refused(id: string, title: string, breach: string, statements: (own: OwnDatabase) => readonly string[]): Attack {
  return withRights({
    id,
    title,
    breach,
    async attempt(session, own) {
      const allowed: string[] = [];
      const wrong: string[] = [];
      for (const statement of statements(own)) {
        try {
          // Nothing of it stays: what a superuser may do here must not harm the next attack.
          await session.query('BEGIN');
          await session.query(statement);
          allowed.push(statement);
        } catch (error) {
          if (!(error instanceof DatabaseError && REFUSALS.has(error.code ?? ''))) wrong.push(`${statement}: ${String(error)}`);
        } finally {
          await session.query('ROLLBACK');
        }
      }
      if (allowed.length > 0) return { breached: true, seen: `allowed: ${allowed.join('; ')}` };
      if (wrong.length > 0) throw new Error(`not refused for want of rights: ${wrong.join('; ')}`);
      return { breached: false, seen: 'each was refused' };
    },
  });
}

const SECRET = 'what the judge asks';

export const databaseRights: readonly Attack[] = [
  refused(
    'become-superuser',
    'More rights for its own role',
    'The role of a submission gives itself a right.',
    ({ database }) => [
      'ALTER ROLE CURRENT_USER SUPERUSER',
      'ALTER ROLE CURRENT_USER CREATEDB',
      'ALTER ROLE CURRENT_USER CREATEROLE REPLICATION BYPASSRLS',
      'ALTER ROLE CURRENT_USER CONNECTION LIMIT -1',
      'GRANT pg_read_all_data, pg_monitor, pg_signal_backend, pg_execute_server_program TO CURRENT_USER',
      `GRANT ${database.name}_judge TO CURRENT_USER`,
      "SET temp_file_limit = '-1'",
      'UPDATE pg_catalog.pg_authid SET rolsuper = true WHERE rolname = current_user',
    ],
  ),
  refused('take-other-roles', 'SET ROLE and SET SESSION AUTHORIZATION', 'A submission acts as another role.', ({ database }) => [
    'SET ROLE judge',
    `SET ROLE ${database.name}_judge`,
    'SET SESSION AUTHORIZATION judge',
    `SET SESSION AUTHORIZATION ${database.name}_judge`,
  ]),
  refused(
    'passwords-of-others',
    'Passwords of other roles',
    "A submission reads or sets another role's password.",
    ({ database }) => [
      `ALTER ROLE ${database.name}_judge PASSWORD 'known'`,
      "ALTER ROLE judge PASSWORD 'known'",
      'SELECT rolpassword FROM pg_authid',
      'SELECT passwd FROM pg_shadow',
    ],
  ),
  refused('make-roles-and-databases', 'New roles and databases', 'A submission makes what outlasts its database.', () => [
    'CREATE ROLE evil',
    'CREATE ROLE evil SUPERUSER LOGIN',
  ]),
  refused('read-server-files', "Files of the server's machine read", 'A submission reads a file outside its database.', () => [
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('postgresql.conf')",
    "SELECT * FROM pg_ls_dir('.')",
    'SELECT * FROM pg_ls_logdir()',
    "SELECT pg_stat_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "CREATE TEMP TABLE stolen (line text); COPY stolen FROM '/etc/passwd'",
    'SELECT pg_hba_file_rules()',
  ]),
  refused(
    'write-server-files',
    "Files of the server's machine written",
    'A submission writes a file outside its database.',
    ({ cluster }) => [
      `COPY (SELECT 1) TO '${cluster.folder}/written'`,
      `SELECT lo_export(lo_from_bytea(0, 'x'), '${cluster.folder}/exported')`,
    ],
  ),
  refused('run-programs', 'COPY ... PROGRAM', "A submission runs a program on the server's machine.", () => [
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "CREATE TEMP TABLE output (line text); COPY output FROM PROGRAM 'id'",
  ]),
  refused(
    'load-native-code',
    'Untrusted languages, extensions and libraries',
    'A submission runs native code in the server.',
    () => [
      "CREATE FUNCTION crash() RETURNS void LANGUAGE internal AS 'pg_terminate_backend'",
      "CREATE FUNCTION libc(cstring) RETURNS int LANGUAGE c AS 'libc.so.6', 'system'",
      "LOAD 'auto_explain'",
      'CREATE EXTENSION plpython3u',
      'CREATE EXTENSION plperlu',
      'CREATE EXTENSION dblink',
      'CREATE EXTENSION postgres_fdw',
      'CREATE EXTENSION file_fdw',
      'CREATE EXTENSION pg_stat_statements',
    ],
  ),
  refused(
    'change-the-server',
    'Settings of the server, its log and its statistics',
    'A submission changes what applies to others.',
    () => [
      'CREATE EVENT TRIGGER evil ON ddl_command_start EXECUTE FUNCTION evil()',
      "SET log_statement = 'all'",
      'SELECT pg_reload_conf()',
      'SELECT pg_rotate_logfile()',
      'SELECT pg_stat_reset()',
      'CHECKPOINT',
      'SELECT pg_switch_wal()',
      'SET session_replication_role = replica',
      'SET zero_damaged_pages = on',
    ],
  ),
  withRights({
    id: 'end-the-judges-session',
    title: "The judge's session ended or interrupted",
    breach: "A submission ends or interrupts a session of the judge's, or a statement that runs in it.",
    async attempt(session, { judged }) {
      const { rows: self } = await session.query<{ all: boolean }>(
        'SELECT rolsuper AS all FROM pg_roles WHERE rolname = current_user',
      );
      const others = await session.query<{ pid: number }>(
        'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename IS DISTINCT FROM current_user',
      );
      const ask = (call: string, pid: number): Promise<boolean> =>
        session.query<{ done: boolean }>(`SELECT ${call}($1) AS done`, [pid]).then(
          ({ rows }) => rows[0]?.done ?? false,
          () => false,
        );
      const ended: number[] = [];
      const mine = await judged.session.query('SELECT pg_backend_pid() AS pid');
      for (const { pid } of others.rows) {
        // With a superuser's rights the session of this database is enough of a proof, and the others serve other attacks.
        const isTried = !self[0]?.all || pid === mine[0]?.pid;
        if (isTried && ((await ask('pg_cancel_backend', pid)) || (await ask('pg_terminate_backend', pid)))) ended.push(pid);
      }
      if (others.rows.length === 0) throw new Error('The server tells of no other session.');
      return { breached: ended.length > 0, seen: `${ended.length} of the judge's sessions, ${others.rows.length} others seen` };
    },
  }),
  withRights({
    id: 'watch-the-judges-statements',
    title: "The judge's statements read in pg_stat_activity, pg_stat_statements, pg_prepared_statements and locks",
    breach: 'A submission reads a statement of the judge.',
    async attempt(session, { judged }) {
      const asking = judged.session.query(`SELECT pg_sleep(2), '${SECRET}'`);
      const seen: string[] = [];
      for (let look = 0; look < 20 && seen.length === 0; look += 1) {
        for (const view of [
          'pg_stat_activity',
          'pg_stat_statements',
          'pg_prepared_statements',
          'pg_cursors',
          'pg_stat_get_activity(NULL)',
        ]) {
          const rows = await session
            .query(`SELECT * FROM ${view} AS v WHERE v::text NOT LIKE '%pg_backend_pid()%'`)
            .catch(() => ({ rows: [] }));
          if (JSON.stringify(rows.rows).includes(`, '${SECRET}'`)) seen.push(view);
        }
        await session.query('SELECT pg_sleep(0.05)');
      }
      await asking;
      return { breached: seen.length > 0, seen: seen.length > 0 ? `read in ${seen[0]}` : 'not seen anywhere' };
    },
  }),
  withRights({
    id: 'enter-other-databases',
    title: 'Other databases of the server entered, past the proxy',
    breach: 'The role of one submission gets into the database of another, or into those of the server.',
    async attempt(_session, own, stage) {
      const other = await openDatabase(stage);
      const entered: string[] = [];
      for (const database of [other.database.name, 'postgres', 'template1']) {
        await own.connectPastProxy({ database }).then(
          () => entered.push(database),
          () => undefined,
        );
      }
      return {
        breached: entered.length > 0,
        seen: entered.length > 0 ? `entered ${entered.join(', ')}` : 'all three refused it',
      };
    },
  }),
];
