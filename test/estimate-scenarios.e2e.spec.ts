import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
let recruiter: TestClient;
let stranger: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  recruiter = await api.signIn('recruiter');
  stranger = await api.signIn('recruiter', await api.createOrganisation());
});
afterAll(() => api.close());

const UNKNOWN_ID = '0199c000-0000-7000-8000-000000000000';
const PROJECT = { hours: 2700, seats: 3 };
const SIMULATION = { draws: 200, seed: 7 };

interface Estimate {
  readonly id: string;
  readonly name: string | null;
  readonly project: Record<string, unknown>;
  readonly models: readonly { model: string; total: number; deliveryMonths: number }[];
  readonly assumptions: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}
interface Cause {
  readonly inputId: string;
  readonly change: number;
  readonly deliveryMonths: number;
}
interface Difference {
  readonly model: string;
  readonly before: number;
  readonly after: number;
  readonly change: number;
  readonly causes: readonly Cause[];
  readonly [field: string]: unknown;
}

const estimate = async (input: object): Promise<Estimate> =>
  (await recruiter.post('/estimates', { simulation: SIMULATION, ...input }).expect(201)).body;
const scenario = async (id: string, input: object): Promise<Estimate> =>
  (await recruiter.post(`/estimates/${id}/scenarios`, { name: 'What if', ...input }).expect(201)).body;
const rerun = async (id: string, input: object = {}): Promise<Estimate> =>
  (await recruiter.post(`/estimates/${id}/reruns`, input).expect(201)).body;
const comparison = async (
  before: string,
  after: string,
): Promise<{ currency: string; models: readonly Difference[]; [field: string]: unknown }> =>
  (await recruiter.get(`/estimates/${before}/comparison?with=${after}`).expect(200)).body;
const refused = async (path: string, body: object, fields: readonly string[], client = recruiter): Promise<void> => {
  const answer = await client.post(path, body).expect(400);
  expect([...new Set(answer.body.errors?.map((error: { path: string }) => error.path))]).toEqual(fields);
};
const cents = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0);
const only = (models: readonly Difference[], model: string): Difference => {
  const found = models.find((each) => each.model === model);
  if (!found) throw new Error(`No ${model}.`);
  return found;
};

