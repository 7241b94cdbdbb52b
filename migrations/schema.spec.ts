import { randomUUID } from 'node:crypto';
import { RUBRIC_V1 } from '@assay/scoring/rubric-v1';
import { openTestDatabase, type TestDatabase } from '@assay/testing/test-database';
import { Client } from 'pg';
import { API_ROLE } from './tenancy';

let migrated: TestDatabase;
let admin: Client;
let owner: Client;
let role: Client;

beforeAll(async () => {
  migrated = await openTestDatabase();
  admin = await connect(migrated.adminUrl);
  owner = await connect(migrated.ownerUrl);
  role = await connect(migrated.apiUrl);
});

afterAll(async () => {
  await Promise.all([admin, owner, role].map((client) => client.end()));
  await migrated.drop();
});

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

async function rows<Row>(client: Client, sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await client.query(sql, values)).rows as Row[];
}

/** Runs `work` in a transaction of the organisation that is rolled back at the end. */
async function rolledBack<Result>(client: Client, organisationId: string | null, work: () => Promise<Result>): Promise<Result> {
  await client.query('BEGIN');
  try {
    await client.query("SELECT set_config('assay.organisation_id', $1, true)", [organisationId ?? '']);
    return await work();
  } finally {
    await client.query('ROLLBACK');
  }
}

const TENANT_TABLES = `
  SELECT c.oid, c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id' AND NOT a.attisdropped
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   UNION SELECT oid, relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = 'organisations'::regclass
   ORDER BY name`;

describe('tenancy', () => {
  it('enables and forces row-level security on every table of an organisation, for reading and for writing', async () => {
    const tables = await rows<{ name: string; enabled: boolean; forced: boolean }>(admin, TENANT_TABLES);
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter((table) => !table.enabled || !table.forced)).toEqual([]);
    const policies = await rows<{ tablename: string }>(
      admin,
      `SELECT tablename FROM pg_policies WHERE cmd = 'ALL' AND permissive = 'PERMISSIVE'
          AND qual LIKE '%= current_organisation())' AND with_check = qual`,
    );
    expect(policies.map((policy) => policy.tablename).sort()).toEqual(tables.map((table) => table.name));
  });

  it('lets other policies read by a presented credential only', async () => {
    const others = await rows(
      admin,
      "SELECT tablename, cmd, qual FROM pg_policies WHERE qual NOT LIKE '%current_organisation())' ORDER BY tablename",
    );
    expect(others).toEqual(
      [
        ['api_keys', 'key_hash'],
        ['invitations', 'token_hash'],
        ['members', 'email'],
        ['refresh_tokens', 'token_hash'],
      ].map(([tablename, column]) => ({ tablename, cmd: 'SELECT', qual: `(${column} = presented_credential())` })),
    );
  });

  describe('with rows of two organisations', () => {
    const ids: string[] = [];
    beforeAll(async () => {
      for (const name of ['One', 'Two']) {
        const [row] = await rows<{ id: string }>(admin, 'INSERT INTO organisations (name) VALUES ($1) RETURNING id', [name]);
        if (row) ids.push(row.id);
        await admin.query(
          `INSERT INTO members (organisation_id, email, name, role, password_hash) VALUES ($1, $2, 'M', 'owner', 'x')`,
          [row?.id, `${name.toLowerCase()}@example.test`],
        );
        await admin.query(`INSERT INTO candidates (organisation_id, name, email) VALUES ($1, 'C', 'c@example.test')`, [row?.id]);
      }
    });

    it('shows the role of the API nothing without an organisation, in any table of an organisation', async () => {
      for (const { name } of await rows<{ name: string }>(admin, TENANT_TABLES)) {
        expect({ name, rows: await rolledBack(role, null, () => rows(role, `SELECT * FROM ${name}`)) }).toEqual({
          name,
          rows: [],
        });
      }
    });

    it('shows it the rows of the one organisation, and changes no other', async () => {
      await rolledBack(role, ids[0] ?? '', async () => {
        for (const table of ['members', 'candidates']) {
          const seen = await rows<{ organisation_id: string }>(role, `SELECT organisation_id FROM ${table}`);
          expect(seen).toEqual([{ organisation_id: ids[0] }]);
        }
        const updated = await role.query("UPDATE candidates SET name = 'Changed' WHERE organisation_id = $1", [ids[1]]);
        expect(updated.rowCount).toBe(0);
      });
    });

    it('refuses to write a row into another organisation', async () => {
      const insert = () =>
        role.query(`INSERT INTO candidates (organisation_id, name, email) VALUES ($1, 'N', 'n@example.test')`, [ids[1]]);
      await expect(rolledBack(role, ids[0] ?? '', insert)).rejects.toThrow('violates row-level security');
      await expect(rolledBack(role, null, insert)).rejects.toThrow('violates row-level security');
    });

    it('shows the one member that a presented address names, for reading only', async () => {
      await rolledBack(role, null, async () => {
        await role.query("SELECT set_config('assay.credential', 'two@example.test', true)");
        expect(await rows(role, 'SELECT organisation_id, email FROM members')).toEqual([
          { organisation_id: ids[1], email: 'two@example.test' },
        ]);
        expect(await rows(role, 'SELECT * FROM candidates')).toEqual([]);
        expect((await role.query("UPDATE members SET role = 'recruiter'")).rowCount).toBe(0);
      });
    });
  });
});

