import { sql } from './support/sql';
import { startTestApi, type TestApi, type TestOrganisation } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const UNKNOWN_ID = '0199c000-0000-7000-8000-000000000000';
const PROJECT = { hours: 2700, seats: 3 };
const SIMULATION = { draws: 2000, seed: 1 };
const ACTUAL = { model: 'freelance', cost: { amount: 401_250.5, currency: 'USD' }, deliveryMonths: 9.5 };

async function estimate(client: TestClient, input: object = {}) {
  return (await client.post('/estimates', { project: PROJECT, simulation: SIMULATION, ...input }).expect(201)).body;
}

async function newOrganisation(): Promise<{ organisation: TestOrganisation; client: TestClient }> {
  const organisation = await api.createOrganisation();
  return { organisation, client: await api.signIn('recruiter', organisation) };
}

describe('an actual', () => {
  it('is recorded beside what the estimate said, and read back as it was answered', async () => {
    const { organisation, client } = await newOrganisation();
    const { id, models } = await estimate(client);
    const given = {
      ...ACTUAL,
      ...{
        monthsToStart: 1.5,
        workedHours: 3400.25,
        hourlyRate: 88.5,
        exits: 1,
        startedOn: '2024-02-01',
        deliveredOn: '2024-09-30',
      },
      note: 'Two scope changes',
    };
    const { body } = await client.post(`/estimates/${id}/actuals`, given).expect(201);
    expect(body).toMatchObject({
      ...given,
      ...{ estimateId: id, revision: 1, counts: true, annualSalary: null, reason: null },
      exchangeRate: { currency: 'USD', perDollar: 1 },
      comparedCost: { estimated: models[0].total, actual: 401_250.5, currency: 'USD', error: expect.closeTo(0.1196, 4) },
      comparedDelivery: { estimated: 7.515, actual: 9.5 },
      recordedBy: { kind: 'member', id: organisation.members.recruiter.id },
    });
    expect(body.comparedCost.band.p10).toBeLessThan(body.comparedCost.band.p90);
    expect(body.comparedCost.position).toBeGreaterThan(0);
    expect(body.comparedCost.position).toBeLessThan(1);
    expect((await client.get(`/estimates/${id}/actuals`).expect(200)).body).toEqual({ items: [body], nextCursor: null });
  });

  it('is corrected by a further record with a reason; the latest counts and all stay readable', async () => {
    const { client } = await newOrganisation();
    const { id } = await estimate(client);
    const record = (fields: object) => client.post(`/estimates/${id}/actuals`, { ...ACTUAL, ...fields });
    const first = (await record({}).expect(201)).body;
    expect((await record({}).expect(400)).body.errors).toEqual([expect.objectContaining({ path: 'reason' })]);
    const second = (await record({ cost: { amount: 390_000, currency: 'USD' }, reason: 'A refund came' }).expect(201)).body;
    expect(second).toMatchObject({ revision: 2, counts: true, reason: 'A refund came' });
    const { items } = (await client.get(`/estimates/${id}/actuals`).expect(200)).body;
    expect(items).toEqual([second, { ...first, counts: false }]);
    const page = (await client.get(`/estimates/${id}/actuals?limit=1`).expect(200)).body;
    expect(page.items).toEqual([second]);
    const rest = (await client.get(`/estimates/${id}/actuals?limit=1&cursor=${page.nextCursor}`).expect(200)).body;
    expect(rest).toEqual({ items: [{ ...first, counts: false }], nextCursor: null });
    const calibration = (await client.get('/estimate-calibration').expect(200)).body;
    expect(calibration.outcomes).toBe(1);
    expect(calibration.cost[0].meanError).toBeCloseTo(second.comparedCost.error, 12);
  });

  it('may turn out to be of another model, and may be withdrawn', async () => {
    const { client } = await newOrganisation();
    const { id } = await estimate(client);
    const models = async () =>
      (await client.get('/estimate-calibration').expect(200)).body.cost.map(({ model }: { model: string | null }) => model);
    const withdraw = (body: object) => client.post(`/estimates/${id}/actuals/withdrawal`, body);
    expect((await withdraw({ reason: 'Nothing there' }).expect(409)).body.code).toBe('conflict');
    await client.post(`/estimates/${id}/actuals`, ACTUAL).expect(201);
    expect(await models()).toEqual([null, 'freelance']);
    await client.post(`/estimates/${id}/actuals`, { ...ACTUAL, model: 'in_house', reason: 'They were employed' }).expect(201);
    expect(await models()).toEqual([null, 'in_house']);
    for (const bad of [{}, { reason: '' }, { reason: 'a\nb' }]) {
      expect((await withdraw(bad).expect(400)).body.errors[0].path).toBe('reason');
    }
    const { body } = await withdraw({ reason: 'Recorded with the wrong estimate' }).expect(201);
    expect(body).toMatchObject({ revision: 3, withdrawn: true, counts: false, model: 'in_house' });
    expect(await models()).toEqual([]);
    await withdraw({ reason: 'Again' }).expect(409);
    const { items } = (await client.get(`/estimates/${id}/actuals`).expect(200)).body;
    expect(items.map(({ counts }: { counts: boolean }) => counts)).toEqual([false, false, false]);
    await client.post(`/estimates/${id}/actuals`, { ...ACTUAL, reason: 'It was right after all' }).expect(201);
    expect(await models()).toEqual([null, 'freelance']);
    const { client: stranger } = await newOrganisation();
    await stranger.post(`/estimates/${id}/actuals/withdrawal`, { reason: 'Mine' }).expect(404);
  });

  it('of a scenario and of its base are named, since both may be of one hire', async () => {
    const { client } = await newOrganisation();
    const base = await estimate(client);
    const scenario = (
      await client.post(`/estimates/${base.id}/scenarios`, { name: 'Two seats', project: { seats: 2 } }).expect(201)
    ).body;
    for (const { id } of [base, scenario, await estimate(client)]) {
      await client.post(`/estimates/${id}/actuals`, ACTUAL).expect(201);
    }
    const { body } = await client.get('/estimate-calibration').expect(200);
    expect(body).toMatchObject({ outcomes: 3, hindsight: [], sameProject: [{ estimateIds: [base.id, scenario.id] }] });
  });

  it('is made once for one Idempotency-Key, and written to the audit trail', async () => {
    const { client } = await newOrganisation();
    const { id } = await estimate(client);
    const send = () => client.post(`/estimates/${id}/actuals`, ACTUAL).set('Idempotency-Key', 'actual-1').expect(201);
    const first = await send();
    const second = await send();
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    await client.post(`/estimates/${id}/actuals`, { ...ACTUAL, reason: 'Again' }).expect(201);
    const events = await sql<{ action: string; detail: { actual: string; revision: number } }>(
      api.database.adminUrl,
      `SELECT action, detail FROM audit_events WHERE subject_id = $1 AND action LIKE 'estimate.actual%' ORDER BY sequence`,
      [id],
    );
    expect(events.map(({ action }) => action)).toEqual(['estimate.actual-recorded', 'estimate.actual-corrected']);
    expect(events[0]?.detail).toMatchObject({ actual: first.body.id, revision: 1, model: 'freelance', cost: ACTUAL.cost });
  });

  it('corrects one at a time when two come at once', async () => {
    const { client } = await newOrganisation();
    const { id } = await estimate(client);
    const answers = await Promise.all([1, 2, 3].map(() => client.post(`/estimates/${id}/actuals`, ACTUAL)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
  });

  it('keeps money exact, with the decimals of its currency', async () => {
    const { client } = await newOrganisation();
    const { id } = await estimate(client);
    await client.post(`/estimates/${id}/actuals`, { ...ACTUAL, cost: { amount: 123_456_789.13, currency: 'USD' } }).expect(201);
    const rows = await sql(api.database.adminUrl, 'SELECT cost::text FROM estimate_actuals WHERE cost_estimate_id = $1', [id]);
    expect(rows).toEqual([{ cost: '123456789.130' }]);
  });

  it("in another currency than the estimate's needs a stored rate, which is kept", async () => {
    const { client } = await newOrganisation();
    const { id, models } = await estimate(client);
    const euros = { ...ACTUAL, cost: { amount: 360_000, currency: 'EUR' } };
    const refused = (await client.post(`/estimates/${id}/actuals`, euros).expect(400)).body;
    expect(refused.errors).toEqual([expect.objectContaining({ path: 'cost.currency' })]);
    await client
      .post('/exchange-rates', { currency: 'EUR', perDollar: 0.9, date: '2024-11-01', source: 'European Central Bank' })
      .expect(201);
    const { body } = await client.post(`/estimates/${id}/actuals`, euros).expect(201);
    expect(body.exchangeRate).toEqual({ currency: 'EUR', perDollar: 0.9, date: '2024-11-01', source: 'European Central Bank' });
    expect(body.comparedCost.actual).toBeCloseTo(400_000, 6);
    expect(body.comparedCost.error).toBeCloseTo(400_000 / models[0].total - 1, 10);
  });

  it("of an estimate in euros is converted with the estimate's own rate", async () => {
    const { client } = await newOrganisation();
    const rate = { currency: 'EUR', perDollar: 0.9, date: '2024-11-01', source: 'European Central Bank' };
    await client.post('/exchange-rates', rate).expect(201);
    const { id } = await estimate(client, { currency: 'EUR' });
    await client.post('/exchange-rates', { ...rate, perDollar: 0.8, date: '2024-11-02' }).expect(201);
    const euros = { ...ACTUAL, cost: { amount: 360_000, currency: 'EUR' } };
    const { body } = await client.post(`/estimates/${id}/actuals`, euros).expect(201);
    expect(body.exchangeRate).toMatchObject({ perDollar: 0.9, date: '2024-11-01' });
    expect(body.comparedCost).toMatchObject({ actual: 360_000, currency: 'EUR' });
  });

  it('of an estimate from before simulations counts for errors, not for bands', async () => {
    const { organisation, client } = await newOrganisation();
    const [old] = await sql<{ id: string }>(
      api.database.adminUrl,
      `INSERT INTO cost_estimates (organisation_id, project, assumptions, break_evens, claims, warnings, created_by)
       VALUES ($1, $2, '[]', '[]', '[]', '[]', $3) RETURNING id`,
      [organisation.id, JSON.stringify({ ...PROJECT, models: ['freelance'] }), organisation.members.owner.id],
    );
    await sql(
      api.database.adminUrl,
      `INSERT INTO cost_estimate_models (cost_estimate_id, organisation_id, model, total, currency, delivery_months, breakdown)
       VALUES ($1, $2, 'freelance', 358386.94, 'USD', 7.515, '{}')`,
      [old?.id, organisation.id],
    );
    const { body } = await client.post(`/estimates/${old?.id}/actuals`, ACTUAL).expect(201);
    expect(body.comparedCost).toMatchObject({ estimated: 358_386.94, band: null, position: null });
    const [all] = (await client.get('/estimate-calibration').expect(200)).body.cost;
    expect(all).toMatchObject({ outcomes: 1, bands: { outcomes: 0, inside: { share: null }, verdict: 'too_early' } });
    const wrong = (await client.post(`/estimates/${old?.id}/actuals`, { ...ACTUAL, model: 'hybrid', reason: 'x' }).expect(400))
      .body;
    expect(wrong.errors).toEqual([expect.objectContaining({ path: 'model' })]);
  });
});

describe('bad input', () => {
  it.each<[string, object, string]>([
    ['no model', { model: undefined }, 'model'],
    ['an unknown model', { model: 'outsourcing' }, 'model'],
    ['no cost', { cost: undefined }, 'cost'],
    ['a cost that is a number', { cost: 5 }, 'cost'],
    ['no currency', { cost: { amount: 5 } }, 'cost.currency'],
    ['an unknown currency', { cost: { amount: 5, currency: 'XXX' } }, 'cost.currency'],
    ['a free hire', { cost: { amount: 0, currency: 'USD' } }, 'cost.amount'],
    ['a negative cost', { cost: { amount: -1, currency: 'USD' } }, 'cost.amount'],
    ['parts of a cent', { cost: { amount: 1.005, currency: 'USD' } }, 'cost.amount'],
    ['no time', { deliveryMonths: undefined }, 'deliveryMonths'],
    ['zero months', { deliveryMonths: 0 }, 'deliveryMonths'],
    ['months as text', { deliveryMonths: '9' }, 'deliveryMonths'],
    ['a negative start', { monthsToStart: -1 }, 'monthsToStart'],
    ['a start after delivery', { monthsToStart: 10 }, 'monthsToStart'],
    ['zero hours', { workedHours: 0 }, 'workedHours'],
    ['a negative rate', { hourlyRate: -1 }, 'hourlyRate'],
    ['a salary of a freelancer', { annualSalary: 1000 }, 'annualSalary'],
    ['half a leaver', { exits: 0.5 }, 'exits'],
    ['a day that is not', { startedOn: '2024-02-30' }, 'startedOn'],
    ['a day to come', { deliveredOn: '2999-01-01' }, 'deliveredOn'],
    ['a delivery before the start', { startedOn: '2024-02-02', deliveredOn: '2024-02-01' }, 'deliveredOn'],
    ['a note with a line break', { note: 'a\nb' }, 'note'],
    ['a reason for a first record', { reason: 'because' }, 'reason'],
    ['an unknown field', { total: 5 }, 'total'],
  ])('%s is refused and the field named', async (_, fields, path) => {
    const client = await api.signIn('recruiter');
    shared ??= (await estimate(client)).id;
    const { body } = await client.post(`/estimates/${shared}/actuals`, { ...ACTUAL, ...fields }).expect(400);
    expect(body.code).toBe('invalid-input');
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await client.get(`/estimates/${shared}/actuals`).expect(200)).body.items).toEqual([]);
  });
  let shared: string | null = null;
});

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

