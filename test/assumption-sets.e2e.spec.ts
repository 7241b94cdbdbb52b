import { AssumptionSetsService } from '@assay/api/assumption-sets/assumption-sets.service';
import { collide } from './support/collide';
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
const RATE = { id: 'C1', low: 60, mode: 75, high: 90, reason: 'Our contracts of 2026' };
const SALARY = { id: 'C3', value: 110_000, reason: 'Our pay bands' };

interface Figure {
  readonly id: string;
  readonly [field: string]: unknown;
}
interface MadeSet {
  readonly id: string;
  readonly name: string;
  readonly newest: { readonly version: number; readonly assumptions: readonly Figure[]; readonly changes: readonly Figure[] };
  readonly [field: string]: unknown;
}

let made = 0;
async function makeSet(input: object = {}, client = recruiter): Promise<MadeSet> {
  made += 1;
  return (await client.post('/assumption-sets', { name: `Set ${made}`, assumptions: [RATE], ...input }).expect(201)).body;
}

const addVersion = (id: string, basedOn: number, ...assumptions: object[]) =>
  recruiter.post(`/assumption-sets/${id}/versions`, { basedOn, assumptions });
const figure = (version: { readonly assumptions: readonly Figure[] }, id: string) =>
  version.assumptions.find((one) => one.id === id);
