import { type Figure, figureOf, makeSet, OWN_RATE, OWN_SALARY, pathsOf } from './support/assumption-sets';
import { sql } from './support/sql';
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

const addVersion = (id: string, basedOn: number, ...assumptions: object[]) =>
  recruiter.post(`/assumption-sets/${id}/versions`, { basedOn, assumptions });

describe("the model's defaults", () => {
  it('are answered with where they come from, the claims of vendors off', async () => {
    const { items } = (await (await api.signIn('lead')).get('/assumptions').expect(200)).body as { items: Figure[] };
    expect(items.find(({ id }) => id === 'C7')).toMatchObject({
      evidence: 'vendor',
      enabled: false,
      role: 'claim',
      overriddenBy: null,
    });
    expect(items.find(({ id }) => id === 'employer_load')).toMatchObject({ evidence: 'official', retrieved: '2026-11-22' });
    expect(items.filter(({ role, enabled }) => role === 'claim' && enabled)).toEqual([]);
  });
});

describe('a set', () => {
  it("shows every figure beside the model's default, and never an own one as the source's", async () => {
    const set = await makeSet(recruiter, { name: '  Europe 2026 ', description: 'For quotes' });
    const { members } = await api.organisation();
    expect(set).toMatchObject({ name: 'Europe 2026', description: 'For quotes', newestVersion: 1, archivedAt: null });
    expect(set.newest).toMatchObject({ version: 1, createdBy: { kind: 'member', id: members.recruiter.id }, learnedLater: [] });
    expect(figureOf(set.newest, 'C1')).toMatchObject({
      ...{ low: 60, mode: 75, high: 90, origin: 'changed', evidence: 'own', overrideReason: OWN_RATE.reason },
      overriddenBy: `member ${members.recruiter.id}`,
      source: expect.stringContaining(OWN_RATE.reason),
      replaces: { low: 45, mode: 70, high: 95, evidence: 'rate_guide' },
      default: { low: 45, mode: 70, high: 95, evidence: 'rate_guide', reading: 'high', enabled: true },
    });
    expect(figureOf(set.newest, 'C1')?.source).not.toContain('Boundev');
    expect(figureOf(set.newest, 'C3')).toMatchObject({
      origin: 'default',
      overriddenBy: null,
      low: 85_700,
      default: { low: 85_700 },
    });
    expect((await recruiter.get(`/assumption-sets/${set.id}`).expect(200)).text).toBe(JSON.stringify(set));
    const defaults = (await recruiter.get('/assumptions').expect(200)).body.items as Figure[];
    expect(set.newest.assumptions.map(({ id }) => id)).toEqual(defaults.map(({ id }) => id));
  });

  it('is made once for one Idempotency-Key, and written to the audit trail', async () => {
    const send = () =>
      recruiter
        .post('/assumption-sets', { name: 'Once', assumptions: [OWN_RATE] })
        .set('Idempotency-Key', 'set-1')
        .expect(201);
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    await addVersion(first.body.id, 1, OWN_SALARY).expect(201);
    await recruiter.post(`/assumption-sets/${first.body.id}/archive`).expect(200);
    await recruiter.post(`/assumption-sets/${first.body.id}/archive`).expect(200);
    await recruiter.post(`/assumption-sets/${first.body.id}/restore`).expect(200);
    await recruiter.patch(`/assumption-sets/${first.body.id}`, { name: 'Once more' }).expect(200);
    const events = await sql(
      api.database.adminUrl,
      'SELECT action, detail FROM audit_events WHERE subject_id = $1 ORDER BY sequence',
      [first.body.id],
    );
    expect(events).toEqual([
      { action: 'assumption-set.created', detail: { name: 'Once', changed: ['C1'] } },
      { action: 'assumption-set.version-added', detail: { version: 2, changed: ['C3'] } },
      { action: 'assumption-set.archived', detail: {} },
      { action: 'assumption-set.restored', detail: {} },
      { action: 'assumption-set.changed', detail: { name: 'Once more' } },
    ]);
  });

  it('has a name that no other of the organisation has, in any case, archived or not', async () => {
    const { id } = await makeSet(recruiter, { name: 'Büro 2026' });
    const other = await makeSet(recruiter);
    await recruiter.post(`/assumption-sets/${id}/archive`).expect(200);
    for (const name of ['Büro 2026', 'BÜRO 2026', ' Bu\u0308ro 2026']) {
      const { body } = await recruiter.post('/assumption-sets', { name, assumptions: [OWN_RATE] }).expect(409);
      expect(body.code).toBe('already-exists');
      expect((await recruiter.patch(`/assumption-sets/${other.id}`, { name }).expect(409)).body.code).toBe('already-exists');
    }
    await makeSet(await api.signIn('owner', await api.createOrganisation()), { name: 'Büro 2026' });
    expect((await recruiter.get(`/assumption-sets/${other.id}`).expect(200)).body.name).toBe(other.name);
  });

  it('is renamed and described, and keeps what is not named', async () => {
    const { id, name } = await makeSet(recruiter, { description: 'Before' });
    const described = await recruiter.patch(`/assumption-sets/${id}`, { description: 'After' }).expect(200);
    expect(described.body).toMatchObject({ id, name, description: 'After' });
    const renamed = await recruiter.patch(`/assumption-sets/${id}`, { name: `${name} b`, description: null }).expect(200);
    expect(renamed.body).toMatchObject({ name: `${name} b`, description: null });
    expect((await recruiter.patch(`/assumption-sets/${id}`, {}).expect(200)).body).toEqual(renamed.body);
    for (const bad of [{ name: '' }, { name: null }, { name: 'a\u0000' }, { newestVersion: 9 }, { description: '' }]) {
      expect((await recruiter.patch(`/assumption-sets/${id}`, bad).expect(400)).body.code).toBe('invalid-input');
    }
  });

  it('is listed page by page, newest first, the archived ones apart', async () => {
    const client = await api.signIn('owner', await api.createOrganisation());
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await makeSet(client)).id);
    await client.post(`/assumption-sets/${ids[1]}/archive`).expect(200);
    const first = (await client.get('/assumption-sets?limit=1').expect(200)).body;
    const second = (await client.get(`/assumption-sets?limit=1&cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.items, ...second.items].map(({ id }: Figure) => id)).toEqual([ids[0], ids[2]]);
    const archived = (await client.get('/assumption-sets?archived=true').expect(200)).body.items;
    expect(archived).toEqual([expect.objectContaining({ id: ids[1], archivedAt: expect.any(String) })]);
    await client.get('/assumption-sets?archived=maybe').expect(400);
  });
});

describe('bad input', () => {
  const set = (...assumptions: unknown[]) => ({ name: 'Bad', assumptions });
  const many = (count: number) => Array(count).fill({ id: 'C1', value: 8, reason: 'x' });

  it.each<[string, object, string]>([
    ['a range out of order', set({ id: 'C1', low: 90, mode: 80, high: 70, reason: 'x' }), 'assumptions.0'],
    ['an override without a reason', set({ id: 'C1', value: 80 }), 'assumptions.0.reason'],
    ['a blank reason', set({ id: 'C1', value: 80, reason: '  ' }), 'assumptions.0.reason'],
    ['a reason with a NUL', set({ id: 'C1', value: 80, reason: 'a\u0000' }), 'assumptions.0.reason'],
    ['an unknown assumption', set({ id: 'C99', value: 80, reason: 'x' }), 'assumptions.0.id'],
    ['a share above 1', set({ id: 'freelance.day_one_productivity', value: 1.5, reason: 'x' }), 'assumptions.0.value'],
    ['a share of all', set({ id: 'C7', value: 1, enabled: true, reason: 'x' }), 'assumptions.0.value'],
    ['a negative rate', set({ id: 'C1', value: -1, reason: 'x' }), 'assumptions.0.value'],
    ['switching off an input', set({ id: 'C1', enabled: false, reason: 'x' }), 'assumptions.0.enabled'],
    ['switching on what is only shown', set({ id: 'C8', enabled: true, reason: 'x' }), 'assumptions.0.enabled'],
    ['an unknown reading', set({ id: 'C1', reading: 'best', reason: 'x' }), 'assumptions.0.reading'],
    ['an assumption twice', set(...many(2)), 'assumptions.1.id'],
    ['an override of nothing', set({ id: 'C1', reason: 'x' }), 'assumptions.0'],
    ['a figure as text', set({ id: 'C1', value: '80', reason: 'x' }), 'assumptions.0.value'],
    ['an empty list', set(), 'assumptions'],
    ['no list', { name: 'Bad' }, 'assumptions'],
    ['201 overrides', set(...many(201)), 'assumptions'],
    ['a list of numbers', set(80), 'assumptions.0'],
    ['taking back in a first version', set({ id: 'C1', reset: true, reason: 'x' }), 'assumptions.0.reset'],
    [
      'figures that nothing can be estimated with',
      set(OWN_SALARY, { id: 'freelance.rework', value: 1e9, reason: 'x' }),
      'assumptions.1',
    ],
    ['no name', { assumptions: [OWN_RATE] }, 'name'],
    ['a blank name', { ...set(OWN_RATE), name: '   ' }, 'name'],
    ['a name with a NUL', { ...set(OWN_RATE), name: 'a\u0000' }, 'name'],
    ['a name with half a character', { ...set(OWN_RATE), name: 'a\ud800' }, 'name'],
    ['a name without end', { ...set(OWN_RATE), name: 'x'.repeat(201) }, 'name'],
    ['a description that is a number', { ...set(OWN_RATE), description: 1 }, 'description'],
    ['an unknown field', { ...set(OWN_RATE), version: 7 }, 'version'],
  ])('%s is refused and the field named', async (_, input, field) => {
    const { body } = await recruiter.post('/assumption-sets', input).expect(400);
    expect(body.code).toBe('invalid-input');
    expect(pathsOf(body)).toContain(field);
    expect((await recruiter.get('/assumption-sets').expect(200)).body.items).not.toContainEqual(
      expect.objectContaining({ name: 'Bad' }),
    );
  });
});

describe('who may', () => {
  it('lets owners and recruiters keep sets, an API key with the scope too, and all of the staff read them', async () => {
    const { id } = await makeSet(await api.signIn('owner'));
    const lead = await api.signIn('lead');
    await lead.get(`/assumption-sets/${id}/versions`).expect(200);
    await lead.post('/assumption-sets', { name: 'Mine', assumptions: [OWN_RATE] }).expect(403);
    await lead.post(`/assumption-sets/${id}/versions`, { basedOn: 1, assumptions: [OWN_SALARY] }).expect(403);
    await lead.patch(`/assumption-sets/${id}`, { name: 'Mine' }).expect(403);
    await lead.post(`/assumption-sets/${id}/archive`).expect(403);
    const owner = await api.signIn('owner');
    const key = await owner.post('/api-keys', { name: 'Sets', scopes: ['assumptions:manage'] }).expect(201);
    const { newest } = await makeSet(api.client(key.body.key));
    expect(newest).toMatchObject({ createdBy: { kind: 'api_key', id: key.body.id } });
    expect(figureOf(newest, 'C1')?.overriddenBy).toBe(`api_key ${key.body.id}`);
    await api.client(key.body.key).get(`/assumption-sets/${id}`).expect(403);
  });

  it("answers 404 for another organisation's set, whatever is asked of it", async () => {
    const { id } = await makeSet(recruiter);
    const stranger = await api.signIn('owner', await api.createOrganisation());
    const asked = [
      stranger.get(`/assumption-sets/${id}`),
      stranger.get(`/assumption-sets/${id}/versions`),
      stranger.get(`/assumption-sets/${id}/versions/1`),
      stranger.get(`/assumption-sets/${id}/versions/1/changes`),
      stranger.patch(`/assumption-sets/${id}`, { name: 'Mine' }),
      stranger.post(`/assumption-sets/${id}/versions`, { basedOn: 1, assumptions: [OWN_SALARY] }),
      stranger.post(`/assumption-sets/${id}/archive`),
      stranger.post(`/assumption-sets/${id}/restore`),
      recruiter.get(`/assumption-sets/${UNKNOWN_ID}`),
    ];
    for (const { status, body } of await Promise.all(asked))
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'not-found' });
    expect((await stranger.get('/assumption-sets').expect(200)).body.items).toEqual([]);
  });
});
