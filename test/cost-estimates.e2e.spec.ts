import { AccessTokenService } from '@assay/api/auth/access-token.service';
import { Client } from 'pg';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
let manager: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  manager = await api.signIn('recruiter');
});
afterAll(() => api.close());

const UNKNOWN_ID = '0199c000-0000-7000-8000-000000000000';
const PROJECT = { hours: 2700, seats: 3 };

async function admin<Row>(sql: string, values: unknown[]): Promise<Row[]> {
  const client = new Client({ connectionString: api.database.adminUrl });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

async function estimate(
  input: object,
): Promise<{ id: string; models: ({ model: string; total: number } & Record<string, unknown>)[]; [field: string]: unknown }> {
  return (await manager.post('/estimates', input).expect(201)).body;
}

describe('an estimate', () => {
  it('gives both columns of the worked example to the cent', async () => {
    const { models } = await estimate({ project: PROJECT });
    expect(models.map(({ model }) => model)).toEqual(['freelance', 'in_house', 'hybrid', 'staff_augmentation']);
    const none = { bench: 0, severance: 0 };
    expect(models[0]).toMatchObject({
      model: 'freelance',
      total: 358386.94,
      currency: 'USD',
      deliveryMonths: 7.515,
      breakdown: { labour: 309948.19, management: 46608.75, recruiting: 1830, vacancy: 0, equipment: 0, ...none, rounding: 0 },
    });
    expect(models[1]).toMatchObject({
      model: 'in_house',
      total: 451703.26,
      currency: 'USD',
      deliveryMonths: 11.8286,
      breakdown: {
        ...{ labour: 291836.92, management: 33811.17, recruiting: 78220.16, vacancy: 38835, equipment: 9000 },
        ...{ ...none, rounding: 0.01 },
      },
    });
  });

  it('is read back and listed exactly as it was answered', async () => {
    const answered = await estimate({
      name: 'Rewrite of the shop',
      project: { ...PROJECT, hoursPerMonth: 140.5, seniorityMix: { junior: 0.1, mid: 0.6, senior: 0.3 }, framework: 'flask' },
      assumptions: [
        { id: 'C3', low: 90_000.55, mode: 121_000.01, high: 150_000, reason: 'Our own bands' },
        { id: 'C7', enabled: true, reading: 'total_cost', reason: 'Offered in writing' },
      ],
    });
    expect((await manager.get(`/estimates/${answered.id}`).expect(200)).text).toBe(JSON.stringify(answered));
    const { body } = await manager.get('/estimates?limit=1').expect(200);
    expect(body.items).toEqual([
      {
        ...{ id: answered.id, name: 'Rewrite of the shop', createdAt: answered.createdAt, archivedAt: null },
        ...{ currency: 'USD', assumptionSet: null, basedOn: null, project: answered.project },
        models: answered.models.map(({ model, total, currency, deliveryMonths, costBand, deliveryBand }) => ({
          ...{ model, total, currency, deliveryMonths, costBand, deliveryBand },
        })),
      },
    ]);
  });

  it('answers everything that the model reports', async () => {
    const answered = await estimate({
      need: {
        seats: 3,
        scope: { teamSize: 3, months: 6 },
        joins: [
          { month: 0, seats: 1 },
          { month: 3, seats: 2 },
        ],
        situation: { startWithinMonths: 2, keepsArchitect: true },
        framework: { needs: ['admin', 'forms'], flags: ['prototype'] },
      },
      assumptions: [{ id: 'C1', value: 80, reason: 'Our freelancers' }],
    });
    const [stored] = await admin<{ report: { assumptions: object[] } }>('SELECT report FROM cost_estimates WHERE id = $1', [
      answered.id,
    ]);
    const assumptions = stored?.report.assumptions.map((assumption) => ({ ...assumption, allowed: undefined }));
    expect(answered).toMatchObject(JSON.parse(JSON.stringify({ ...stored?.report, assumptions })));
  });

  it('stores money as exact decimals', async () => {
    const { id, models } = await estimate({ project: { hours: 333.3, seats: 2 } });
    const rows = await admin<{ model: string; total: string; currency: string }>(
      'SELECT model, total::text, currency FROM cost_estimate_models WHERE cost_estimate_id = $1',
      [id],
    );
    expect(rows).toHaveLength(4);
    for (const { model, total } of models) expect(rows).toContainEqual({ model, total: total.toFixed(2), currency: 'USD' });
  });

  it('keeps a copy of every assumption with where it comes from', async () => {
    const { assumptions } = await estimate({ project: PROJECT });
    expect(assumptions).toContainEqual(
      expect.objectContaining({
        id: 'C3',
        low: 85700,
        mode: 120850,
        high: 156000,
        unit: 'USD per year',
        source: expect.stringContaining('Boundev'),
        retrieved: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        overriddenBy: null,
        overrideReason: null,
      }),
    );
    expect(assumptions).toContainEqual(expect.objectContaining({ id: 'employer_load', value: 1.2856, evidence: 'official' }));
  });

  it('follows an overridden assumption and says who replaced it and why', async () => {
    const plain = await estimate({ project: PROJECT });
    const own = await estimate({ project: PROJECT, assumptions: [{ id: 'C1', value: 80, reason: 'Our freelancers' }] });
    const { members } = await api.organisation();
    expect(own.models[0]?.total).toBeLessThan(plain.models[0]?.total ?? 0);
    expect(own.models.slice(1)).toEqual(plain.models.slice(1));
    expect(own.assumptions).toContainEqual(
      expect.objectContaining({
        ...{ id: 'C1', low: 80, mode: 80, high: 80 },
        overriddenBy: `member ${members.recruiter.id}`,
        overrideReason: 'Our freelancers',
      }),
    );
  });

  it('compares every pair of models, shows claims beside its own figures, and warns', async () => {
    const { breakEvens, claims, warnings } = await estimate({ project: PROJECT });
    expect(breakEvens).toHaveLength(6);
    expect(breakEvens).toContainEqual(
      expect.objectContaining({ models: ['freelance', 'in_house'], cheaperBelow: 'freelance', hours: expect.any(Number) }),
    );
    expect(claims).toContainEqual(expect.objectContaining({ id: 'C7', claimed: 0.41, evidence: 'vendor', enabled: false }));
    expect(warnings).toContainEqual(expect.stringContaining('1 to 3 months'));
  });

  it('is made once for one Idempotency-Key', async () => {
    const send = () => manager.post('/estimates', { project: PROJECT }).set('Idempotency-Key', 'estimate-1').expect(201);
    const first = await send();
    const second = await send();
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('is written to the audit trail', async () => {
    const { id } = await estimate({ project: PROJECT, assumptions: [{ id: 'C1', value: 80, reason: 'Ours' }] });
    expect(await admin('SELECT action, detail FROM audit_events WHERE subject_id = $1', [id])).toEqual([
      { action: 'estimate.created', detail: { overridden: ['C1'] } },
    ]);
  });
});

describe('bad input', () => {
  const override = (fields: object) => ({ project: PROJECT, assumptions: [{ id: 'C1', reason: 'Because', ...fields }] });

  it.each<[string, object, string]>([
    ['no project', {}, 'project'],
    ['a project that is a list', { project: [PROJECT] }, 'project'],
    ['a project that is null', { project: null }, 'project'],
    ['no hours', { project: { seats: 3 } }, 'project.hours'],
    ['zero hours', { project: { ...PROJECT, hours: 0 } }, 'project.hours'],
    ['negative hours', { project: { ...PROJECT, hours: -1 } }, 'project.hours'],
    ['hours that are null', { project: { ...PROJECT, hours: null } }, 'project.hours'],
    ['hours "NaN"', { project: { ...PROJECT, hours: 'NaN' } }, 'project.hours'],
    ['hours as text', { project: { ...PROJECT, hours: '2700' } }, 'project.hours'],
    ['zero seats', { project: { ...PROJECT, seats: 0 } }, 'project.seats'],
    ['half a seat', { project: { ...PROJECT, seats: 1.5 } }, 'project.seats'],
    ['zero hours a month', { project: { ...PROJECT, hoursPerMonth: 0 } }, 'project.hoursPerMonth'],
    ['a mix that does not sum to 1', { project: { ...PROJECT, seniorityMix: { mid: 0.5 } } }, 'project.seniorityMix'],
    ['a negative share', { project: { ...PROJECT, seniorityMix: { junior: -1, mid: 2 } } }, 'project.seniorityMix.junior'],
    ['an unknown seniority', { project: { ...PROJECT, seniorityMix: { mid: 1, guru: 0 } } }, 'project.seniorityMix.guru'],
    ['an unknown framework', { project: { ...PROJECT, framework: 'rails' } }, 'project.framework'],
    ['too many built-in features', { project: { ...PROJECT, builtInFeatures: 7 } }, 'project.builtInFeatures'],
    ['an unknown field of the project', { project: { ...PROJECT, hour: 1 } }, 'project.hour'],
    ['an unknown field', { project: PROJECT, budget: 1000 }, 'budget'],
    ['an empty name', { project: PROJECT, name: '' }, 'name'],
    ['a blank name', { project: PROJECT, name: '   ' }, 'name'],
    ['a name with a NUL', { project: PROJECT, name: 'a\u0000' }, 'name'],
    ['overrides that are no list', { project: PROJECT, assumptions: { C1: 80 } }, 'assumptions'],
    ['an override that is a number', { project: PROJECT, assumptions: [80] }, 'assumptions.0'],
    ['an unknown assumption', override({ id: 'C99', value: 1 }), 'assumptions.0.id'],
    ['no reason', { project: PROJECT, assumptions: [{ id: 'C1', value: 80 }] }, 'assumptions.0.reason'],
    ['a blank reason', override({ value: 80, reason: '  ' }), 'assumptions.0.reason'],
    ['a reason with half a character', override({ value: 80, reason: 'so \ud800' }), 'assumptions.0.reason'],
    ['negative money', override({ value: -80 }), 'assumptions.0.value'],
    ['money "NaN"', override({ value: 'NaN' }), 'assumptions.0.value'],
    ['money that is null', override({ value: null }), 'assumptions.0.value'],
    ['an override of nothing', override({}), 'assumptions.0'],
    ['a range the wrong way round', override({ low: 90, mode: 80, high: 70 }), 'assumptions.0'],
    ['an unknown reading', override({ reading: 'best' }), 'assumptions.0.reading'],
    ['switching off what is needed', override({ enabled: false }), 'assumptions.0.enabled'],
    ['an unknown field of an override', override({ value: 80, source: 'me' }), 'assumptions.0.source'],
    [
      'the same override twice',
      { project: PROJECT, assumptions: Array(2).fill({ id: 'C1', value: 8, reason: 'x' }) },
      'assumptions.1.id',
    ],
    ['a project out of all proportion', { project: { hours: 1e9, seats: 1 } }, 'project'],
  ])('%s is refused and the field named', async (_, input, field) => {
    const { body } = await manager.post('/estimates', input).expect(400);
    expect(body.code).toBe('invalid-input');
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(field);
    expect(body.detail).toContain(field);
  });

  it.each(['1e999', '-1e999'])('an infinite number (%s) is refused', async (hours) => {
    const { body } = await manager.post('/estimates').type('json').send(`{"project":{"hours":${hours},"seats":3}}`).expect(400);
    expect(body.errors).toContainEqual(expect.objectContaining({ path: 'project.hours' }));
  });

  it('a bare NaN is no JSON', async () => {
    const { body } = await manager.post('/estimates').type('json').send('{"project":{"hours":NaN,"seats":3}}').expect(400);
    expect(body.code).toBe('malformed-request');
  });

  it('leaves nothing behind', async () => {
    const count = async () => (await manager.get('/estimates?limit=100').expect(200)).body.items.length;
    const before = await count();
    await manager.post('/estimates', { project: { hours: 0, seats: 3 } }).expect(400);
    expect(await count()).toBe(before);
  });
});

describe('who may', () => {
  it('lets every role of the staff make and read estimates, candidates and nobody neither', async () => {
    for (const role of ['owner', 'recruiter', 'lead'] as const) {
      const client = await api.signIn(role);
      const { body } = await client.post('/estimates', { project: PROJECT }).expect(201);
      await client.get(`/estimates/${body.id}`).expect(200);
    }
    const { id: organisationId } = await api.organisation();
    const { accessToken } = await api.app
      .get(AccessTokenService, { strict: false })
      .issueForCandidate({ id: UNKNOWN_ID, organisationId, evaluationId: UNKNOWN_ID });
    await api.client(accessToken).get('/estimates').expect(403);
    await api.client(accessToken).post('/estimates', { project: PROJECT }).expect(403);
    await api.client().get('/estimates').expect(401);
    await api.client().post('/estimates', { project: PROJECT }).expect(401);
  });

  it("answers 404 for another organisation's estimate and does not list it", async () => {
    const { id } = await estimate({ project: PROJECT });
    const stranger = await api.signIn('owner', await api.createOrganisation());
    expect((await stranger.get(`/estimates/${id}`).expect(404)).body.code).toBe('not-found');
    expect((await stranger.get('/estimates').expect(200)).body).toEqual({ items: [], nextCursor: null });
    await stranger.get(`/estimates/${UNKNOWN_ID}`).expect(404);
  });
});

describe('listing estimates', () => {
  it('pages newest first', async () => {
    const client = await api.signIn('owner', await api.createOrganisation());
    const made: string[] = [];
    for (let seats = 1; seats <= 5; seats += 1) {
      made.unshift((await client.post('/estimates', { project: { hours: 100, seats } }).expect(201)).body.id);
    }
    const first = (await client.get('/estimates?limit=3').expect(200)).body;
    const second = (await client.get(`/estimates?limit=3&cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.items, ...second.items].map((item: { id: string }) => item.id)).toEqual(made);
    expect(first.items[0].models).toHaveLength(4);
    expect(second.nextCursor).toBeNull();
  });
});