const pathsOf = (body: { errors: { path: string }[] }) => body.errors.map(({ path }) => path);

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
    const set = await makeSet({ name: '  Europe 2026 ', description: 'For quotes' });
    const { members } = await api.organisation();
    expect(set).toMatchObject({ name: 'Europe 2026', description: 'For quotes', newestVersion: 1, archivedAt: null });
    expect(set.newest).toMatchObject({ version: 1, createdBy: { kind: 'member', id: members.recruiter.id }, learnedLater: [] });
    expect(figure(set.newest, 'C1')).toMatchObject({
      ...{ low: 60, mode: 75, high: 90, origin: 'changed', evidence: 'own', overrideReason: RATE.reason },
      overriddenBy: `member ${members.recruiter.id}`,
      source: expect.stringContaining(RATE.reason),
      replaces: { low: 45, mode: 70, high: 95, evidence: 'rate_guide' },
      default: { low: 45, mode: 70, high: 95, evidence: 'rate_guide', reading: 'high', enabled: true },
    });
    expect(figure(set.newest, 'C1')?.source).not.toContain('Boundev');
    expect(figure(set.newest, 'C3')).toMatchObject({
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
        .post('/assumption-sets', { name: 'Once', assumptions: [RATE] })
        .set('Idempotency-Key', 'set-1')
        .expect(201);
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    await addVersion(first.body.id, 1, SALARY).expect(201);
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
      { action: 'assumption-set.changed', detail: { name: 'Once more', description: null } },
    ]);
  });

  it('has a name that no other of the organisation has, in any case, archived or not', async () => {
    const { id } = await makeSet({ name: 'Büro 2026' });
    const other = await makeSet();
    await recruiter.post(`/assumption-sets/${id}/archive`).expect(200);
    for (const name of ['Büro 2026', 'BÜRO 2026', ' Bu\u0308ro 2026']) {
      const { body } = await recruiter.post('/assumption-sets', { name, assumptions: [RATE] }).expect(409);
      expect(body.code).toBe('already-exists');
      expect((await recruiter.patch(`/assumption-sets/${other.id}`, { name }).expect(409)).body.code).toBe('already-exists');
    }
    await makeSet({ name: 'Büro 2026' }, await api.signIn('owner', await api.createOrganisation()));
    expect((await recruiter.get(`/assumption-sets/${other.id}`).expect(200)).body.name).toBe(other.name);
  });

  it('is renamed and described, and keeps what is not named', async () => {
    const { id, name } = await makeSet({ description: 'Before' });
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
    for (let count = 0; count < 3; count += 1) ids.unshift((await makeSet({}, client)).id);
    await client.post(`/assumption-sets/${ids[1]}/archive`).expect(200);
    const first = (await client.get('/assumption-sets?limit=1').expect(200)).body;
    const second = (await client.get(`/assumption-sets?limit=1&cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.items, ...second.items].map(({ id }: Figure) => id)).toEqual([ids[0], ids[2]]);
    const archived = (await client.get('/assumption-sets?archived=true').expect(200)).body.items;
    expect(archived).toEqual([expect.objectContaining({ id: ids[1], archivedAt: expect.any(String) })]);
    await client.get('/assumption-sets?archived=maybe').expect(400);
  });
});

describe('versions', () => {
  it('state their changes against the one before, and none is ever changed', async () => {
    const set = await makeSet();
    const second = (await addVersion(set.id, 1, SALARY, { id: 'C1', reset: true, reason: 'Contracts ended' }).expect(201)).body;
    expect(second).toMatchObject({ version: 2, createdBy: { kind: 'member' } });
    expect(second.changes.map(({ id, kind, reason }: Figure) => [id, kind, reason])).toEqual([
      ['C1', 'taken_back', 'Contracts ended'],
      ['C3', 'replaced', SALARY.reason],
    ]);
    expect(figure(second, 'C1')).toMatchObject({ low: 45, origin: 'default', overriddenBy: null, evidence: 'rate_guide' });
    expect(figure(second, 'C1')).not.toHaveProperty('replaces');
    expect((await recruiter.get(`/assumption-sets/${set.id}/versions/1`).expect(200)).body).toEqual(set.newest);
    const read = (await recruiter.get(`/assumption-sets/${set.id}`).expect(200)).body;
    expect(read).toMatchObject({ newestVersion: 2, newest: second });
    for (const statement of ['UPDATE assumption_set_versions SET version = 9', 'DELETE FROM assumption_set_versions']) {
      await expect(sql(api.database.apiUrl, statement)).rejects.toThrow('permission denied');
    }
  });

  it('are listed newest first, page by page, each with its author and changes', async () => {
    const { id } = await makeSet();
    await addVersion(id, 1, SALARY).expect(201);
    await addVersion(id, 2, { ...SALARY, value: 115_000 }).expect(201);
    const first = (await recruiter.get(`/assumption-sets/${id}/versions?limit=2`).expect(200)).body;
    const second = (await recruiter.get(`/assumption-sets/${id}/versions?limit=2&cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.items, ...second.items].map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(first.items[0].changes[0]).toMatchObject({ id: 'C3', before: { mode: 110_000 }, after: { mode: 115_000 } });
    expect(first.items[0]).not.toHaveProperty('assumptions');
  });

  it('tell which figures moved since an earlier one, by whom and why', async () => {
    const { id } = await makeSet();
    const owner = await api.signIn('owner');
    await addVersion(id, 1, SALARY).expect(201);
    await owner
      .post(`/assumption-sets/${id}/versions`, { basedOn: 2, assumptions: [{ ...SALARY, value: 120_000, reason: 'Raised' }] })
      .expect(201);
    const since = async (version: number, from: number | '') =>
      (
        await recruiter
          .get(`/assumption-sets/${id}/versions/${version}/changes${from === '' ? '' : `?since=${from}`}`)
          .expect(200)
      ).body;
    const { members } = await api.organisation();
    expect(await since(3, 1)).toEqual({
      ...{ version: 3, since: 1 },
      items: [
        expect.objectContaining({
          ...{ id: 'C3', version: 3, reason: 'Raised', unit: 'USD per year' },
          before: expect.objectContaining({ low: 85_700, mode: 120_850, high: 156_000 }),
          after: expect.objectContaining({ low: 120_000, mode: 120_000, high: 120_000, evidence: 'own' }),
          by: { kind: 'member', id: members.owner.id },
        }),
      ],
    });
    expect((await since(3, 0)).items.map((one: Figure) => one.id)).toEqual(['C1', 'C3']);
    expect((await since(2, '')).items.map((one: Figure) => one.id)).toEqual(['C3']);
    for (const wrong of ['3', '4', '-1', 'one']) {
      const { body } = await recruiter.get(`/assumption-sets/${id}/versions/3/changes?since=${wrong}`).expect(400);
      expect(pathsOf(body)).toContain('since');
    }
  });

  it('keep the figures of the release that they were made with, and say what the model learned since', async () => {
    const set = await makeSet();
    // As a version of an earlier release was stored: without one figure, and with another default of a second one.
    await sql(
      api.database.adminUrl,
      `UPDATE assumption_set_versions SET assumptions = (
         SELECT jsonb_agg(CASE WHEN a->>'id' = 'manager_cost' THEN a || '{"value": 90}' ELSE a END ORDER BY n)
         FROM jsonb_array_elements(assumptions) WITH ORDINALITY AS t(a, n) WHERE a->>'id' <> 'vacancy_cost')
       WHERE assumption_set_id = $1`,
      [set.id],
    );
    const { newest } = (await recruiter.get(`/assumption-sets/${set.id}`).expect(200)).body;
    expect(newest.learnedLater).toEqual(['vacancy_cost']);
    expect(figure(newest, 'vacancy_cost')).toMatchObject({ origin: 'later_default', value: 4000 });
    expect(figure(newest, 'manager_cost')).toMatchObject({ origin: 'earlier_default', value: 90, default: { value: 100 } });
    const next = (await addVersion(set.id, 1, SALARY).expect(201)).body;
    expect(next.learnedLater).toEqual([]);
    expect(next.changes.map(({ id, kind }: Figure) => [id, kind])).toEqual(
      expect.arrayContaining([
        ['C3', 'replaced'],
        ['vacancy_cost', 'learned'],
      ]),
    );
    expect(figure(next, 'manager_cost')).toMatchObject({ value: 90 });
  });

  it('are made one after the other: of two at the same time one is told to look again', async () => {
    const { id } = await makeSet();
    const both = await collide(
      api.database.adminUrl,
      { lock: 'SELECT FROM assumption_sets WHERE id = $1 FOR UPDATE', values: [id] },
      () => Promise.all([100_000, 105_000].map((value) => addVersion(id, 1, { ...SALARY, value }))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const refused = both.find(({ status }) => status === 409)?.body;
    expect(refused).toMatchObject({ code: 'conflict', detail: expect.stringContaining('basedOn 2') });
    expect((await recruiter.get(`/assumption-sets/${id}/versions`).expect(200)).body.items).toHaveLength(2);
    for (const basedOn of [1, 3]) expect((await addVersion(id, basedOn, SALARY).expect(409)).body.code).toBe('conflict');
  });

  it('are not added to an archived set', async () => {
    const { id } = await makeSet();
    await recruiter.post(`/assumption-sets/${id}/archive`).expect(200);
    expect((await addVersion(id, 1, SALARY).expect(409)).body.detail).toContain('Restore');
    await recruiter.post(`/assumption-sets/${id}/restore`).expect(200);
    await addVersion(id, 1, SALARY).expect(201);
  });

  it('that are not there are not found', async () => {
    const { id } = await makeSet();
    for (const version of ['2', '0', '-1', 'one', '1.5', '99999999999', '3000000000']) {
      expect((await recruiter.get(`/assumption-sets/${id}/versions/${version}`).expect(404)).body.code).toBe('not-found');
      await recruiter.get(`/assumption-sets/${id}/versions/${version}/changes`).expect(404);
    }
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
      set(SALARY, { id: 'freelance.rework', value: 1e9, reason: 'x' }),
      'assumptions.1',
    ],
    ['no name', { assumptions: [RATE] }, 'name'],
    ['a blank name', { ...set(RATE), name: '   ' }, 'name'],
    ['a name with a NUL', { ...set(RATE), name: 'a\u0000' }, 'name'],
    ['a name with half a character', { ...set(RATE), name: 'a\ud800' }, 'name'],
    ['a name without end', { ...set(RATE), name: 'x'.repeat(201) }, 'name'],
    ['a description that is a number', { ...set(RATE), description: 1 }, 'description'],
    ['an unknown field', { ...set(RATE), version: 7 }, 'version'],
  ])('%s is refused and the field named', async (_, input, field) => {
    const { body } = await recruiter.post('/assumption-sets', input).expect(400);
    expect(body.code).toBe('invalid-input');
    expect(pathsOf(body)).toContain(field);
    expect((await recruiter.get('/assumption-sets').expect(200)).body.items).not.toContainEqual(
      expect.objectContaining({ name: 'Bad' }),
    );
  });

  it.each<[string, object, string]>([
    ['no basedOn', { assumptions: [SALARY] }, 'basedOn'],
    ['basedOn 0', { basedOn: 0, assumptions: [SALARY] }, 'basedOn'],
    ['basedOn out of all proportion', { basedOn: 1e12, assumptions: [SALARY] }, 'basedOn'],
    ['no changes', { basedOn: 1, assumptions: [] }, 'assumptions'],
    ['taking back a default', { basedOn: 1, assumptions: [{ id: 'C3', reset: true, reason: 'x' }] }, 'assumptions.0.id'],
    ['taking back without a reason', { basedOn: 1, assumptions: [{ id: 'C1', reset: true }] }, 'assumptions.0.reason'],
    [
      'taking back and replacing',
      { basedOn: 1, assumptions: [{ id: 'C1', reset: true, value: 3, reason: 'x' }] },
      'assumptions.0.value',
    ],
    ['reset that is false', { basedOn: 1, assumptions: [{ id: 'C1', reset: false, reason: 'x' }] }, 'assumptions.0.reset'],
    ['reset that is null', { basedOn: 1, assumptions: [{ id: 'C1', reset: null, reason: 'x' }] }, 'assumptions.0.reset'],
    ['taking back twice', { basedOn: 1, assumptions: Array(2).fill({ id: 'C1', reset: true, reason: 'x' }) }, 'assumptions.1.id'],
    ['a range out of order', { basedOn: 1, assumptions: [SALARY, { id: 'C1', low: 99, reason: 'x' }] }, 'assumptions.1'],
  ])('of a version: %s is refused and the field named', async (_, input, field) => {
    const { id } = await makeSet();
    const { body } = await recruiter.post(`/assumption-sets/${id}/versions`, input).expect(400);
    expect(pathsOf(body)).toContain(field);
    expect((await recruiter.get(`/assumption-sets/${id}`).expect(200)).body.newestVersion).toBe(1);
  });
});

