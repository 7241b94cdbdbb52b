import { cents, differenceOf, type Estimate, Estimator, insertOldEstimate, SIMULATION } from './support/estimates';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
let recruiter: TestClient;
let stranger: TestClient;
let estimator: Estimator;

beforeAll(async () => {
  api = await startTestApi();
  recruiter = await api.signIn('recruiter');
  stranger = await api.signIn('recruiter', await api.createOrganisation());
  estimator = new Estimator(recruiter);
});
afterAll(() => api.close());

const UNKNOWN_ID = '0199c000-0000-7000-8000-000000000000';
const PROJECT = { hours: 2700, seats: 3 };

describe('a re-run', () => {
  const newSet = async (name: string, assumptions: readonly object[]): Promise<string> =>
    (await recruiter.post('/assumption-sets', { name, assumptions }).expect(201)).body.id;
  const newVersion = (id: string, basedOn: number, assumptions: readonly object[]) =>
    recruiter.post(`/assumption-sets/${id}/versions`, { basedOn, assumptions }).expect(201);

  it('takes the newest version of its set and keeps the own figures of the estimate', async () => {
    const id = await newSet('Rates of the year', [
      { id: 'C1', value: 90, reason: 'Our platform' },
      { id: 'manager_cost', value: 110, reason: 'Payroll' },
    ]);
    const base = await estimator.estimate({
      ...{ name: 'Shop', need: { seats: 3, scope: { teamSize: 3, months: 6 } }, assumptionSet: { id } },
      assumptions: [{ id: 'manager_cost', value: 130, reason: 'Our most expensive manager' }],
    });
    await newVersion(id, 1, [
      { id: 'C1', value: 85, reason: 'Negotiated' },
      { id: 'manager_cost', value: 115, reason: 'Raise' },
      { id: 'hours_per_month', value: 140, reason: 'Measured' },
    ]);
    const again = await estimator.rerun(base.id);
    expect(again).toMatchObject({
      ...{ name: 'Shop', basedOn: { id: base.id, kind: 'rerun' }, simulation: SIMULATION },
      assumptionSet: { id, version: 2, name: 'Rates of the year' },
      // 3 engineers for 6 months of 140 hours.
      ...{ need: base.need, project: { hours: 2520, seats: 3 } },
    });
    const figure = (made: Estimate, wanted: string) => made.assumptions.find((assumption) => assumption.id === wanted);
    expect(figure(again, 'C1')).toMatchObject({ mode: 85, overrideReason: 'Negotiated' });
    expect(figure(again, 'manager_cost')).toMatchObject({ value: 130, overrideReason: 'Our most expensive manager' });

    const freelance = differenceOf(await estimator.compare(base.id, again.id), 'freelance');
    expect(freelance.causes.map(({ inputId }) => inputId).sort()).toEqual(['C1', 'hours_per_month', 'project.hours']);
    expect(cents(...freelance.causes.map(({ change }) => change))).toBe(cents(freelance.change));

    const without = await estimator.rerun(base.id, { keepOwnFigures: false, name: null });
    expect(without.name).toBeNull();
    expect(figure(without, 'manager_cost')).toMatchObject({ value: 115, overrideReason: 'Raise' });

    const first = await estimator.rerun(base.id, { assumptionSet: { id, version: 1 } });
    expect(first.assumptionSet).toMatchObject({ version: 1 });
    expect(first.models.map(({ total }) => total)).toEqual(base.models.map(({ total }) => total));
    const defaults = await estimator.rerun(base.id, { assumptionSet: null });
    expect(defaults.assumptionSet).toBeNull();
    expect(figure(defaults, 'C1')).toMatchObject({ low: 45, overriddenBy: null });
    expect(figure(defaults, 'manager_cost')).toMatchObject({ value: 130 });
  });

  it('of an estimate with the defaults repeats it, and may take a set', async () => {
    const base = await estimator.estimate({ project: PROJECT });
    const again = await estimator.rerun(base.id);
    expect(again.models).toEqual(base.models);
    const id = await newSet('Other rates', [{ id: 'partner_rate', value: 60, reason: 'Offer' }]);
    const moved = await estimator.rerun(again.id, { assumptionSet: { id } });
    const compared = await estimator.compare(base.id, moved.id);
    expect(differenceOf(compared, 'staff_augmentation').causes.map(({ inputId }) => inputId)).toEqual(['partner_rate']);
  });

  it('names the set that it cannot take', async () => {
    const base = await estimator.estimate({ project: PROJECT });
    const path = `/estimates/${base.id}/reruns`;
    const assumptions = [{ id: 'C1', value: 90, reason: 'ours' }];
    const { body: theirs } = await stranger.post('/assumption-sets', { name: 'Theirs', assumptions }).expect(201);
    await estimator.refused(path, { assumptionSet: { id: UNKNOWN_ID } }, ['assumptionSet.id']);
    await estimator.refused(path, { assumptionSet: { id: theirs.id } }, ['assumptionSet.id']);
    await estimator.refused(path, { assumptionSet: { id: 'abc' } }, ['assumptionSet.id']);
    await estimator.refused(path, { keepOwnFigures: 'no' }, ['keepOwnFigures']);
    await estimator.refused(path, { keepOwnFigures: null }, ['keepOwnFigures']);
    await estimator.refused(path, { name: '' }, ['name']);
    await estimator.refused(path, { name: '   ' }, ['name']);
    await estimator.refused(path.replace('reruns', 'scenarios'), { name: '   ', project: { seats: 4 } }, ['name']);
    const id = await newSet('Short lived', assumptions);
    await estimator.refused(path, { assumptionSet: { id, version: 9 } }, ['assumptionSet.version']);
    const own = await estimator.estimate({ project: PROJECT, assumptionSet: { id } });
    await recruiter.post(`/assumption-sets/${id}/archive`).expect(200);
    await estimator.refused(`/estimates/${own.id}/reruns`, {}, ['assumptionSet.id']);
    expect((await estimator.rerun(own.id, { assumptionSet: null })).assumptionSet).toBeNull();
    await stranger.post(path, {}).expect(404);
  });

  it('of an estimate from before simulation makes what it never had, with its own figures', async () => {
    const id = await insertOldEstimate(api, 400_000, 11);
    const again = await estimator.rerun(id);
    expect(again).toMatchObject({
      ...{ name: 'Old', basedOn: { id, kind: 'rerun' }, project: { ...PROJECT, joins: null, models: ['in_house'] } },
      simulation: { draws: 100_000 },
    });
    expect(again.assumptions.find((assumption) => assumption.id === 'C3')).toMatchObject({
      ...{ mode: 100_000, overriddenBy: 'member x', overrideReason: 'Our bands' },
      // Own figures were told in the words of the published ones then.
      ...{ evidence: 'own', source: 'Own figure: Our bands', replaces: { mode: 120_850, evidence: 'rate_guide' } },
    });
  });
});