describe('the comparison of two estimates', () => {
  it('explains three causes, as calculated by hand, to the cent', async () => {
    const before = await estimate({ project: PROJECT });
    const after = await estimate({
      project: { ...PROJECT, hours: 3000 },
      assumptions: [
        { id: 'C1', value: 80, reason: 'Our freelancers' },
        { id: 'manager_cost', value: 120, reason: 'Our managers' },
      ],
    });
    const { models, currency, inputs } = await comparison(before.id, after.id);
    expect(currency).toBe('USD');
    const freelance = only(models, 'freelance');

    // Freelance: W (c + 0.15 cg) + 500 (3 + X), with W = 3107.25 and X = 0.66 for 2700 hours, W = 3440 and X = 0.7333 for 3000.
    const total = (hours: boolean, rate: boolean, manager: boolean): number =>
      (hours ? 3440 : 3107.25) * ((rate ? 84 : 99.75) + 0.15 * (manager ? 120 : 100)) + 500 * (hours ? 3 + 11 / 15 : 3.66);
    const [no, yes] = [false, true];
    // Mean of what each adds over the six orders of the three: a third first, a third last, and a sixth after either of the others.
    const byHand = {
      C1:
        (total(no, yes, no) - total(no, no, no)) / 3 +
        (total(yes, yes, no) - total(yes, no, no)) / 6 +
        (total(no, yes, yes) - total(no, no, yes)) / 6 +
        (total(yes, yes, yes) - total(yes, no, yes)) / 3,
      'project.hours':
        (total(yes, no, no) - total(no, no, no)) / 3 +
        (total(yes, yes, no) - total(no, yes, no)) / 6 +
        (total(yes, no, yes) - total(no, no, yes)) / 6 +
        (total(yes, yes, yes) - total(no, yes, yes)) / 3,
      manager_cost:
        (total(no, no, yes) - total(no, no, no)) / 3 +
        (total(yes, no, yes) - total(yes, no, no)) / 6 +
        (total(no, yes, yes) - total(no, yes, no)) / 6 +
        (total(yes, yes, yes) - total(yes, yes, no)) / 3,
    };
    expect(freelance).toMatchObject({
      before: 358_386.94,
      after: 352_746.67,
      change: -5640.27,
      sampledOrders: null,
      standardError: 0,
    });
    expect(freelance.causes.map(({ inputId }) => inputId)).toEqual(['C1', 'project.hours', 'manager_cost']);
    for (const { inputId, change } of freelance.causes) {
      expect(Math.abs(change - byHand[inputId as keyof typeof byHand])).toBeLessThan(0.01);
    }
    expect(cents(freelance.causes.map(({ change }) => change))).toBe(-564_027);
    expect(freelance.causes[0]).toMatchObject({
      ...{ claim: 'A freelance Django developer costs USD 45-95 per hour', deliveryMonths: 0 },
      ...{ before: 'high of 45 / 70 / 95 USD per hour', after: '80 USD per hour' },
    });
    // In-house knows no freelancers' rate; only the hours move a delivery.
    expect(only(models, 'in_house').causes.map(({ inputId }) => inputId)).toEqual(['project.hours', 'manager_cost']);
    expect(freelance.delivery).toEqual({ before: 7.515, after: 8.2667, change: 0.7517 });
    expect(freelance.causes.find(({ inputId }) => inputId === 'project.hours')?.deliveryMonths).toBe(0.7517);
    expect(inputs).toHaveLength(3);
    expect(freelance.ranges).toEqual({
      before: expect.objectContaining({ cost: before.models[0] && expect.objectContaining({ p50: expect.any(Number) }) }),
      after: expect.anything(),
    });

    const back = await comparison(after.id, before.id);
    expect(only(back.models, 'freelance').causes.map(({ inputId, change }) => [inputId, 0 - change])).toEqual(
      freelance.causes.map(({ inputId, change }) => [inputId, change]),
    );
  });

  it('finds nothing between an estimate and itself, and compares archived ones', async () => {
    const { id } = await estimate({ project: PROJECT });
    await recruiter.post(`/estimates/${id}/archive`).expect(200);
    const { models, inputs, notes } = await comparison(id, id);
    expect([inputs, notes]).toEqual([[], []]);
    for (const { change, causes } of models) expect([change, causes]).toEqual([0, []]);
  });

  it('names a wrong partner, and shows nobody the estimates of another organisation', async () => {
    const { id } = await estimate({ project: PROJECT });
    const partner = await estimate({ project: { ...PROJECT, models: ['hybrid'] } });
    const lonely = await estimate({ project: { ...PROJECT, models: ['freelance'] } });
    const theirs: Estimate = (await stranger.post('/estimates', { project: PROJECT, simulation: SIMULATION }).expect(201)).body;
    for (const other of ['', '?with=', '?with=abc', `?with=${UNKNOWN_ID}`, `?with=${theirs.id}`]) {
      const { body } = await recruiter.get(`/estimates/${id}/comparison${other}`).expect(400);
      expect(body.errors.map((error: { path: string }) => error.path)).toEqual(['with']);
    }
    const { body } = await recruiter.get(`/estimates/${partner.id}/comparison?with=${lonely.id}`).expect(400);
    expect(body.errors).toEqual([{ path: 'with', message: 'has no hiring model in common with the first one.' }]);
    await recruiter.get(`/estimates/${theirs.id}/comparison?with=${id}`).expect(404);
    await recruiter.get(`/estimates/${UNKNOWN_ID}/comparison?with=${id}`).expect(404);
    const some = await comparison(id, partner.id);
    expect(some).toMatchObject({ modelsOnlyBefore: ['freelance', 'in_house', 'staff_augmentation'], modelsOnlyAfter: [] });
  });

  it('explains an exchange rate, and compares two currencies in dollars', async () => {
    const rate = (perDollar: number, date: string) =>
      recruiter.post('/exchange-rates', { currency: 'EUR', perDollar, date, source: 'European Central Bank' }).expect(201);
    await rate(0.85, '2026-10-01');
    const before = await estimate({ project: PROJECT, currency: 'EUR' });
    await rate(0.9, '2026-11-01');
    const after = await estimate({ project: PROJECT, currency: 'EUR' });
    const { currency, models } = await comparison(before.id, after.id);
    expect(currency).toBe('EUR');
    // 358,386.9375 dollars at both rates.
    expect(only(models, 'freelance')).toMatchObject({ before: 304_628.9, after: 322_548.24, change: 17_919.34 });
    expect(only(models, 'freelance').causes).toEqual([
      {
        ...{ inputId: 'exchange_rate', claim: 'Exchange rate of EUR', change: 17_919.34, deliveryMonths: 0 },
        before: '0.85 EUR per USD (2026-10-01, European Central Bank)',
        after: '0.9 EUR per USD (2026-11-01, European Central Bank)',
      },
    ]);
    const dollars = await estimate({ project: PROJECT });
    const two = await comparison(after.id, dollars.id);
    expect(two).toMatchObject({ currency: 'USD', notes: [expect.stringContaining('both are compared in USD')] });
    expect(only(two.models, 'freelance')).toMatchObject({ before: 358_386.94, after: 358_386.94, causes: [] });
  });
});