describe('the role of the API', () => {
  it('is no superuser, cannot bypass row-level security, and owns nothing', async () => {
    expect(
      await rows(
        role,
        'SELECT current_user::text AS name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user',
      ),
    ).toEqual([{ name: API_ROLE, rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
    expect(
      await rows(
        admin,
        `SELECT relname FROM pg_class WHERE relowner = $1::regrole UNION ALL SELECT proname FROM pg_proc WHERE proowner = $1::regrole
         UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = $1::regrole
         UNION ALL SELECT rolname FROM pg_roles JOIN pg_auth_members ON roleid = pg_roles.oid WHERE member = $1::regrole`,
        [API_ROLE],
      ),
    ).toEqual([]);
    await expect(role.query('CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
    await expect(role.query('ALTER TABLE candidates NO FORCE ROW LEVEL SECURITY')).rejects.toThrow('must be owner');
  });

  it('may do to each table exactly what is meant, and to a new one nothing', async () => {
    const granted = await rows<{ name: string; privileges: string }>(
      admin,
      `SELECT c.relname AS name, coalesce(string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type), '') AS privileges
         FROM pg_class c LEFT JOIN LATERAL aclexplode(c.relacl) a ON a.grantee = $1::regrole
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') GROUP BY c.relname`,
      [API_ROLE],
    );
    expect(Object.fromEntries(granted.map(({ name, privileges }) => [name, privileges]))).toEqual({
      api_keys: 'INSERT SELECT UPDATE',
      assumption_set_versions: 'INSERT SELECT',
      assumption_sets: 'INSERT SELECT',
      audit_events: 'INSERT SELECT',
      candidates: 'INSERT SELECT UPDATE',
      cost_estimate_models: 'INSERT SELECT',
      cost_estimates: 'INSERT SELECT',
      estimate_actuals: 'INSERT SELECT',
      evaluations: 'INSERT SELECT UPDATE',
      exchange_rates: 'INSERT SELECT',
      grading_outbox: 'INSERT SELECT UPDATE',
      grading_reports: 'INSERT SELECT',
      grading_runs: 'INSERT SELECT UPDATE',
      idempotency_keys: 'DELETE INSERT SELECT',
      invitations: 'INSERT SELECT UPDATE',
      members: 'INSERT SELECT UPDATE',
      migrations: '',
      organisations: 'INSERT SELECT UPDATE',
      practice_archives: 'DELETE INSERT SELECT',
      practice_outbox: 'DELETE INSERT SELECT UPDATE',
      practice_runs: 'INSERT SELECT UPDATE',
      refresh_tokens: 'DELETE INSERT SELECT UPDATE',
      regrade_items: 'INSERT SELECT UPDATE',
      regrades: 'INSERT SELECT',
      rubric_areas: 'SELECT',
      rubric_criteria: 'SELECT',
      rubric_levels: 'SELECT',
      rubric_uses: '',
      rubrics: 'SELECT',
      scorecards: 'INSERT SELECT',
      submission_archives: 'INSERT SELECT',
      submissions: 'INSERT SELECT',
      task_versions: 'INSERT SELECT',
    });
    const columns = await rows(
      admin,
      `SELECT attrelid::regclass::text || '.' || attname AS name, a.privilege_type AS privilege
         FROM pg_attribute CROSS JOIN LATERAL aclexplode(attacl) a WHERE a.grantee = $1::regrole ORDER BY name`,
      [API_ROLE],
    );
    const updatable = [
      'assumption_sets.archived_at',
      'assumption_sets.description',
      'assumption_sets.name',
      'assumption_sets.newest_version',
      'cost_estimates.archived_at',
      'cost_estimates.archived_by',
      'cost_estimates.name',
      'regrades.cancelled_at',
      'regrades.closed_at',
      'scorecards.counts',
      'scorecards.stands',
      'task_versions.current',
    ];
    expect(columns).toEqual(updatable.map((name) => ({ name, privilege: 'UPDATE' })));
  });

  it('cannot change or remove audit events', async () => {
    for (const sql of ["UPDATE audit_events SET action = 'x'", 'DELETE FROM audit_events', 'TRUNCATE audit_events']) {
      await expect(role.query(sql)).rejects.toThrow('permission denied');
    }
  });
});

describe('an estimate', () => {
  const inOrganisation = async (statements: readonly string[]) => {
    const organisationId = randomUUID();
    await admin.query("INSERT INTO organisations (id, name) VALUES ($1, 'O')", [organisationId]);
    return rolledBack(role, organisationId, async () => {
      await role.query(
        `INSERT INTO cost_estimates (organisation_id, project, assumptions, break_evens, claims, warnings, input, report, created_by)
         VALUES ($1, '{}', '[]', '[]', '[]', '[]', '{"b": 1, "a": 1.10}', '{}', $1)`,
        [organisationId],
      );
      for (const sql of statements) await role.query(sql);
      return rows<{ input: string; name: string | null }>(role, 'SELECT input::text, name FROM cost_estimates');
    });
  };

  it('is kept letter by letter, and may be named and archived', async () => {
    const changed = inOrganisation([
      "UPDATE cost_estimates SET name = 'New'",
      'UPDATE cost_estimates SET archived_at = now(), archived_by = created_by',
    ]);
    expect(await changed).toEqual([{ input: '{"b": 1, "a": 1.10}', name: 'New' }]);
  });

  it.each([
    "UPDATE cost_estimates SET input = '{}'",
    "UPDATE cost_estimates SET report = '{}'",
    "UPDATE cost_estimates SET project = '{}'",
    "UPDATE cost_estimates SET assumptions = '[]'",
    'UPDATE cost_estimates SET exchange_rate = 2',
    "UPDATE cost_estimates SET currency = 'EUR'",
    'UPDATE cost_estimates SET created_at = now()',
    'UPDATE cost_estimates SET assumption_set_version = 2',
    'UPDATE cost_estimates SET based_on_id = NULL',
    'DELETE FROM cost_estimates',
    'UPDATE cost_estimate_models SET total = 0',
    'UPDATE cost_estimate_models SET cost_p90 = 0',
    'DELETE FROM cost_estimate_models',
  ])('is changed in nothing else: %s', async (sql) => {
    await expect(inOrganisation([sql])).rejects.toThrow('permission denied');
  });

  it.each([
    ['archived by nobody', 'UPDATE cost_estimates SET archived_at = now()', 'cost_estimates_archived'],
    [
      "based on another organisation's",
      `INSERT INTO cost_estimates (organisation_id, project, assumptions, break_evens, claims, warnings, created_by, based_on_id, based_on_kind)
       SELECT organisation_id, project, assumptions, break_evens, claims, warnings, created_by, uuidv7(), 'rerun' FROM cost_estimates`,
      'cost_estimates_of_family',
    ],
    [
      'with a report that nothing led to',
      `INSERT INTO cost_estimates (organisation_id, project, assumptions, break_evens, claims, warnings, created_by, report)
       SELECT organisation_id, project, assumptions, break_evens, claims, warnings, created_by, '{}' FROM cost_estimates`,
      'cost_estimates_report',
    ],
  ])('is never %s', async (_, sql, constraint) => {
    await expect(inOrganisation([sql])).rejects.toMatchObject({ constraint });
  });
});

describe('the rubric', () => {
  it('is seeded as published', async () => {
    const [seeded] = await rows<{ rubric: unknown }>(
      admin,
      `SELECT json_build_object('version', r.version, 'name', r.title, 'areas', (
          SELECT json_agg(json_build_object('id', a.id, 'name', a.name, 'weight', a.weight::float, 'criteria', (
            SELECT json_agg(json_build_object('id', c.id, 'name', c.name, 'weight', c.weight::float,
              'levels', (SELECT json_agg(l.description ORDER BY l.level) FROM rubric_levels l WHERE (l.rubric_id, l.criterion_id) = (r.id, c.id)),
              'autoEvidence', c.auto_evidence, 'humanRated', c.human_rated) ORDER BY c.id)
            FROM rubric_criteria c WHERE (c.rubric_id, c.area_id) = (r.id, a.id))) ORDER BY a.id)
          FROM rubric_areas a WHERE a.rubric_id = r.id)) AS rubric
         FROM rubrics r`,
    );
    expect(seeded?.rubric).toEqual(RUBRIC_V1);
  });

  const CHANGES = [
    "UPDATE rubrics SET title = 'Changed'",
    'UPDATE rubric_areas SET weight = 0.3',
    "UPDATE rubric_criteria SET name = 'Changed'",
    "UPDATE rubric_levels SET description = 'Changed'",
    'DELETE FROM rubric_levels',
  ];

  it.each(CHANGES)('may change before it is used: %s', async (change) => {
    const changed = await rolledBack(owner, null, () => owner.query(change));
    expect(changed.rowCount).toBeGreaterThan(0);
  });

  it.each(CHANGES)('never changes once an evaluation uses it, not even by the owner: %s', async (change) => {
    const organisationId = randomUUID();
    await expect(
      rolledBack(owner, organisationId, async () => {
        await insertEvaluation(owner, organisationId);
        await owner.query(change);
      }),
    ).rejects.toMatchObject({ code: '23001', message: expect.stringContaining('publish a new version') });
  });
});

/** An evaluation of the newest rubric and what it needs. */
async function insertEvaluation(client: Client, organisationId: string): Promise<void> {
  await client.query("INSERT INTO organisations (id, name) VALUES ($1, 'O')", [organisationId]);
  await client.query(
    `WITH task AS (
       INSERT INTO task_versions (slug, version, content_hash, title, summary, prompt, time_box_minutes, measured_criteria, starter)
       VALUES ('sample', '1.0.0', repeat('0', 64), 'T', 'S', 'P', 60, '{A1}', '') RETURNING id),
     candidate AS (INSERT INTO candidates (organisation_id, name, email) VALUES ($1, 'C', 'c@example.test') RETURNING id)
     INSERT INTO evaluations (organisation_id, candidate_id, task_version_id, rubric_id, role, time_box_minutes, created_by)
     SELECT $1, candidate.id, task.id, (SELECT id FROM rubrics ORDER BY id DESC LIMIT 1), 'Developer', 60, $1 FROM task, candidate`,
    [organisationId],
  );
}
