import { AssumptionSetsService } from '@assay/api/assumption-sets/assumption-sets.service';
import { figureOf, makeSet, OWN_RATE, OWN_SALARY, pathsOf } from './support/assumption-sets';
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

describe('the set of an estimate', () => {
  const choose = async (ref: { id: string; version?: number }, organisation = api.organisation()) => {
    const { owner } = (await organisation).members;
    const principal = { kind: 'member', ...owner, permissions: new Set<never>() } as const;
    return api.app.get(AssumptionSetsService, { strict: false }).selectForEstimate(principal, ref);
  };

  it('is the newest version, or the one that is named, with every figure of the model', async () => {
    const set = await makeSet(recruiter);
    await addVersion(set.id, 1, { ...OWN_RATE, mode: 80 }).expect(201);
    const newest = await choose({ id: set.id });
    expect(newest).toMatchObject({ id: set.id, version: 2, name: set.name, learnedLater: [] });
    expect(newest.assumptions.find(({ id }) => id === 'C1')).toMatchObject({ mode: 80 });
    const first = await choose({ id: set.id, version: 1 });
    expect(first.assumptions.find(({ id }) => id === 'C1')).toMatchObject({ mode: 75 });
    expect(first.assumptions).toHaveLength(set.newest.assumptions.length);
  });

  it("that is not there, archived or another organisation's is refused by its field", async () => {
    const { id } = await makeSet(recruiter);
    const archived = await makeSet(recruiter);
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
    const set = await makeSet(recruiter, { assumptions: [{ id: 'C1', value: 80, reason: 'Our contracts' }] });
    const { body } = await estimate({ assumptionSet: { id: set.id } }).expect(201);
    expect(body.assumptionSet).toEqual({ id: set.id, version: 1, name: set.name });
    expect(figureOf(body, 'C1')).toMatchObject({
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
    const set = await makeSet(recruiter, { assumptions: [{ id: 'C1', value: 80, reason: 'Our contracts' }, OWN_SALARY] });
    await addVersion(set.id, 1, { id: 'C1', value: 40, reason: 'Cheaper ones' }).expect(201);
    const own = { id: 'C3', value: 90_000, reason: 'This one is a junior' };
    const { body } = await estimate({ assumptionSet: { id: set.id, version: 1 }, assumptions: [own] }).expect(201);
    expect(body.assumptionSet).toMatchObject({ version: 1 });
    expect(figureOf(body, 'C1')).toMatchObject({ mode: 80 });
    expect(figureOf(body, 'C3')).toMatchObject({ mode: 90_000, overrideReason: own.reason, replaces: { mode: 120_850 } });
  });

  it('with a set that is not there, archived or of another organisation is refused by its field', async () => {
    const { id } = await makeSet(recruiter);
    const archived = await makeSet(recruiter);
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
