import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
let manager: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  manager = await api.signIn('recruiter');
});
afterAll(() => api.close());

const REQUEST = { project: { hours: 2700, seats: 3 }, simulation: { draws: 100 } };
const UNKNOWN_ID = '0199c000-0000-7000-8000-000000000000';

async function estimate(name: string | null = null, client = manager): Promise<{ id: string; [field: string]: unknown }> {
  return (await client.post('/estimates', { ...REQUEST, name }).expect(201)).body;
}

function eventsOf(id: string): Promise<{ action: string; detail: unknown }[]> {
  return sql(
    api.database.adminUrl,
    "SELECT action, detail FROM audit_events WHERE subject_id = $1 AND action <> 'estimate.created' ORDER BY sequence",
    [id],
  );
}

describe('renaming an estimate', () => {
  it('changes its name and nothing else', async () => {
    const made = await estimate('First');
    const { body } = await manager.patch(`/estimates/${made.id}`, { name: 'Second' }).expect(200);
    expect(body).toEqual({ ...made, name: 'Second' });
    expect((await manager.get(`/estimates/${made.id}`)).body).toEqual(body);
    expect(await eventsOf(made.id)).toEqual([{ action: 'estimate.renamed', detail: { before: 'First', after: 'Second' } }]);
  });

  it('takes the name away with null, and notes nothing where nothing changes', async () => {
    const { id } = await estimate('Name');
    expect((await manager.patch(`/estimates/${id}`, { name: null }).expect(200)).body.name).toBeNull();
    await manager.patch(`/estimates/${id}`, { name: null }).expect(200);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ['no name', {}, 'name'],
    ['an empty name', { name: '' }, 'name'],
    ['a blank name', { name: '   ' }, 'name'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
    ['a name that is too long', { name: 'a'.repeat(201) }, 'name'],
    ['a number', { name: 7 }, 'name'],
    ['another field', { name: 'a', project: { hours: 1, seats: 1 } }, 'project'],
    ['a total', { name: 'a', models: [] }, 'models'],
  ])('refuses %s', async (_, body, path) => {
    const { id } = await estimate();
    const answer = await manager.patch(`/estimates/${id}`, body).expect(400);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ path }));
  });
});

