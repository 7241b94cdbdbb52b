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

describe('the comparison of two estimates', () => {
  it('explains three causes, as calculated by hand, to the cent', async () => {
    const before = await estimator.estimate({ project: PROJECT });
    const after = await estimator.estimate({
      project: { ...PROJECT, hours: 3000 },
      assumptions: [
        { id: 'C1', value: 80, reason: 'Our freelancers' },
        { id: 'manager_cost', value: 120, reason: 'Our managers' },
      ],
    });
    const compared = await estimator.compare(before.id, after.id);
    expect(compared).toMatchObject({ currency: 'USD', before: before.id, after: after.id, inputs: [{}, {}, {}] });
    const freelance = differenceOf(compared, 'freelance');

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
    expect(cents(...freelance.causes.map(({ change }) => change))).toBe(-564_027);
    expect(freelance.causes[0]).toMatchObject({
      ...{ claim: 'A freelance Django developer costs USD 45-95 per hour', deliveryMonths: 0 },
      ...{ before: 'high of 45 / 70 / 95 USD per hour', after: '80 USD per hour' },
    });
    // In-house knows no freelancers' rate; only the hours move a delivery.
    expect(differenceOf(compared, 'in_house').causes.map(({ inputId }) => inputId)).toEqual(['project.hours', 'manager_cost']);
    expect(freelance.delivery).toEqual({ before: 7.515, after: 8.2667, change: 0.7517 });
    expect(freelance.causes.find(({ inputId }) => inputId === 'project.hours')?.deliveryMonths).toBe(0.7517);
    expect(freelance.ranges).toEqual({
      before: expect.objectContaining({ cost: before.models[0] && expect.objectContaining({ p50: expect.any(Number) }) }),
      after: expect.anything(),
    });

    const back = await estimator.compare(after.id, before.id);
    expect(differenceOf(back, 'freelance').causes.map(({ inputId, change }) => [inputId, 0 - change])).toEqual(
      freelance.causes.map(({ inputId, change }) => [inputId, change]),
    );
  });

  it('finds nothing between an estimate and itself, and compares archived ones', async () => {
    const { id } = await estimator.estimate({ project: PROJECT });
    await recruiter.post(`/estimates/${id}/archive`).expect(200);
    const { models, inputs, notes } = await estimator.compare(id, id);
    expect([inputs, notes]).toEqual([[], []]);
    for (const { change, causes } of models) expect([change, causes]).toEqual([0, []]);
  });

  it('names a wrong partner, and shows nobody the estimates of another organisation', async () => {
    const { id } = await estimator.estimate({ project: PROJECT });
    const partner = await estimator.estimate({ project: { ...PROJECT, models: ['hybrid'] } });
    const lonely = await estimator.estimate({ project: { ...PROJECT, models: ['freelance'] } });
    const theirs: Estimate = (await stranger.post('/estimates', { project: PROJECT, simulation: SIMULATION }).expect(201)).body;
    for (const other of ['', '?with=', '?with=abc', `?with=${UNKNOWN_ID}`, `?with=${theirs.id}`]) {
      const { body } = await recruiter.get(`/estimates/${id}/comparison${other}`).expect(400);
      expect(body.errors.map((error: { path: string }) => error.path)).toEqual(['with']);
    }
    const { body } = await recruiter.get(`/estimates/${partner.id}/comparison?with=${lonely.id}`).expect(400);
    expect(body.errors).toEqual([{ path: 'with', message: 'has no hiring model in common with the first one.' }]);
    await recruiter.get(`/estimates/${theirs.id}/comparison?with=${id}`).expect(404);
    await recruiter.get(`/estimates/${UNKNOWN_ID}/comparison?with=${id}`).expect(404);
    const some = await estimator.compare(id, partner.id);
    expect(some).toMatchObject({ modelsOnlyBefore: ['freelance', 'in_house', 'staff_augmentation'], modelsOnlyAfter: [] });
  });

  it('explains an exchange rate, and compares two currencies in dollars', async () => {
    const rate = (perDollar: number, date: string) =>
      recruiter.post('/exchange-rates', { currency: 'EUR', perDollar, date, source: 'European Central Bank' }).expect(201);
    await rate(0.85, '2026-10-01');
    const before = await estimator.estimate({ project: PROJECT, currency: 'EUR' });
    await rate(0.9, '2026-11-01');
    const after = await estimator.estimate({ project: PROJECT, currency: 'EUR' });
    const euros = await estimator.compare(before.id, after.id);
    expect(euros.currency).toBe('EUR');
    // 358,386.9375 dollars at both rates.
    expect(differenceOf(euros, 'freelance')).toMatchObject({ before: 304_628.9, after: 322_548.24, change: 17_919.34 });
    expect(differenceOf(euros, 'freelance').causes).toEqual([
      {
        ...{ inputId: 'exchange_rate', claim: 'Exchange rate of EUR', change: 17_919.34, deliveryMonths: 0 },
        before: '0.85 EUR per USD (2026-10-01, European Central Bank)',
        after: '0.9 EUR per USD (2026-11-01, European Central Bank)',
      },
    ]);
    const dollars = await estimator.estimate({ project: PROJECT });
    const two = await estimator.compare(after.id, dollars.id);
    expect(two).toMatchObject({ currency: 'USD', notes: [expect.stringContaining('both are compared in USD')] });
    expect(differenceOf(two, 'freelance')).toMatchObject({ before: 358_386.94, after: 358_386.94, causes: [] });
  });

  it('says what another version of the model made of an old estimate, which was never simulated', async () => {
    const id = await insertOldEstimate(api, 400_000, 11);
    const now = await estimator.estimate({ project: { ...PROJECT, hours: 3000 } });
    const compared = await estimator.compare(id, now.id);
    const inHouse = differenceOf(compared, 'in_house');
    expect(inHouse.causes.map(({ inputId }) => inputId).sort()).toEqual(['C3', 'formulas', 'project.hours']);
    expect(cents(...inHouse.causes.map(({ change }) => change))).toBe(cents(Number(now.models[1]?.total), -400_000));
    expect(inHouse).toMatchObject({ before: 400_000, ranges: null, delivery: { before: 11 } });
    expect(compared).toMatchObject({ notes: [expect.stringContaining('another version')], modelsOnlyAfter: expect.any(Array) });
    expect(compared.inputs).toHaveLength(2);
  });
});
