import type { Client } from 'pg';
import { collide } from './support/collide';
import { sql, withConnection } from './support/sql';
import { fillTenantTables, tenantTables } from './support/tenant-rows';
import { startTestApi, type TestApi, type TestOrganisation } from './support/test-api';

let api: TestApi;
let ours: TestOrganisation;
let theirs: TestOrganisation;
beforeAll(async () => {
  api = await startTestApi();
  ours = await api.organisation();
  theirs = await api.createOrganisation();
  for (const { id, members } of [ours, theirs]) await fillTenantTables(api.database.adminUrl, id, members.owner.id);
});
afterAll(() => api.close());

describe('row-level security, met as the role of the API', () => {
  /** Runs one statement in a transaction of the organisation, or of none, that is rolled back. */
  function asApi<T>(organisationId: string | null, work: (client: Client) => Promise<T>): Promise<T> {
    return withConnection(api.database.apiUrl, async (client) => {
      await client.query('BEGIN');
      if (organisationId) await client.query("SELECT set_config('assay.organisation_id', $1, true)", [organisationId]);
      return work(client);
    });
  }
  const countIn = (table: string) => async (client: Client) =>
    Number((await client.query(`SELECT count(*) AS rows FROM ${table}`)).rows[0].rows);

  it('shows of every table the rows of the one organisation that is set, and none when none is set', async () => {
    const tables = await tenantTables(api.database.adminUrl);
    expect(tables.length).toBeGreaterThanOrEqual(16);
    for (const { table, column } of tables) {
      const there = await sql<{ rows: string }>(
        api.database.adminUrl,
        `SELECT count(*) AS rows FROM ${table} WHERE ${column} = ANY($1) GROUP BY ${column}`,
        [[ours.id, theirs.id]],
      );
      // A table without rows would prove nothing: give it one in support/tenant-rows.ts.
      expect({ table, organisationsWithRows: there.length }).toEqual({ table, organisationsWithRows: 2 });
      expect({ table, rows: await asApi(null, countIn(table)) }).toEqual({ table, rows: 0 });
      for (const { id } of [ours, theirs]) {
        const seen = await asApi(id, (client) => client.query(`SELECT DISTINCT ${column} AS organisation FROM ${table}`));
        expect({ table, seen: seen.rows }).toEqual({ table, seen: [{ organisation: id }] });
      }
    }
  });

  it('lets nothing be written for another organisation', async () => {
    for (const { table, column } of await tenantTables(api.database.adminUrl)) {
      const change = asApi(ours.id, (client) => client.query(`UPDATE ${table} SET ${column} = $1`, [theirs.id]));
      await expect(change).rejects.toThrow(/row-level security|permission denied/);
      const insert = asApi(ours.id, (client) =>
        client.query(
          `INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object('${column}', $1::text))).* FROM ${table} t`,
          [theirs.id],
        ),
      );
      await expect(insert).rejects.toThrow(/row-level security|permission denied/);
    }
  });

  it('cannot be talked round by a setting of nonsense', async () => {
    await expect(asApi('anything', countIn('members'))).rejects.toThrow('invalid input syntax for type uuid');
  });
});

describe("another organisation's things", () => {
  it('are not found, as if they did not exist', async () => {
    const intruder = await api.signIn('owner', theirs);
    const { recruiter } = ours.members;
    const key = await (await api.signIn('owner', ours)).post('/api-keys', { name: 'K', scopes: ['tasks:read'] }).expect(201);
    const known = await intruder.patch(`/members/${recruiter.id}`, { disabled: true }).expect(404);
    const unknown = await intruder.patch('/members/01a204a5-8c12-7ae6-9cd8-a54d42ba6ce3', { disabled: true }).expect(404);
    expect(known.body).toEqual({ ...unknown.body, instance: known.body.instance, requestId: known.body.requestId });
    await intruder.delete(`/api-keys/${key.body.id}`).expect(404);
    await api.client(key.body.key).get('/tasks').expect(200);
  });

  it('are in no list', async () => {
    const { members } = ours;
    const list = await (await api.signIn('owner', theirs)).get('/members?limit=100').expect(200);
    const ids = list.body.items.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(expect.arrayContaining(Object.values(theirs.members).map(({ id }) => id)));
    for (const { id } of Object.values(members)) expect(ids).not.toContain(id);
  });
});

