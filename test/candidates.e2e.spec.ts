import { AccessTokenService } from '@assay/api/auth/access-token.service';
import { Client } from 'pg';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
let recruiter: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  recruiter = await api.signIn('recruiter');
});
afterAll(() => api.close());

const UNKNOWN_ID = '0199c000-0000-7000-8000-000000000000';

let made = 0;
function person(): { name: string; email: string } {
  made += 1;
  return { name: `Candidate ${made}`, email: `candidate-${made}@example.test` };
}

async function query<Row>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

describe('adding a candidate', () => {
  it('answers what was stored and reads it back', async () => {
    const { body } = await recruiter.post('/candidates', { name: '  Grace Hopper ', email: ' Grace@Example.TEST ' }).expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Grace Hopper',
      email: 'grace@example.test',
      createdAt: expect.any(String),
    });
    expect((await recruiter.get(`/candidates/${body.id}`).expect(200)).body).toEqual(body);
  });

  it('refuses an address that is there, whatever its case, and takes it in another organisation', async () => {
    const { email } = (await recruiter.post('/candidates', person()).expect(201)).body;
    const { body } = await recruiter.post('/candidates', { name: 'Somebody', email: email.toUpperCase() }).expect(409);
    expect(body.code).toBe('already-exists');
    const other = await api.signIn('recruiter', await api.createOrganisation());
    await other.post('/candidates', { name: 'Somebody', email }).expect(201);
  });

  it('takes one of many requests with the same address at the same time', async () => {
    const same = person();
    const answers = await Promise.all(Array.from({ length: 8 }, () => recruiter.post('/candidates', same)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(7).fill(409)]);
  });

  it('creates once for one Idempotency-Key, and refuses the key for another request', async () => {
    const body = person();
    const send = (input: object) => recruiter.post('/candidates', input).set('Idempotency-Key', 'key-1');
    const [first, second] = await Promise.all([send(body).expect(201), send(body).expect(201)]);
    const third = await send(body).expect(201);
    expect(second?.body).toEqual(first?.body);
    expect(third.body).toEqual(first?.body);
    expect(third.headers['idempotency-replayed']).toBe('true');
    expect((await send(person()).expect(422)).body.code).toBe('idempotency-key-reused');
  });

  it('is written to the audit trail without the address', async () => {
    const { body } = await recruiter.post('/candidates', person()).expect(201);
    const { members } = await api.organisation();
    expect(await query(api.database.adminUrl, 'SELECT * FROM audit_events WHERE subject_id = $1', [body.id])).toEqual([
      expect.objectContaining({
        action: 'candidate.created',
        subject_kind: 'candidate',
        actor_kind: 'member',
        actor_id: members.recruiter.id,
        detail: {},
      }),
    ]);
  });

  it.each<[string, object, string]>([
    ['no name', { email: 'a@example.test' }, 'name'],
    ['an empty name', { name: '   ', email: 'a@example.test' }, 'name'],
    ['a name too long', { name: 'x'.repeat(201), email: 'a@example.test' }, 'name'],
    ['a name with a NUL', { name: 'a\u0000b', email: 'a@example.test' }, 'name'],
    ['a name with half a character', { name: 'a\ud800b', email: 'a@example.test' }, 'name'],
    ['a name that is a number', { name: 7, email: 'a@example.test' }, 'name'],
    ['no address', { name: 'A' }, 'email'],
    ['an address that is null', { name: 'A', email: null }, 'email'],
    ['what is no address', { name: 'A', email: 'not an address' }, 'email'],
    ['an address that is a list', { name: 'A', email: ['a@example.test'] }, 'email'],
    ['an unknown field', { name: 'A', email: 'a@example.test', organisationId: UNKNOWN_ID }, 'organisationId'],
  ])('refuses %s and names the field', async (_, input, field) => {
    const { body } = await recruiter.post('/candidates', input).expect(400);
    expect(body.code).toBe('invalid-input');
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(field);
  });

  it('refuses malformed JSON', async () => {
    const { body } = await recruiter.post('/candidates').type('json').send('{"name": ').expect(400);
    expect(body.code).toBe('malformed-request');
  });

  it('takes the longest name and one of many scripts', async () => {
    for (const name of ['ł'.repeat(200), 'Зоя Ng 李 🦊']) {
      const { body } = await recruiter.post('/candidates', { ...person(), name }).expect(201);
      expect(body.name).toBe(name);
    }
  });
});

