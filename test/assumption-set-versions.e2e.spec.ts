import { type Figure, figureOf, makeSet, OWN_SALARY, pathsOf } from './support/assumption-sets';
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

const addVersion = (id: string, basedOn: number, ...assumptions: object[]) =>
  recruiter.post(`/assumption-sets/${id}/versions`, { basedOn, assumptions });

describe('versions', () => {
  it('state their changes against the one before, and none is ever changed', async () => {
    const set = await makeSet(recruiter);
    const second = (await addVersion(set.id, 1, OWN_SALARY, { id: 'C1', reset: true, reason: 'Contracts ended' }).expect(201))
      .body;
    expect(second).toMatchObject({ version: 2, createdBy: { kind: 'member' } });
    expect(second.changes.map(({ id, kind, reason }: Figure) => [id, kind, reason])).toEqual([
      ['C1', 'taken_back', 'Contracts ended'],
      ['C3', 'replaced', OWN_SALARY.reason],
    ]);
    expect(figureOf(second, 'C1')).toMatchObject({ low: 45, origin: 'default', overriddenBy: null, evidence: 'rate_guide' });
    expect(figureOf(second, 'C1')).not.toHaveProperty('replaces');
    expect((await recruiter.get(`/assumption-sets/${set.id}/versions/1`).expect(200)).body).toEqual(set.newest);
    const read = (await recruiter.get(`/assumption-sets/${set.id}`).expect(200)).body;
    expect(read).toMatchObject({ newestVersion: 2, newest: second });
    for (const statement of ['UPDATE assumption_set_versions SET version = 9', 'DELETE FROM assumption_set_versions']) {
      await expect(sql(api.database.apiUrl, statement)).rejects.toThrow('permission denied');
    }
  });

  it('are listed newest first, page by page, each with its author and changes', async () => {
    const { id } = await makeSet(recruiter);
    await addVersion(id, 1, OWN_SALARY).expect(201);
    await addVersion(id, 2, { ...OWN_SALARY, value: 115_000 }).expect(201);
    const first = (await recruiter.get(`/assumption-sets/${id}/versions?limit=2`).expect(200)).body;
    const second = (await recruiter.get(`/assumption-sets/${id}/versions?limit=2&cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.items, ...second.items].map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(first.items[0].changes[0]).toMatchObject({ id: 'C3', before: { mode: 110_000 }, after: { mode: 115_000 } });
    expect(first.items[0]).not.toHaveProperty('assumptions');
  });

  it('tell which figures moved since an earlier one, by whom and why', async () => {
    const { id } = await makeSet(recruiter);
    const owner = await api.signIn('owner');
    await addVersion(id, 1, OWN_SALARY).expect(201);
    await owner
      .post(`/assumption-sets/${id}/versions`, { basedOn: 2, assumptions: [{ ...OWN_SALARY, value: 120_000, reason: 'Raised' }] })
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
    const set = await makeSet(recruiter);
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
    expect(figureOf(newest, 'vacancy_cost')).toMatchObject({ origin: 'later_default', value: 4000 });
    expect(figureOf(newest, 'manager_cost')).toMatchObject({ origin: 'earlier_default', value: 90, default: { value: 100 } });
    const next = (await addVersion(set.id, 1, OWN_SALARY).expect(201)).body;
    expect(next.learnedLater).toEqual([]);
    expect(next.changes.map(({ id, kind }: Figure) => [id, kind])).toEqual(
      expect.arrayContaining([
        ['C3', 'replaced'],
        ['vacancy_cost', 'learned'],
      ]),
    );
    expect(figureOf(next, 'manager_cost')).toMatchObject({ value: 90 });
  });

  it('are made one after the other: of two at the same time one is told to look again', async () => {
    const { id } = await makeSet(recruiter);
    const both = await collide(
      api.database.adminUrl,
      { lock: 'SELECT FROM assumption_sets WHERE id = $1 FOR UPDATE', values: [id] },
      () => Promise.all([100_000, 105_000].map((value) => addVersion(id, 1, { ...OWN_SALARY, value }))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const refused = both.find(({ status }) => status === 409)?.body;
    expect(refused).toMatchObject({ code: 'conflict', detail: expect.stringContaining('basedOn 2') });
    expect((await recruiter.get(`/assumption-sets/${id}/versions`).expect(200)).body.items).toHaveLength(2);
    for (const basedOn of [1, 3]) expect((await addVersion(id, basedOn, OWN_SALARY).expect(409)).body.code).toBe('conflict');
  });

  it('are not added to an archived set', async () => {
    const { id } = await makeSet(recruiter);
    await recruiter.post(`/assumption-sets/${id}/archive`).expect(200);
    expect((await addVersion(id, 1, OWN_SALARY).expect(409)).body.detail).toContain('Restore');
    await recruiter.post(`/assumption-sets/${id}/restore`).expect(200);
    await addVersion(id, 1, OWN_SALARY).expect(201);
  });

  it('that are not there are not found', async () => {
    const { id } = await makeSet(recruiter);
    for (const version of ['2', '0', '-1', 'one', '1.5', '99999999999', '3000000000']) {
      expect((await recruiter.get(`/assumption-sets/${id}/versions/${version}`).expect(404)).body.code).toBe('not-found');
      await recruiter.get(`/assumption-sets/${id}/versions/${version}/changes`).expect(404);
    }
  });
});

describe('bad input', () => {
  it.each<[string, object, string]>([
    ['no basedOn', { assumptions: [OWN_SALARY] }, 'basedOn'],
    ['basedOn 0', { basedOn: 0, assumptions: [OWN_SALARY] }, 'basedOn'],
    ['basedOn out of all proportion', { basedOn: 1e12, assumptions: [OWN_SALARY] }, 'basedOn'],
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
    ['a range out of order', { basedOn: 1, assumptions: [OWN_SALARY, { id: 'C1', low: 99, reason: 'x' }] }, 'assumptions.1'],
  ])('of a version: %s is refused and the field named', async (_, input, field) => {
    const { id } = await makeSet(recruiter);
    const { body } = await recruiter.post(`/assumption-sets/${id}/versions`, input).expect(400);
    expect(pathsOf(body)).toContain(field);
    expect((await recruiter.get(`/assumption-sets/${id}`).expect(200)).body.newestVersion).toBe(1);
  });
});