describe('the organisation', () => {
  it('is read by everybody of the staff and changed by an owner', async () => {
    const organisation = await api.createOrganisation('Before');
    const owner = await api.signIn('owner', organisation);
    const changed = await owner.patch('/organisation', { name: ' After ', candidateFeedback: 'after_decision' }).expect(200);
    expect(changed.body).toMatchObject({ id: organisation.id, name: 'After', candidateFeedback: 'after_decision' });
    for (const role of ['recruiter', 'lead'] as const) {
      const member = await api.signIn(role, organisation);
      expect((await member.get('/organisation').expect(200)).body).toEqual(changed.body);
      await member.patch('/organisation', { name: 'Mine' }).expect(403);
    }
    await owner.patch('/organisation', {}).expect(200);
    for (const bad of [{ name: '' }, { name: null }, { candidateFeedback: 'all' }, { id: theirs.id }, { name: 'a\u0000b' }]) {
      expect((await owner.patch('/organisation', bad).expect(400)).body.code).toBe('invalid-input');
    }
  });
});

describe('members', () => {
  const NEW = { name: 'Grace', email: 'Grace@Example.test', role: 'recruiter', password: 'a long enough password' };

  it('are added by an owner and can sign in', async () => {
    const owner = await api.signIn('owner');
    const { body } = await owner.post('/members', NEW).expect(201);
    expect(body).toMatchObject({ name: 'Grace', email: 'grace@example.test', role: 'recruiter', disabled: false });
    await api.client().post('/auth/login', { email: NEW.email, password: NEW.password }).expect(200);
    expect((await owner.post('/members', NEW).expect(409)).body.code).toBe('already-exists');
    const elsewhere = await api.signIn('owner', theirs);
    expect((await elsewhere.post('/members', NEW).expect(409)).body.code).toBe('already-exists');
    for (const bad of [
      { ...NEW, password: 'too short' },
      { ...NEW, email: 'grace' },
      { ...NEW, role: 'candidate' },
      { ...NEW, disabled: true },
    ]) {
      expect((await owner.post('/members', bad).expect(400)).body.code).toBe('invalid-input');
    }
  });

  it('are listed page by page, newest first', async () => {
    const organisation = await api.createOrganisation();
    const owner = await api.signIn('owner', organisation);
    for (const n of [1, 2]) {
      await owner.post('/members', { ...NEW, email: `${n}-${organisation.id}@example.test` }).expect(201);
    }
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await owner.get(`/members?limit=2${cursor}`).expect(200);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect((await owner.get('/members?cursor=nonsense').expect(400)).body.code).toBe('invalid-cursor');
    expect((await owner.get('/members?limit=0').expect(400)).body.code).toBe('invalid-input');
    expect((await owner.get('/members?sort=name').expect(400)).body.code).toBe('invalid-input');
  });

  it('keep an owner who can sign in, even when two owners demote each other at the same time', async () => {
    const organisation = await api.createOrganisation();
    const { owner, recruiter } = organisation.members;
    const client = await api.signIn('owner', organisation);
    for (const change of [{ role: 'recruiter' }, { disabled: true }]) {
      expect((await client.patch(`/members/${owner.id}`, change).expect(409)).body.code).toBe('conflict');
    }
    await client.patch(`/members/${recruiter.id}`, { role: 'owner' }).expect(200);
    const both = await collide(
      api.database.adminUrl,
      { lock: 'SELECT FROM members WHERE organisation_id = $1 FOR UPDATE', values: [organisation.id] },
      () => Promise.all([owner, recruiter].map(({ id }) => client.patch(`/members/${id}`, { role: 'engineering_lead' }))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('the audit trail', () => {
  it('names who did what, newest first, page by page, without secrets', async () => {
    const organisation = await api.createOrganisation();
    const owner = await api.signIn('owner', organisation);
    const password = 'a password that must not be told';
    const member = await owner
      .post('/members', { name: 'M', email: `m-${organisation.id}@example.test`, role: 'recruiter', password })
      .expect(201);
    const key = await owner.post('/api-keys', { name: 'Auditor', scopes: ['audit:read'] }).expect(201);
    await owner.patch('/organisation', { candidateFeedback: 'none' }).expect(200);
    const first = await owner.get('/audit-events?limit=2').expect(200);
    const second = await api.client(key.body.key).get(`/audit-events?limit=2&cursor=${first.body.nextCursor}`).expect(200);
    const events = [...first.body.items, ...second.body.items];
    expect(events.map(({ action }) => action)).toEqual(['organisation.changed', 'api-key.created', 'member.created']);
    expect(events.map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
    expect(events[2]).toMatchObject({ actorKind: 'member', actorId: organisation.members.owner.id, subjectId: member.body.id });
    expect(second.body.nextCursor).toBeNull();
    const stored = JSON.stringify(await sql(api.database.adminUrl, 'SELECT * FROM audit_events'));
    expect(stored).not.toContain(password);
    expect(stored).not.toContain(key.body.key);
    expect((await owner.get('/audit-events?cursor=MC41').expect(400)).body.code).toBe('invalid-cursor');
    await (await api.signIn('recruiter', organisation)).get('/audit-events').expect(403);
  });

  it('is written in the transaction of the change: no change, no event', async () => {
    const organisation = await api.createOrganisation();
    const owner = await api.signIn('owner', organisation);
    await owner.patch(`/members/${organisation.members.owner.id}`, { disabled: true }).expect(409);
    expect((await owner.get('/audit-events').expect(200)).body.items).toEqual([]);
  });

  it('numbers events without a gap when many happen at the same time', async () => {
    const organisation = await api.createOrganisation();
    const owner = await api.signIn('owner', organisation);
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => owner.post('/api-keys', { name: `K${n}`, scopes: ['tasks:read'] }).expect(201)),
    );
    const { body } = await owner.get('/audit-events').expect(200);
    expect(body.items.map(({ sequence }: { sequence: number }) => sequence)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect((await owner.get('/audit-events/verification').expect(200)).body).toMatchObject({ intact: true, events: 8 });
  });

  it('can be neither changed nor removed by the role of the API', async () => {
    for (const statement of ["UPDATE audit_events SET action = 'x'", 'DELETE FROM audit_events', 'TRUNCATE audit_events']) {
      const tried = withConnection(api.database.apiUrl, async (client) => {
        await client.query("SELECT set_config('assay.organisation_id', $1, false)", [ours.id]);
        await client.query(statement);
      });
      await expect(tried).rejects.toThrow('permission denied');
    }
  });

  it.each([
    ['changed', 'UPDATE audit_events SET detail = $2 WHERE organisation_id = $1 AND sequence = 2', ['{"name":"harmless"}'], 2],
    ['removed', 'DELETE FROM audit_events WHERE organisation_id = $1 AND sequence = 2', [], 2],
    ['moved in time', "UPDATE audit_events SET at = at - interval '1 day' WHERE organisation_id = $1 AND sequence = 3", [], 3],
    [
      'rewritten with a fitting hash of its own',
      `UPDATE audit_events SET action = 'x', hash = encode(sha256(convert_to(concat_ws('|', previous_hash, organisation_id, sequence,
         to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), actor_kind, actor_id, 'x', subject_kind, subject_id,
         detail::text), 'UTF8')), 'hex') WHERE organisation_id = $1 AND sequence = 1`,
      [],
      2,
    ],
  ])('tells when an event was %s past the API', async (_what, tamper, values, firstBroken) => {
    const organisation = await api.createOrganisation();
    const owner = await api.signIn('owner', organisation);
    for (const name of ['A', 'B', 'C']) await owner.post('/api-keys', { name, scopes: ['tasks:read'] }).expect(201);
    const before = await owner.get('/audit-events/verification').expect(200);
    expect(before.body).toEqual({
      intact: true,
      events: 3,
      firstBroken: null,
      headHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await sql(api.database.adminUrl, tamper, [organisation.id, ...values]);
    const after = await owner.get('/audit-events/verification').expect(200);
    expect(after.body).toMatchObject({ intact: false, firstBroken });
  });
});
