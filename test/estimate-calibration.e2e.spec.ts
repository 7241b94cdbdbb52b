import { ACTUAL, estimateToHold, newRecruiter } from './support/cost-actuals';
import { startTestApi, type TestApi } from './support/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const UNKNOWN_ID = '0199c000-0000-7000-8000-000000000000';

it.each([
  ['assumptionSetId=mine', 'assumptionSetId'],
  ['assumptionSetVersion=2', 'assumptionSetVersion'],
  [`assumptionSetId=${UNKNOWN_ID}&assumptionSetVersion=0`, 'assumptionSetVersion'],
  ['model=freelance', 'model'],
])('a calibration by %s is refused and the field named', async (query, path) => {
  const client = await api.signIn('recruiter');
  const { body } = await client.get(`/estimate-calibration?${query}`).expect(400);
  expect(body.errors.map((error: { path: string }) => error.path)).toEqual([path]);
});

describe('own data in place of published figures', () => {
  const HIRES = [
    { hourlyRate: 62, over: 1.02, monthsToStart: 0.5, deliveredOn: '2024-01-20' },
    { hourlyRate: 66, over: 1.1, monthsToStart: 1, deliveredOn: '2024-03-05' },
    { hourlyRate: 70, over: 0.97, monthsToStart: 1.5, deliveredOn: '2024-04-18' },
    { hourlyRate: 72, over: 1.05, monthsToStart: 0.75, deliveredOn: '2024-06-30' },
    { hourlyRate: 75, over: 1.15, monthsToStart: 2, deliveredOn: '2024-09-02' },
    { hourlyRate: 80, over: 1.01, monthsToStart: 1.25, deliveredOn: '2024-11-10' },
  ];

  it('from six recorded hires becomes a version of an assumption set, and moves an estimate that takes it', async () => {
    const { client } = await newRecruiter(api);
    const before = await estimateToHold(client);
    for (const { over, ...hire } of HIRES) {
      const { id } = await estimateToHold(client);
      const cost = { amount: 300_000 * over, currency: 'USD' };
      // 3107.25 hours are what the worked example expects of freelancers.
      const workedHours = Number((3107.25 * over).toFixed(2));
      const actual = { model: 'freelance', cost, deliveryMonths: 8, workedHours, exits: 0, ...hire };
      await client.post(`/estimates/${id}/actuals`, actual).expect(201);
    }
    const { body } = await client.get('/estimate-calibration').expect(200);
    expect(body.outcomes).toBe(6);
    expect(body.cost.map(({ model }: { model: string | null }) => model)).toEqual([null, 'freelance']);
    expect(body.cost[1]).toMatchObject({ outcomes: 6, bands: { outcomes: 6, verdict: 'too_early' } });
    expect(body.cost[1].estimateIds).toHaveLength(6);
    // These estimates were made today, when all was known.
    expect(body.hindsight).toEqual(body.cost[1].estimateIds);
    expect(body.rules).toEqual({ fewestOutcomesForBands: 10, fewestRecords: 5, fewestSeatYears: 10 });
    const proposed = body.proposals.map(({ id }: { id: string }) => id);
    expect(proposed).toEqual([
      'C1',
      'freelance.months_to_start',
      'effort.ln_mean',
      'effort.ln_deviation',
      'freelance.annual_exits',
    ]);
    expect(body.proposals[0]).toMatchObject({
      override: { id: 'C1', low: 62, mode: 71, high: 80, reading: 'mode' },
      records: 6,
      interval: { low: 62, high: 80 },
      estimateIds: body.cost[1].estimateIds,
    });
    expect(body.withheld).toContainEqual(
      expect.objectContaining({ id: 'C3', records: 0, why: expect.stringContaining('at least 5') }),
    );
    const c1 = body.claims.find(({ id }: { id: string }) => id === 'C1');
    expect(c1).toMatchObject({ claimedRange: { low: 45, high: 95 }, ownFigures: [{ value: 71, records: 6, tooEarly: false }] });

    const first = [{ id: 'manager_cost', value: 100, reason: 'As the model has it' }];
    const set = (await client.post('/assumption-sets', { name: 'Own record', assumptions: first }).expect(201)).body;
    const overrides = body.proposals.map(({ override }: { override: object }) => override);
    await client.post(`/assumption-sets/${set.id}/versions`, { basedOn: 1, assumptions: overrides }).expect(201);
    const after = await estimateToHold(client, { assumptionSet: { id: set.id } });
    expect(after.models[0].total).toBeLessThan(before.models[0].total);
    expect(after.models[1].total).toBe(before.models[1].total);
    const width = ({ models }: { models: { cost: { p10: { value: number }; p90: { value: number } } }[] }) =>
      (models[0]?.cost.p90.value ?? 0) - (models[0]?.cost.p10.value ?? 0);
    expect(width(after)).toBeLessThan(width(before) / 2);
    await client.post(`/estimates/${after.id}/actuals`, { ...ACTUAL, deliveredOn: '2024-11-11' }).expect(201);
    const held = async (query: string) => (await client.get(`/estimate-calibration?${query}`).expect(200)).body;
    expect(await held(`assumptionSetId=${set.id}`)).toMatchObject({ outcomes: 1, cost: [{ estimateIds: [after.id] }, {}] });
    expect((await held(`assumptionSetId=${set.id}&assumptionSetVersion=1`)).cost).toEqual([]);
    expect((await held('')).outcomes).toBe(7);
    const own = after.assumptions.find(({ id }: { id: string }) => id === 'C1');
    expect(own).toMatchObject({ ...{ low: 62, mode: 71, high: 80 }, evidence: 'own', overrideReason: overrides[0].reason });
    expect(own.overrideReason).toBe(
      'Own record: lowest 62, median 71 and highest 80 of 6 recorded hires (hourly rates of freelancers), delivered 2024-01 to 2024-11.',
    );
  });

  it("stands beside vendors' claims: what a partner cost against people in house, and how long hybrids took", async () => {
    const { client } = await newRecruiter(api);
    const record = async (actual: object) => {
      const { id } = await estimateToHold(client);
      await client.post(`/estimates/${id}/actuals`, actual).expect(201);
    };
    const cost = (amount: number) => ({ amount, currency: 'USD' });
    for (const step of [0.98, 0.99, 1, 1.01, 1.02]) {
      await record({
        model: 'in_house',
        cost: cost(450_000),
        deliveryMonths: 12,
        monthsToStart: 4,
        annualSalary: 126_000 * step,
      });
      await record({
        model: 'staff_augmentation',
        cost: cost(270_000),
        deliveryMonths: 8,
        monthsToStart: 1,
        hourlyRate: 72 * step,
      });
    }
    await record({
      ...{ model: 'hybrid', cost: cost(280_000), deliveryMonths: 9, monthsToStart: 1 },
      hourlyRate: 72,
      annualSalary: 150_000,
    });
    const { claims, proposals, cost: calibrations } = (await client.get('/estimate-calibration').expect(200)).body;
    const claim = (id: string) => claims.find((each: { id: string }) => each.id === id);
    // 126,000 x 1.2856 / 1800 = 89.99 an hour.
    expect(claim('C7')).toMatchObject({
      claimed: 0.41,
      evidence: 'vendor',
      ownFigures: [
        { value: expect.closeTo(1 - 72 / 89.992, 3), records: 6, baselineRecords: 5, tooEarly: false },
        {
          value: expect.closeTo(0.4, 10),
          records: 5,
          baselineRecords: 5,
          tooEarly: false,
          interval: { low: expect.closeTo(0.4, 10) },
        },
      ],
    });
    expect(claim('C4').ownFigures).toMatchObject([
      { value: expect.closeTo(0.25, 10), records: 1, baselineRecords: 5, tooEarly: true, interval: null },
      { value: expect.closeTo(0, 10), records: 1, baselineRecords: 5, tooEarly: true, interval: null },
    ]);
    expect(claim('C6').ownFigures).toMatchObject([{ value: 1, records: 6 }]);
    expect(claim('C10').ownFigures).toEqual([]);
    expect(proposals.map(({ id }: { id: string }) => id)).toEqual([
      'C3',
      'partner_rate',
      'C5',
      'staff_augmentation.months_to_start',
    ]);
    expect(calibrations.map(({ model }: { model: string | null }) => model)).toEqual([
      null,
      'in_house',
      'hybrid',
      'staff_augmentation',
    ]);
  });

  it('shows bands that ten outcomes refute', async () => {
    const { client } = await newRecruiter(api);
    for (let hire = 0; hire < 10; hire += 1) {
      const { id } = await estimateToHold(client);
      await client.post(`/estimates/${id}/actuals`, { ...ACTUAL, cost: { amount: 5_000_000, currency: 'USD' } }).expect(201);
    }
    const { cost, delivery } = (await client.get('/estimate-calibration').expect(200)).body;
    expect(cost[0].bands).toMatchObject({
      above: { count: 10, share: 1 },
      tenths: [0, 0, 0, 0, 0, 0, 0, 0, 0, 10],
      verdict: 'too_narrow',
      tails: 'estimates_too_low',
    });
    expect(cost[0].inWords).toContain('The bands are too narrow');
    expect(cost[0].bands.aboveMedian).toMatchObject({ count: 10, share: 1 });
    expect(delivery[0].bands.inside).toMatchObject({ count: 10, share: 1 });
  });
});
