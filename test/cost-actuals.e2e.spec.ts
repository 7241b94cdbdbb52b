import { ACTUAL, ESTIMATE, estimateToHold, newRecruiter } from './support/cost-actuals';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const UNKNOWN_ID = '0199c000-0000-7000-8000-000000000000';

describe('an actual', () => {
  it('is recorded beside what the estimate said, and read back as it was answered', async () => {
    const { organisation, client } = await newRecruiter(api);
    const { id, models } = await estimateToHold(client);
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
    const { client } = await newRecruiter(api);
    const { id } = await estimateToHold(client);
    const record = (fields: object) => client.post(`/estimates/${id}/actuals`, { ...ACTUAL, ...fields });
    const first = (await record({}).expect(201)).body;
    expect((await record({}).expect(400)).body.errors).toEqual([expect.objectContaining({ path: 'reason' })]);
    expect((await record({ reason: '   ' }).expect(400)).body.errors[0].path).toBe('reason');
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
    const { client } = await newRecruiter(api);
    const { id } = await estimateToHold(client);
    const models = async () =>
      (await client.get('/estimate-calibration').expect(200)).body.cost.map(({ model }: { model: string | null }) => model);
    const withdraw = (body: object) => client.post(`/estimates/${id}/actuals/withdrawal`, body);
    expect((await withdraw({ reason: 'Nothing there' }).expect(409)).body.code).toBe('conflict');
    await client.post(`/estimates/${id}/actuals`, ACTUAL).expect(201);
    expect(await models()).toEqual([null, 'freelance']);
    await client.post(`/estimates/${id}/actuals`, { ...ACTUAL, model: 'in_house', reason: 'They were employed' }).expect(201);
    expect(await models()).toEqual([null, 'in_house']);
    for (const bad of [{}, { reason: '' }, { reason: '   ' }, { reason: 'a\nb' }]) {
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
    const { client: stranger } = await newRecruiter(api);
    await stranger.post(`/estimates/${id}/actuals/withdrawal`, { reason: 'Mine' }).expect(404);
  });

  it('of a scenario and of its base are named, since both may be of one hire', async () => {
    const { client } = await newRecruiter(api);
    const base = await estimateToHold(client);
    const scenario = (
      await client.post(`/estimates/${base.id}/scenarios`, { name: 'Two seats', project: { seats: 2 } }).expect(201)
    ).body;
    for (const { id } of [base, scenario, await estimateToHold(client)]) {
      await client.post(`/estimates/${id}/actuals`, ACTUAL).expect(201);
    }
    const { body } = await client.get('/estimate-calibration').expect(200);
    expect(body).toMatchObject({ outcomes: 3, hindsight: [], sameProject: [{ estimateIds: [base.id, scenario.id] }] });
  });

  it('is made once for one Idempotency-Key, and written to the audit trail', async () => {
    const { client } = await newRecruiter(api);
    const { id } = await estimateToHold(client);
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
    const { client } = await newRecruiter(api);
    const { id } = await estimateToHold(client);
    const answers = await Promise.all([1, 2, 3].map(() => client.post(`/estimates/${id}/actuals`, ACTUAL)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
  });

  it('keeps money exact, with the decimals of its currency', async () => {
    const { client } = await newRecruiter(api);
    const { id } = await estimateToHold(client);
    await client.post(`/estimates/${id}/actuals`, { ...ACTUAL, cost: { amount: 123_456_789.13, currency: 'USD' } }).expect(201);
    const rows = await sql(api.database.adminUrl, 'SELECT cost::text FROM estimate_actuals WHERE cost_estimate_id = $1', [id]);
    expect(rows).toEqual([{ cost: '123456789.130' }]);
  });

  it("in another currency than the estimate's needs a stored rate, which is kept", async () => {
    const { client } = await newRecruiter(api);
    const { id, models } = await estimateToHold(client);
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
    const { client } = await newRecruiter(api);
    const rate = { currency: 'EUR', perDollar: 0.9, date: '2024-11-01', source: 'European Central Bank' };
    await client.post('/exchange-rates', rate).expect(201);
    const { id } = await estimateToHold(client, { currency: 'EUR' });
    await client.post('/exchange-rates', { ...rate, perDollar: 0.8, date: '2024-11-02' }).expect(201);
    const euros = { ...ACTUAL, cost: { amount: 360_000, currency: 'EUR' } };
    const { body } = await client.post(`/estimates/${id}/actuals`, euros).expect(201);
    expect(body.exchangeRate).toMatchObject({ perDollar: 0.9, date: '2024-11-01' });
    expect(body.comparedCost).toMatchObject({ actual: 360_000, currency: 'EUR' });
  });

  it('of an estimate from before simulations counts for errors, not for bands', async () => {
    const { organisation, client } = await newRecruiter(api);
    const [old] = await sql<{ id: string }>(
      api.database.adminUrl,
      `INSERT INTO cost_estimates (organisation_id, project, assumptions, break_evens, claims, warnings, created_by)
       VALUES ($1, $2, '[]', '[]', '[]', '[]', $3) RETURNING id`,
      [organisation.id, JSON.stringify({ ...ESTIMATE.project, models: ['freelance'] }), organisation.members.owner.id],
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
  let shared: string | null = null;

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
    shared ??= (await estimateToHold(client)).id;
    const { body } = await client.post(`/estimates/${shared}/actuals`, { ...ACTUAL, ...fields }).expect(400);
    expect(body.code).toBe('invalid-input');
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await client.get(`/estimates/${shared}/actuals`).expect(200)).body.items).toEqual([]);
  });
});

describe('who may', () => {
  it('lets every role of the staff record and read, and nobody else', async () => {
    for (const role of ['owner', 'recruiter', 'lead'] as const) {
      const client = await api.signIn(role);
      const { id } = await estimateToHold(client);
      await client.post(`/estimates/${id}/actuals`, ACTUAL).expect(201);
      await client.get('/estimate-calibration').expect(200);
    }
    await api.client().get('/estimate-calibration').expect(401);
    const owner = await api.signIn('owner');
    const { body } = await owner.post('/api-keys', { name: 'Reader', scopes: ['estimates:read'] }).expect(201);
    const reader = api.client(body.key);
    const { id } = await estimateToHold(owner);
    await reader.get(`/estimates/${id}/actuals`).expect(200);
    await reader.post(`/estimates/${id}/actuals`, ACTUAL).expect(403);
  });

  it("answers 404 for another organisation's estimate, and counts nothing of it", async () => {
    const { client } = await newRecruiter(api);
    const { id } = await estimateToHold(client);
    await client.post(`/estimates/${id}/actuals`, ACTUAL).expect(201);
    const { client: stranger } = await newRecruiter(api);
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