describe('who may', () => {
  it('lets every role of the staff record and read, and nobody else', async () => {
    for (const role of ['owner', 'recruiter', 'lead'] as const) {
      const client = await api.signIn(role);
      const { id } = await estimate(client);
      await client.post(`/estimates/${id}/actuals`, ACTUAL).expect(201);
      await client.get('/estimate-calibration').expect(200);
    }
    await api.client().get('/estimate-calibration').expect(401);
    const owner = await api.signIn('owner');
    const { body } = await owner.post('/api-keys', { name: 'Reader', scopes: ['estimates:read'] }).expect(201);
    const reader = api.client(body.key);
    const { id } = await estimate(owner);
    await reader.get(`/estimates/${id}/actuals`).expect(200);
    await reader.post(`/estimates/${id}/actuals`, ACTUAL).expect(403);
  });

  it("answers 404 for another organisation's estimate, and counts nothing of it", async () => {
    const { client } = await newOrganisation();
    const { id } = await estimate(client);
    await client.post(`/estimates/${id}/actuals`, ACTUAL).expect(201);
    const { client: stranger } = await newOrganisation();
    for (const unknown of [id, UNKNOWN_ID]) {
      expect((await stranger.post(`/estimates/${unknown}/actuals`, ACTUAL).expect(404)).body.code).toBe('not-found');
      await stranger.get(`/estimates/${unknown}/actuals`).expect(404);
    }
    const { body } = await stranger.get('/estimate-calibration').expect(200);
    expect(body).toMatchObject({ outcomes: 0, cost: [], delivery: [], proposals: [] });
    expect(body.claims).toHaveLength(11);
    expect(body.withheld).toHaveLength(14);
  });
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
    const { client } = await newOrganisation();
    const before = await estimate(client);
    for (const { over, ...hire } of HIRES) {
      const { id } = await estimate(client);
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
    const after = await estimate(client, { assumptionSet: { id: set.id } });
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
    const { client } = await newOrganisation();
    const record = async (actual: object) => {
      const { id } = await estimate(client);
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
    const { client } = await newOrganisation();
    for (let hire = 0; hire < 10; hire += 1) {
      const { id } = await estimate(client);
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
