import { differenceOf, type Estimate, Estimator, insertOldEstimate, SIMULATION } from './support/estimates';
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

describe('a scenario', () => {
  it('changes what the body gives and keeps all else of a project', async () => {
    const base = await estimator.estimate({
      project: { ...PROJECT, hoursPerMonth: 140, seniorityMix: { mid: 0.5, senior: 0.5 }, models: ['in_house', 'hybrid'] },
      situation: { isCoreProduct: true, startWithinMonths: 2 },
      framework: { needs: ['forms', 'admin'], flags: ['prototype'] },
      assumptions: [{ id: 'C3', value: 110_000, reason: 'Our bands' }],
    });
    const made = await estimator.scenario(base.id, {
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
    const compared = await estimator.compare(base.id, made.id);
    expect(differenceOf(compared, 'hybrid').causes.map(({ inputId }) => inputId)).toEqual(
      expect.arrayContaining(['project.seats', 'project.hoursPerMonth']),
    );
  });

  it('changes fields of a need, and counts the hours of a team anew', async () => {
    const base = await estimator.estimate({ need: { role: 'Backend developer', seats: 3, scope: { teamSize: 3, months: 6 } } });
    expect(base.project).toMatchObject({ hours: 2700, seats: 3 });
    const longer = await estimator.scenario(base.id, {
      need: { scope: { teamSize: 3, months: 8 }, situation: { keepsArchitect: true } },
    });
    expect(longer).toMatchObject({
      need: { role: 'Backend developer', seats: 3, scope: { teamSize: 3, months: 8 } },
      ...{ project: { hours: 3600, seats: 3 }, situation: { keepsArchitect: true, isCoreProduct: false } },
    });
    const slower = await estimator.scenario(longer.id, {
      assumptions: [{ id: 'hours_per_month', value: 100, reason: 'Part time' }],
    });
    expect(slower.project).toMatchObject({ hours: 2400 });
    expect(slower.situation).toMatchObject({ keepsArchitect: true });
    const ramping = await estimator.scenario(base.id, {
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
    const base = await estimator.estimate({ project: PROJECT, currency: 'JPY' });
    await rate(160, '2026-11-01');
    expect((await estimator.scenario(base.id, { project: { hours: 2800 } })).exchangeRate).toMatchObject({ perDollar: 150 });
    expect((await estimator.scenario(base.id, { currency: 'JPY' })).exchangeRate).toMatchObject({ perDollar: 160 });
    expect((await estimator.rerun(base.id)).exchangeRate).toMatchObject({ perDollar: 160 });
    expect((await estimator.scenario(base.id, { currency: 'USD' })).models[0]?.total).toBe(358_386.94);
  });

  it('names every field that is wrong', async () => {
    const base = await estimator.estimate({ project: PROJECT, framework: { needs: ['forms'] } });
    const path = `/estimates/${base.id}/scenarios`;
    const named = (body: object) => ({ name: 'What if', ...body });
    await estimator.refused(path, { project: { hours: 1 } }, ['name']);
    await estimator.refused(path, named({}), ['project']);
    await estimator.refused(path, named({ project: { seats: 3 } }), ['project']);
    await estimator.refused(path, named({ project: { hours: -1, seats: 0 } }), ['project.hours', 'project.seats']);
    await estimator.refused(path, named({ project: { hours: 'many' } }), ['project.hours']);
    await estimator.refused(path, named({ project: { joins: [{ month: 0, seats: 2 }] } }), ['project.joins']);
    await estimator.refused(path, named({ project: { builtInFeatures: 4 } }), ['project.builtInFeatures']);
    await estimator.refused(path, named({ project: { deadline: 'soon' } }), ['project.deadline']);
    await estimator.refused(path, named({ need: { seats: 4 } }), ['need']);
    await estimator.refused(path, named({ situation: { isUrgent: true } }), ['situation.isUrgent']);
    await estimator.refused(path, named({ framework: { needs: ['magic'] } }), ['framework.needs.0']);
    await estimator.refused(path, named({ currency: 'GBP' }), ['currency']);
    await estimator.refused(path, named({ currency: null }), ['currency']);
    await estimator.refused(path, named({ simulation: { draws: 1e9 } }), ['simulation.draws']);
    await estimator.refused(path, named({ assumptions: [{ id: 'C1', value: 80 }] }), ['assumptions.0.reason']);
    await estimator.refused(path, named({ assumptions: [{ id: 'C99', value: 80, reason: 'ours' }] }), ['assumptions.0.id']);
    await estimator.refused(path, named({ assumptionSet: { id: UNKNOWN_ID } }), ['assumptionSet']);

    const needed = await estimator.estimate({ need: { seats: 2, scope: { hours: 500 } } });
    const ofNeed = `/estimates/${needed.id}/scenarios`;
    await estimator.refused(ofNeed, named({ project: { seats: 4 } }), ['project']);
    await estimator.refused(ofNeed, named({ situation: { isCoreProduct: true } }), ['situation']);
    await estimator.refused(ofNeed, named({ need: { seats: 0, scope: { hours: 1, months: 2 } } }), [
      'need.scope',
      'need.scope.teamSize',
      'need.seats',
    ]);
  });

  it('is not made from an archived estimate, nor from one of another organisation, nor without permission', async () => {
    const { id } = await estimator.estimate({ project: PROJECT });
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
    const { id } = await estimator.estimate({ project: PROJECT });
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

  it('is simulated with its progress told, when a client asks for events', async () => {
    const { id } = await estimator.estimate({ project: PROJECT });
    const { text } = await recruiter
      .post(`/estimates/${id}/scenarios`, { name: 'Watched', project: { seats: 4 } })
      .set('Accept', 'text/event-stream')
      .expect(200);
    expect(text).toMatch(/^event: progress\ndata: \{"share":0\}\n\n/);
    expect(text).toMatch(/event: estimate\ndata: \{.*"name":"Watched"/);
    const { text: again } = await recruiter.post(`/estimates/${id}/reruns`, {}).set('Accept', 'text/event-stream').expect(200);
    expect(again).toMatch(/event: estimate\ndata: \{.*"kind":"rerun"/);
  });

  it('of an estimate from before simulation asks for a re-run first', async () => {
    const id = await insertOldEstimate(api, 400_000, 11);
    const { body } = await recruiter.post(`/estimates/${id}/scenarios`, { name: 'What if', project: { seats: 4 } }).expect(409);
    expect(body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('Run it again first') });
  });
});

describe('a family of estimates', () => {
  it('stands side by side with its base, whichever member is asked', async () => {
    const base = await estimator.estimate({ name: 'As planned', project: PROJECT });
    const child = await estimator.scenario(base.id, { name: 'Cheaper', assumptions: [{ id: 'C1', value: 80, reason: 'ours' }] });
    const grandchild = await estimator.scenario(child.id, { name: 'And longer', project: { hours: 3000 } });
    const again = await estimator.rerun(base.id, { name: 'Again' });
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
    const other = await estimator.estimate({ project: PROJECT });
    expect((await recruiter.get(`/estimates/${other.id}/scenarios`).expect(200)).body.items).toEqual([]);
  });
});