describe('a scenario', () => {
  it('changes what the body gives and keeps all else of a project', async () => {
    const base = await estimate({
      project: { ...PROJECT, hoursPerMonth: 140, seniorityMix: { mid: 0.5, senior: 0.5 }, models: ['in_house', 'hybrid'] },
      situation: { isCoreProduct: true, startWithinMonths: 2 },
      framework: { needs: ['forms', 'admin'], flags: ['prototype'] },
      assumptions: [{ id: 'C3', value: 110_000, reason: 'Our bands' }],
    });
    const made = await scenario(base.id, {
      name: 'Two seats more',
      project: { seats: 5, hoursPerMonth: null },
      situation: { startWithinMonths: 6 },
      framework: { needs: ['forms'] },
      assumptions: [{ id: 'in_house.rework', value: 0.1, reason: 'Measured' }],
    });
    expect(made).toMatchObject({
      ...{ name: 'Two seats more', basedOn: { id: base.id, kind: 'scenario' }, assumptionSet: null, currency: 'USD' },
      project: { ...base.project, seats: 5, hoursPerMonth: null, builtInFeatures: 1 },
      situation: { isCoreProduct: true, startWithinMonths: 6 },
      framework: { needs: ['forms'], flags: ['prototype'], builtInFeatures: 1 },
      simulation: SIMULATION,
    });
    const reasons = made.assumptions.filter(({ overrideReason }) => overrideReason !== null);
    expect(reasons.map(({ id, overrideReason }) => [id, overrideReason])).toEqual([
      ['C3', 'Our bands'],
      ['in_house.rework', 'Measured'],
    ]);
    expect((await recruiter.get(`/estimates/${made.id}`).expect(200)).body).toEqual(made);
    const { models } = await comparison(base.id, made.id);
    expect(only(models, 'hybrid').causes.map(({ inputId }) => inputId)).toEqual(
      expect.arrayContaining(['project.seats', 'project.hoursPerMonth']),
    );
  });

  it('changes fields of a need, and counts the hours of a team anew', async () => {
    const base = await estimate({ need: { role: 'Backend developer', seats: 3, scope: { teamSize: 3, months: 6 } } });
    expect(base.project).toMatchObject({ hours: 2700, seats: 3 });
    const longer = await scenario(base.id, { need: { scope: { teamSize: 3, months: 8 }, situation: { keepsArchitect: true } } });
    expect(longer).toMatchObject({
      need: { role: 'Backend developer', seats: 3, scope: { teamSize: 3, months: 8 } },
      ...{ project: { hours: 3600, seats: 3 }, situation: { keepsArchitect: true, isCoreProduct: false } },
    });
    const slower = await scenario(longer.id, { assumptions: [{ id: 'hours_per_month', value: 100, reason: 'Part time' }] });
    expect(slower.project).toMatchObject({ hours: 2400 });
    expect(slower.situation).toMatchObject({ keepsArchitect: true });
    const ramping = await scenario(base.id, {
      need: {
        joins: [
          { month: 0, seats: 1 },
          { month: 2, seats: 2 },
        ],
      },
    });
    expect(ramping.project).toMatchObject({ seats: 3, joins: [expect.anything(), { month: 2, seats: 2 }] });
  });

  it('is told in another currency at its newest rate, and otherwise keeps the rate of its base', async () => {
    const rate = (perDollar: number, date: string) =>
      recruiter.post('/exchange-rates', { currency: 'JPY', perDollar, date, source: 'Bank of Japan' }).expect(201);
    await rate(150, '2026-10-01');
    const base = await estimate({ project: PROJECT, currency: 'JPY' });
    await rate(160, '2026-11-01');
    expect((await scenario(base.id, { project: { hours: 2800 } })).exchangeRate).toMatchObject({ perDollar: 150 });
    expect((await scenario(base.id, { currency: 'JPY' })).exchangeRate).toMatchObject({ perDollar: 160 });
    expect((await rerun(base.id)).exchangeRate).toMatchObject({ perDollar: 160 });
    expect((await scenario(base.id, { currency: 'USD' })).models[0]?.total).toBe(358_386.94);
  });

  it('names every field that is wrong', async () => {
    const base = await estimate({ project: PROJECT, framework: { needs: ['forms'] } });
    const path = `/estimates/${base.id}/scenarios`;
    const named = (body: object) => ({ name: 'What if', ...body });
    await refused(path, { project: { hours: 1 } }, ['name']);
    await refused(path, named({}), ['project']);
    await refused(path, named({ project: { seats: 3 } }), ['project']);
    await refused(path, named({ project: { hours: -1, seats: 0 } }), ['project.hours', 'project.seats']);
    await refused(path, named({ project: { hours: 'many' } }), ['project.hours']);
    await refused(path, named({ project: { joins: [{ month: 0, seats: 2 }] } }), ['project.joins']);
    await refused(path, named({ project: { builtInFeatures: 4 } }), ['project.builtInFeatures']);
    await refused(path, named({ project: { deadline: 'soon' } }), ['project.deadline']);
    await refused(path, named({ need: { seats: 4 } }), ['need']);
    await refused(path, named({ situation: { isUrgent: true } }), ['situation.isUrgent']);
    await refused(path, named({ framework: { needs: ['magic'] } }), ['framework.needs.0']);
    await refused(path, named({ currency: 'GBP' }), ['currency']);
    await refused(path, named({ simulation: { draws: 1e9 } }), ['simulation.draws']);
    await refused(path, named({ assumptions: [{ id: 'C1', value: 80 }] }), ['assumptions.0.reason']);
    await refused(path, named({ assumptions: [{ id: 'C99', value: 80, reason: 'ours' }] }), ['assumptions.0.id']);
    await refused(path, named({ assumptionSet: { id: UNKNOWN_ID } }), ['assumptionSet']);

    const needed = await estimate({ need: { seats: 2, scope: { hours: 500 } } });
    const ofNeed = `/estimates/${needed.id}/scenarios`;
    await refused(ofNeed, named({ project: { seats: 4 } }), ['project']);
    await refused(ofNeed, named({ situation: { isCoreProduct: true } }), ['situation']);
    await refused(ofNeed, named({ need: { seats: 0, scope: { hours: 1, months: 2 } } }), [
      'need.scope',
      'need.scope.teamSize',
      'need.seats',
    ]);
  });

  it('is not made from an archived estimate, nor from one of another organisation, nor without permission', async () => {
    const { id } = await estimate({ project: PROJECT });
    const body = { name: 'What if', project: { seats: 4 } };
    await stranger.post(`/estimates/${id}/scenarios`, body).expect(404);
    await stranger.get(`/estimates/${id}/scenarios`).expect(404);
    await recruiter.post(`/estimates/${UNKNOWN_ID}/scenarios`, body).expect(404);
    await recruiter.post(`/estimates/${id}/archive`).expect(200);
    const { body: problem } = await recruiter.post(`/estimates/${id}/scenarios`, body).expect(409);
    expect(problem).toMatchObject({ code: 'conflict', detail: expect.stringContaining('Restore it first') });
    await recruiter.post(`/estimates/${id}/reruns`, {}).expect(409);
    await api.client().post(`/estimates/${id}/scenarios`, body).expect(401);
  });

  it('is made once for one Idempotency-Key, and recorded', async () => {
    const { id } = await estimate({ project: PROJECT });
    const send = () =>
      recruiter
        .post(`/estimates/${id}/scenarios`, { name: 'Once', project: { seats: 4 } })
        .set('Idempotency-Key', 'scenario-1')
        .expect(201);
    const [first, second] = [await send(), await send()];
    expect(second.body).toEqual(first.body);
    const owner = await api.signIn('owner');
    const { body } = await owner.get('/audit-events?limit=1').expect(200);
    expect(body.items[0]).toMatchObject({
      ...{ action: 'estimate.created', subjectId: first.body.id },
      detail: { basedOn: { id, kind: 'scenario' }, overridden: [] },
    });
  });
});