describe('who may', () => {
  it('lets owners and recruiters keep sets, an API key with the scope too, and all of the staff read them', async () => {
    const { id } = await makeSet({}, await api.signIn('owner'));
    const lead = await api.signIn('lead');
    await lead.get(`/assumption-sets/${id}/versions`).expect(200);
    await lead.post('/assumption-sets', { name: 'Mine', assumptions: [RATE] }).expect(403);
    await lead.post(`/assumption-sets/${id}/versions`, { basedOn: 1, assumptions: [SALARY] }).expect(403);
    await lead.patch(`/assumption-sets/${id}`, { name: 'Mine' }).expect(403);
    await lead.post(`/assumption-sets/${id}/archive`).expect(403);
    const owner = await api.signIn('owner');
    const key = await owner.post('/api-keys', { name: 'Sets', scopes: ['assumptions:manage'] }).expect(201);
    const { newest } = await makeSet({}, api.client(key.body.key));
    expect(newest).toMatchObject({ createdBy: { kind: 'api_key', id: key.body.id } });
    expect(figure(newest, 'C1')?.overriddenBy).toBe(`api_key ${key.body.id}`);
    await api.client(key.body.key).get(`/assumption-sets/${id}`).expect(403);
  });

  it("answers 404 for another organisation's set, whatever is asked of it", async () => {
    const { id } = await makeSet();
    const stranger = await api.signIn('owner', await api.createOrganisation());
    const asked = [
      stranger.get(`/assumption-sets/${id}`),
      stranger.get(`/assumption-sets/${id}/versions`),
      stranger.get(`/assumption-sets/${id}/versions/1`),
      stranger.get(`/assumption-sets/${id}/versions/1/changes`),
      stranger.patch(`/assumption-sets/${id}`, { name: 'Mine' }),
      stranger.post(`/assumption-sets/${id}/versions`, { basedOn: 1, assumptions: [SALARY] }),
      stranger.post(`/assumption-sets/${id}/archive`),
      stranger.post(`/assumption-sets/${id}/restore`),
      recruiter.get(`/assumption-sets/${UNKNOWN_ID}`),
    ];
    for (const { status, body } of await Promise.all(asked))
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'not-found' });
    expect((await stranger.get('/assumption-sets').expect(200)).body.items).toEqual([]);
  });
});