describe('archiving an estimate', () => {
  it('takes it out of the list, and restoring puts it back, each told once', async () => {
    const client = await api.signIn('owner', await api.createOrganisation());
    const [kept, made] = [await estimate('Kept', client), await estimate('Archived', client)];
    const listed = async (query: string) =>
      (await client.get(`/estimates?${query}`).expect(200)).body.items.map(({ id }: { id: string }) => id);
    const archived = (await client.post(`/estimates/${made.id}/archive`).expect(200)).body;
    expect(archived).toEqual({ ...made, archivedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect((await client.post(`/estimates/${made.id}/archive`).expect(200)).body).toEqual(archived);
    expect((await client.get(`/estimates/${made.id}`).expect(200)).body).toEqual(archived);
    expect([await listed(''), await listed('archived=false'), await listed('archived=true')]).toEqual([
      [kept.id],
      [kept.id],
      [made.id],
    ]);
    expect((await client.post(`/estimates/${made.id}/restore`).expect(200)).body).toEqual(made);
    await client.post(`/estimates/${made.id}/restore`).expect(200);
    expect([await listed(''), await listed('archived=true')]).toEqual([[made.id, kept.id], []]);
    expect((await eventsOf(made.id)).map(({ action }) => action)).toEqual(['estimate.archived', 'estimate.restored']);
  });

  it.each(['yes', '1', ''])('archived=%s is no answer to the question', async (archived) => {
    const { body } = await manager.get(`/estimates?archived=${archived}`).expect(400);
    expect(body.errors).toContainEqual(expect.objectContaining({ path: 'archived' }));
  });

  it('pages both lists', async () => {
    const client = await api.signIn('owner', await api.createOrganisation());
    const made = [await estimate('a', client), await estimate('b', client), await estimate('c', client)].map(({ id }) => id);
    for (const id of made) await client.post(`/estimates/${id}/archive`).expect(200);
    const first = (await client.get('/estimates?archived=true&limit=2').expect(200)).body;
    const second = (await client.get(`/estimates?archived=true&limit=2&cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(made.reverse());
    expect(second.nextCursor).toBeNull();
  });
});

it("changes nothing of another organisation's estimate", async () => {
  const { id, ...made } = await estimate('Ours');
  const stranger = await api.signIn('owner', await api.createOrganisation());
  for (const path of [id, UNKNOWN_ID]) {
    expect((await stranger.patch(`/estimates/${path}`, { name: 'Theirs' }).expect(404)).body.code).toBe('not-found');
    await stranger.post(`/estimates/${path}/archive`).expect(404);
    await stranger.post(`/estimates/${path}/restore`).expect(404);
  }
  expect((await manager.get(`/estimates/${id}`)).body).toEqual({ id, ...made });
});

/** As the API wrote it before estimates were simulated. */
async function insertOld(): Promise<string> {
  const { id: organisationId, members } = await api.organisation();
  const project = { hours: 2700, seats: 3, hoursPerMonth: null, seniorityMix: null, framework: 'django', builtInFeatures: 6 };
  const breakEven = {
    models: ['freelance', 'in_house'],
    hours: 9000,
    months: 20,
    cheaperBelow: 'freelance',
    cheaperAbove: 'in_house',
  };
  const [row] = await sql<{ id: string }>(
    api.database.adminUrl,
    `INSERT INTO cost_estimates (organisation_id, name, project, assumptions, break_evens, claims, warnings, created_by)
     VALUES ($1, 'Old', $2, '[]', $3, '[]', '["It was so."]', $4) RETURNING id`,
    [
      organisationId,
      JSON.stringify({ ...project, models: ['freelance', 'in_house'] }),
      JSON.stringify([breakEven]),
      members.recruiter.id,
    ],
  );
  const id = String(row?.id);
  const lines = { labour: 291836.92, management: 33811.17, recruiting: 78220.16, vacancy: 38835, equipment: 9000 };
  await sql(
    api.database.adminUrl,
    `INSERT INTO cost_estimate_models (cost_estimate_id, organisation_id, model, total, currency, delivery_months, breakdown)
     VALUES ($1, $2, 'in_house', 451703.26, 'USD', 11.8286, $3)`,
    [id, organisationId, JSON.stringify(lines)],
  );
  return id;
}

it('an estimate from before simulation keeps what it said, and what it never said is null', async () => {
  const id = await insertOld();
  const { body } = await manager.get(`/estimates/${id}`).expect(200);
  expect(body.models).toEqual([
    {
      ...{ model: 'in_house', total: 451703.26, currency: 'USD', deliveryMonths: 11.8286, costBand: null, deliveryBand: null },
      breakdown: {
        ...{ labour: 291836.92, management: 33811.17, recruiting: 78220.16, vacancy: 38835, equipment: 9000 },
        ...{ bench: 0, severance: 0, rounding: 0.01 },
      },
      ...{ monthsToStart: null, start: null, intermediate: null, cost: null, abovePoint: null, delivery: null },
      ...{ tornado: [], cashFlow: null },
    },
  ]);
  expect(body).toMatchObject({
    name: 'Old',
    currency: 'USD',
    warnings: ['It was so.'],
    modelVersion: null,
    simulation: null,
    situation: null,
    advice: [],
  });
  expect(body.breakEvens).toEqual([expect.objectContaining({ hours: 9000, months: 20, cost: null, further: [] })]);
  const { items } = (await manager.get('/estimates').expect(200)).body;
  expect(items[0]).toMatchObject({ id, models: [{ total: 451703.26, costBand: null }] });
  await manager.patch(`/estimates/${id}`, { name: 'Still old' }).expect(200);
});