describe('a family of estimates', () => {
  it('stands side by side with its base, whichever member is asked', async () => {
    const base = await estimate({ name: 'As planned', project: PROJECT });
    const child = await scenario(base.id, { name: 'Cheaper', assumptions: [{ id: 'C1', value: 80, reason: 'ours' }] });
    const grandchild = await scenario(child.id, { name: 'And longer', project: { hours: 3000 } });
    const again = await rerun(base.id, { name: 'Again' });
    await recruiter.post(`/estimates/${again.id}/archive`).expect(200);
    for (const { id } of [base, child, grandchild, again]) {
      const { body } = await recruiter.get(`/estimates/${id}/scenarios`).expect(200);
      expect(body.base).toMatchObject({ id: base.id, name: 'As planned', basedOn: null });
      expect(body.items.map((item: Estimate) => [item.name, item.basedOn])).toEqual([
        ['Again', { id: base.id, kind: 'rerun' }],
        ['And longer', { id: child.id, kind: 'scenario' }],
        ['Cheaper', { id: base.id, kind: 'scenario' }],
      ]);
      const [rerunItem, , cheaper] = body.items;
      expect(rerunItem.archivedAt).not.toBeNull();
      expect(rerunItem.changes).toEqual(base.models.map(({ model }) => ({ model, total: 0, deliveryMonths: 0 })));
      expect(cheaper.changes[0]).toEqual({ model: 'freelance', total: -48_939.19, deliveryMonths: 0 });
      expect(cheaper.models[0]).toMatchObject({ total: 309_447.75, costBand: { p10: expect.any(Number) } });
    }
    const first = await recruiter.get(`/estimates/${base.id}/scenarios?limit=2`).expect(200);
    expect(first.body.items).toHaveLength(2);
    const rest = await recruiter.get(`/estimates/${base.id}/scenarios?cursor=${first.body.nextCursor}`).expect(200);
    expect([rest.body.items.map(({ name }: Estimate) => name), rest.body.nextCursor]).toEqual([['Cheaper'], null]);
    await recruiter.get(`/estimates/${base.id}/scenarios?cursor=abc`).expect(400);
    const other = await estimate({ project: PROJECT });
    expect((await recruiter.get(`/estimates/${other.id}/scenarios`).expect(200)).body.items).toEqual([]);
  });
});

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
    const base = await estimate({
      ...{ name: 'Shop', need: { seats: 3, scope: { teamSize: 3, months: 6 } }, assumptionSet: { id } },
      assumptions: [{ id: 'manager_cost', value: 130, reason: 'Our most expensive manager' }],
    });
    await newVersion(id, 1, [
      { id: 'C1', value: 85, reason: 'Negotiated' },
      { id: 'manager_cost', value: 115, reason: 'Raise' },
      { id: 'hours_per_month', value: 140, reason: 'Measured' },
    ]);
    const again = await rerun(base.id);
    expect(again).toMatchObject({
      ...{ name: 'Shop', basedOn: { id: base.id, kind: 'rerun' }, simulation: SIMULATION },
      assumptionSet: { id, version: 2, name: 'Rates of the year' },
      // 3 engineers for 6 months of 140 hours.
      ...{ need: base.need, project: { hours: 2520, seats: 3 } },
    });
    const figure = (made: Estimate, wanted: string) => made.assumptions.find((assumption) => assumption.id === wanted);
    expect(figure(again, 'C1')).toMatchObject({ mode: 85, overrideReason: 'Negotiated' });
    expect(figure(again, 'manager_cost')).toMatchObject({ value: 130, overrideReason: 'Our most expensive manager' });

    const { models } = await comparison(base.id, again.id);
    const freelance = only(models, 'freelance');
    expect(freelance.causes.map(({ inputId }) => inputId).sort()).toEqual(['C1', 'hours_per_month', 'project.hours']);
    expect(cents(freelance.causes.map(({ change }) => change))).toBe(cents([freelance.change]));

    const without = await rerun(base.id, { keepOwnFigures: false, name: null });
    expect(without.name).toBeNull();
    expect(figure(without, 'manager_cost')).toMatchObject({ value: 115, overrideReason: 'Raise' });

    const first = await rerun(base.id, { assumptionSet: { id, version: 1 } });
    expect(first.assumptionSet).toMatchObject({ version: 1 });
    expect(first.models.map(({ total }) => total)).toEqual(base.models.map(({ total }) => total));
    const defaults = await rerun(base.id, { assumptionSet: null });
    expect(defaults.assumptionSet).toBeNull();
    expect(figure(defaults, 'C1')).toMatchObject({ low: 45, overriddenBy: null });
    expect(figure(defaults, 'manager_cost')).toMatchObject({ value: 130 });
  });

  it('of an estimate with the defaults repeats it, and may take a set', async () => {
    const base = await estimate({ project: PROJECT });
    const again = await rerun(base.id);
    expect(again.models).toEqual(base.models);
    const id = await newSet('Other rates', [{ id: 'partner_rate', value: 60, reason: 'Offer' }]);
    const moved = await rerun(again.id, { assumptionSet: { id } });
    const { models } = await comparison(base.id, moved.id);
    expect(only(models, 'staff_augmentation').causes.map(({ inputId }) => inputId)).toEqual(['partner_rate']);
  });

  it('names the set that it cannot take', async () => {
    const base = await estimate({ project: PROJECT });
    const path = `/estimates/${base.id}/reruns`;
    const { body: theirs } = await stranger.post('/assumption-sets', { name: 'Theirs', assumptions: [] });
    await refused(path, { assumptionSet: { id: UNKNOWN_ID } }, ['assumptionSet.id']);
    if (theirs.id) await refused(path, { assumptionSet: { id: theirs.id } }, ['assumptionSet.id']);
    await refused(path, { assumptionSet: { id: 'abc' } }, ['assumptionSet.id']);
    await refused(path, { keepOwnFigures: 'no' }, ['keepOwnFigures']);
    await refused(path, { name: '' }, ['name']);
    const id = await newSet('Short lived', [{ id: 'C1', value: 90, reason: 'ours' }]);
    await refused(path, { assumptionSet: { id, version: 9 } }, ['assumptionSet.version']);
    const own = await estimate({ project: PROJECT, assumptionSet: { id } });
    await recruiter.post(`/assumption-sets/${id}/archive`).expect(200);
    await refused(`/estimates/${own.id}/reruns`, {}, ['assumptionSet.id']);
    expect((await rerun(own.id, { assumptionSet: null })).assumptionSet).toBeNull();
    await stranger.post(path, {}).expect(404);
  });
});