describe('the set of an estimate', () => {
  const choose = async (ref: { id: string; version?: number }, organisation = api.organisation()) => {
    const { owner } = (await organisation).members;
    const principal = { kind: 'member', ...owner, permissions: new Set<never>() } as const;
    return api.app.get(AssumptionSetsService, { strict: false }).selectForEstimate(principal, ref);
  };

  it('is the newest version, or the one that is named, with every figure of the model', async () => {
    const set = await makeSet();
    await addVersion(set.id, 1, { ...RATE, mode: 80 }).expect(201);
    const newest = await choose({ id: set.id });
    expect(newest).toMatchObject({ id: set.id, version: 2, name: set.name, learnedLater: [] });
    expect(newest.assumptions.find(({ id }) => id === 'C1')).toMatchObject({ mode: 80 });
    const first = await choose({ id: set.id, version: 1 });
    expect(first.assumptions.find(({ id }) => id === 'C1')).toMatchObject({ mode: 75 });
    expect(first.assumptions).toHaveLength(set.newest.assumptions.length);
  });

  it("that is not there, archived or another organisation's is refused by its field", async () => {
    const { id } = await makeSet();
    const archived = await makeSet();
    await recruiter.post(`/assumption-sets/${archived.id}/archive`).expect(200);
    const refused = (path: string) => ({ code: 'invalid-input', errors: [{ path, message: expect.any(String) }] });
    await expect(choose({ id: UNKNOWN_ID })).rejects.toMatchObject(refused('assumptionSet.id'));
    await expect(choose({ id: archived.id })).rejects.toMatchObject(refused('assumptionSet.id'));
    await expect(choose({ id }, api.createOrganisation())).rejects.toMatchObject(refused('assumptionSet.id'));
    await expect(choose({ id, version: 2 })).rejects.toMatchObject(refused('assumptionSet.version'));
  });
});