describe('who may', () => {
  it('lets owners and recruiters add candidates, engineering leads read them, candidates neither', async () => {
    await (await api.signIn('owner')).post('/candidates', person()).expect(201);
    const lead = await api.signIn('lead');
    await lead.get('/candidates').expect(200);
    expect((await lead.post('/candidates', person()).expect(403)).body.code).toBe('forbidden');

    const { id: organisationId } = await api.organisation();
    const { accessToken } = await api.app
      .get(AccessTokenService, { strict: false })
      .issueForCandidate({ id: UNKNOWN_ID, organisationId, evaluationId: UNKNOWN_ID });
    await api.client(accessToken).get('/candidates').expect(403);
    await api.client(accessToken).post('/candidates', person()).expect(403);
  });

  it('refuses nobody and forged tokens', async () => {
    await api.client().get('/candidates').expect(401);
    await api.client('forged').post('/candidates', person()).expect(401);
  });
});

describe("another organisation's candidates", () => {
  it('are not found and not listed', async () => {
    const { body: own } = await recruiter.post('/candidates', person()).expect(201);
    const stranger = await api.signIn('recruiter', await api.createOrganisation());
    expect((await stranger.get(`/candidates/${own.id}`).expect(404)).body).toMatchObject({
      code: 'not-found',
      detail: (await stranger.get(`/candidates/${UNKNOWN_ID}`).expect(404)).body.detail,
    });
    expect((await stranger.get('/candidates').expect(200)).body).toEqual({ items: [], nextCursor: null });
    expect((await stranger.get(`/candidates?email=${own.email}`).expect(200)).body.items).toEqual([]);
  });

  it('are hidden by the database itself from the role of the API', async () => {
    const { body: own } = await recruiter.post('/candidates', person()).expect(201);
    expect(await query(api.database.apiUrl, 'SELECT id FROM candidates WHERE id = $1', [own.id])).toEqual([]);
    expect(await query(api.database.adminUrl, 'SELECT id FROM candidates WHERE id = $1', [own.id])).toHaveLength(1);
  });
});

describe('listing candidates', () => {
  let lister: TestClient;
  const added: string[] = [];
  async function add(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) added.unshift((await lister.post('/candidates', person()).expect(201)).body.id);
  }
  beforeAll(async () => {
    lister = await api.signIn('recruiter', await api.createOrganisation());
    await add(60);
  });

  it('pages through all of them, newest first, none twice and none skipped while others are added', async () => {
    const expected = [...added];
    const seen: string[] = [];
    for (let url: string | null = '/candidates?limit=7'; url !== null; ) {
      const page: { items: { id: string }[]; nextCursor: string | null } = (await lister.get(url).expect(200)).body;
      seen.push(...page.items.map((item) => item.id));
      expect(page.items.length).toBeLessThanOrEqual(7);
      url = page.nextCursor && `/candidates?limit=7&cursor=${page.nextCursor}`;
      await add(1);
    }
    expect(seen).toEqual(expected);
  });

  it('ends exactly with the last full page', async () => {
    const { body: all } = await lister.get('/candidates?limit=100').expect(200);
    expect(all.nextCursor).toBeNull();
    expect(all.items.map((item: { id: string }) => item.id)).toEqual(added);
    const half = await lister.get(`/candidates?limit=${added.length / 3}`).expect(200);
    const rest = await lister.get(`/candidates?limit=100&cursor=${half.body.nextCursor}`).expect(200);
    expect([...half.body.items, ...rest.body.items]).toEqual(all.items);
  });

  it('gives 25 when nothing is said', async () => {
    expect((await lister.get('/candidates').expect(200)).body.items).toHaveLength(25);
  });

  it('finds one by address', async () => {
    const { body: one } = await lister.post('/candidates', { name: 'Findable', email: 'find+me@example.test' }).expect(201);
    const { body } = await lister.get(`/candidates?email=${encodeURIComponent('Find+Me@example.test')}`).expect(200);
    expect(body).toEqual({ items: [one], nextCursor: null });
    await lister.get('/candidates?email=nonsense').expect(400);
  });

  it.each(['0', '-1', '101', '1.5', 'many', '', '1&limit=2'])('refuses the limit "%s"', async (limit) => {
    const { body } = await lister.get(`/candidates?limit=${limit}`).expect(400);
    expect(body.errors).toContainEqual(expect.objectContaining({ path: 'limit' }));
  });

  it.each(['1', '100'])('takes the limit %s', async (limit) => {
    await lister.get(`/candidates?limit=${limit}`).expect(200);
  });

  it.each(['nonsense', Buffer.from("' OR 1=1").toString('base64url'), Buffer.from('1').toString('base64url'), '%00'])(
    'refuses the cursor %s',
    async (cursor) => {
      expect((await lister.get(`/candidates?cursor=${cursor}`).expect(400)).body.code).toBe('invalid-cursor');
    },
  );

  it('refuses an unknown parameter and an id that is none', async () => {
    expect((await lister.get('/candidates?offset=10').expect(400)).body.code).toBe('invalid-input');
    await lister.get('/candidates/me').expect(400);
  });
});