describe('an estimate', () => {
  const PROJECT = { hours: 2700, seats: 3 };
  const estimate = (body: object, client = recruiter) =>
    client.post('/estimates', { project: PROJECT, simulation: { draws: 100, seed: 1 }, ...body });
  const totalOf = (body: { models: { model: string; total: number }[] }, model: string) =>
    body.models.find((each) => each.model === model)?.total ?? Number.NaN;

  it('keeps its copy when the set moves on, is renamed and archived', async () => {
    const set = await makeSet({ assumptions: [{ id: 'C1', value: 80, reason: 'Our contracts' }] });
    const { body } = await estimate({ assumptionSet: { id: set.id } }).expect(201);
    expect(body.assumptionSet).toEqual({ id: set.id, version: 1, name: set.name });
    expect(figure(body, 'C1')).toMatchObject({
      ...{ low: 80, mode: 80, high: 80, evidence: 'own', source: 'Own figure: Our contracts' },
      replaces: { low: 45, mode: 70, high: 95, evidence: 'rate_guide' },
    });
    const plain = await estimate({}).expect(201);
    expect(totalOf(body, 'freelance')).toBeLessThan(totalOf(plain.body, 'freelance'));
    expect(totalOf(body, 'in_house')).toBe(totalOf(plain.body, 'in_house'));
    await addVersion(set.id, 1, { id: 'C1', value: 40, reason: 'Cheaper ones' }).expect(201);
    await recruiter.patch(`/assumption-sets/${set.id}`, { name: `${set.name} renamed` }).expect(200);
    await recruiter.post(`/assumption-sets/${set.id}/archive`).expect(200);
    expect((await recruiter.get(`/estimates/${body.id}`).expect(200)).text).toBe(JSON.stringify(body));
  });

  it('takes an earlier version when it names one, and its own figures on top', async () => {
    const set = await makeSet({ assumptions: [{ id: 'C1', value: 80, reason: 'Our contracts' }, SALARY] });
    await addVersion(set.id, 1, { id: 'C1', value: 40, reason: 'Cheaper ones' }).expect(201);
    const own = { id: 'C3', value: 90_000, reason: 'This one is a junior' };
    const { body } = await estimate({ assumptionSet: { id: set.id, version: 1 }, assumptions: [own] }).expect(201);
    expect(body.assumptionSet).toMatchObject({ version: 1 });
    expect(figure(body, 'C1')).toMatchObject({ mode: 80 });
    expect(figure(body, 'C3')).toMatchObject({ mode: 90_000, overrideReason: own.reason, replaces: { mode: 120_850 } });
  });

  it('with a set that is not there, archived or of another organisation is refused by its field', async () => {
    const { id } = await makeSet();
    const archived = await makeSet();
    await recruiter.post(`/assumption-sets/${archived.id}/archive`).expect(200);
    const stranger = await api.signIn('owner', await api.createOrganisation());
    for (const [client, assumptionSet, path] of [
      [stranger, { id }, 'assumptionSet.id'],
      [recruiter, { id: UNKNOWN_ID }, 'assumptionSet.id'],
      [recruiter, { id: archived.id }, 'assumptionSet.id'],
      [recruiter, { id: 'mine' }, 'assumptionSet.id'],
      [recruiter, { id, version: 2 }, 'assumptionSet.version'],
      [recruiter, { id, version: 1e12 }, 'assumptionSet.version'],
      [recruiter, { id, version: null }, 'assumptionSet.version'],
    ] as const) {
      const { body } = await estimate({ assumptionSet }, client).expect(400);
      expect({ assumptionSet, paths: pathsOf(body) }).toEqual({ assumptionSet, paths: expect.arrayContaining([path]) });
    }
    expect((await stranger.get('/estimates').expect(200)).body.items).toEqual([]);
  });
});
