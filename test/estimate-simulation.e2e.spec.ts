import type { Worker } from 'node:worker_threads';
import { SimulationThreads } from '@assay/api/cost-estimates/simulation-threads';
import { waitFor } from '@assay/testing/wait-for';
import { sql } from './support/sql';
import { startTestApi, type TestApi, type TestOrganisation } from './support/test-api';
import type { TestClient } from './support/test-client';

// One connection to the database and one thread: whatever holds on to one of them shows.
let api: TestApi;
let organisation: TestOrganisation;
let client: TestClient;

beforeAll(async () => {
  api = await startTestApi({ databaseConnections: 1, simulationsWaiting: 1 });
});
beforeEach(async () => {
  organisation = await api.createOrganisation();
  client = await api.signIn('recruiter', organisation);
});
afterAll(() => api.close());

const QUICK = { project: { hours: 2700, seats: 3 }, simulation: { draws: 1_000 } };
const LONG = { project: { hours: 2700, seats: 3 }, simulation: { draws: 1_000_000, seed: 7 } };
const EVENTS = 'text/event-stream';

/** The threads that simulate now. */
function workers(): Worker[] {
  const { pool } = api.app.get(SimulationThreads, { strict: false }) as unknown as {
    pool: { threads: Set<{ isIdle: boolean; worker: Worker }> };
  };
  return [...pool.threads].filter(({ isIdle }) => !isIdle).map(({ worker }) => worker);
}

/** Sends a long request and waits until it is simulated. @returns its answer to come, whatever it is */
async function underWay(path = '/estimates', headers: Readonly<Record<string, string>> = {}) {
  const answer = Promise.resolve(client.post(path, LONG).set(headers)).catch((error: Error) => ({ gone: error }));
  await waitFor(() => workers().length > 0);
  return answer.then((response) => ('gone' in response ? { status: 0, body: {}, text: '', headers: {} } : response));
}

/** Everything that is left of estimates: one row and one audit event each. */
function rows(): Promise<unknown[]> {
  return sql(
    api.database.adminUrl,
    `SELECT id FROM cost_estimates WHERE organisation_id = $1
     UNION ALL SELECT id FROM audit_events WHERE organisation_id = $1 AND action LIKE 'estimate.%'`,
    [organisation.id],
  );
}

function eventsOf(text: string): { event: string; data: unknown }[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [event, data] = block.split('\ndata: ') as [string, string];
      return { event: event.slice('event: '.length), data: JSON.parse(data) };
    });
}

describe('while a million draws are simulated', () => {
  it('answers everything else', async () => {
    const done: string[] = [];
    const estimate = client.post('/estimates', LONG).set('Idempotency-Key', 'long').expect(201);
    const made = estimate.then(() => done.push('estimate'));
    await waitFor(() => workers().length > 0);
    await client.get('//health/ready').expect(200);
    done.push('health');
    await client.get('/estimates').expect(200);
    done.push('a list from the database');
    await made;
    expect(done).toEqual(['health', 'a list from the database', 'estimate']);
  });

  it('refuses more than may wait, and says when to come back', async () => {
    const long = client.post('/estimates', LONG).expect(201);
    const made = long.then(({ status }) => status);
    await waitFor(() => workers().length > 0);
    const answers = await Promise.all([1, 2, 3].map(() => client.post('/estimates', QUICK)));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused).toHaveLength(2);
    expect(refused[0]?.body.code).toBe('unavailable');
    expect(refused[0]?.headers['retry-after']).toMatch(/^\d+$/);
    expect(await made).toBe(201);
    await client.post('/estimates', QUICK).expect(201);
  });
});

describe('a thread that is killed in the middle', () => {
  it('leaves nothing behind, and the same request works again', async () => {
    const headers = { 'Idempotency-Key': 'again' };
    const answer = underWay('/estimates', headers);
    await waitFor(() => workers().length > 0);
    await workers()[0]?.terminate();
    const { status, body } = await answer;
    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect(await rows()).toEqual([]);
    const { body: made } = await client.post('/estimates', LONG).set(headers).expect(201);
    expect(made.simulation).toMatchObject({ draws: 1_000_000, seed: 7 });
    expect(await rows()).toHaveLength(2);
  });

  it('is told as the last event of a stream', async () => {
    const answer = underWay('/estimates', { Accept: EVENTS });
    await waitFor(() => workers().length > 0);
    await workers()[0]?.terminate();
    const last = eventsOf((await answer).text).at(-1);
    expect(last).toEqual({ event: 'problem', data: expect.objectContaining({ code: 'unavailable', status: 503 }) });
    expect(await rows()).toEqual([]);
  });
});

it.each([
  ['JSON', 'application/json'],
  ['events', EVENTS],
])('an API that is stopped in the middle of an answer as %s leaves no estimate and no thread', async (_, accept) => {
  const answer = underWay('/estimates', { Accept: accept });
  await waitFor(() => workers().length > 0);
  const running = workers();
  await api.restart();
  expect(running.map(({ threadId }) => threadId)).toEqual([-1]);
  const { status, text } = await answer;
  // The connection may be gone before the answer is read.
  if (status === 200) expect(eventsOf(text).at(-1)).toMatchObject({ event: 'problem', data: { code: 'unavailable' } });
  else expect([0, 503]).toContain(status);
  expect(await rows()).toEqual([]);
  await client.post('/estimates', QUICK).expect(201);
});

it.each([
  ['JSON', 'application/json'],
  ['events', EVENTS],
])('a client that hangs up before its %s leaves nothing behind', async (_, accept) => {
  const hangUp = new AbortController();
  const answer = fetch(`${api.url}/api/v1/estimates`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${client.token}`, 'Content-Type': 'application/json', Accept: accept },
    body: JSON.stringify(LONG),
    signal: hangUp.signal,
  }).then((response) => response.text());
  await waitFor(() => workers().length > 0);
  const [running] = workers();
  hangUp.abort();
  await expect(answer).rejects.toThrow('aborted');
  await waitFor(() => running?.threadId === -1);
  await client.post('/estimates', QUICK).expect(201);
  expect(await rows()).toHaveLength(2);
});

describe('as server-sent events', () => {
  const stream = (input: object) => client.post('/estimates', input).set('Accept', EVENTS);

  it('tells how far it is and ends with the estimate', async () => {
    const answer = await stream({ ...QUICK, simulation: { draws: 100_000 } }).expect(200);
    expect(answer.headers['cache-control']).toContain('no-store');
    const events = eventsOf(answer.text);
    const shares = events.slice(0, -1).map(({ event, data }) => ({ event, ...(data as { share: number }) }));
    expect(shares.length).toBeGreaterThan(5);
    expect(shares.every(({ event }) => event === 'progress')).toBe(true);
    expect(shares.map(({ share }) => share)).toEqual(shares.map(({ share }) => share).sort((a, b) => a - b));
    expect([shares[0]?.share, shares.at(-1)?.share]).toEqual([0, 1]);
    const last = events.at(-1) as { event: string; data: { id: string } };
    expect(last.event).toBe('estimate');
    expect((await client.get(`/estimates/${last.data.id}`).expect(200)).body).toEqual(last.data);
  });

  it('answers as an ordinary problem what is wrong from the beginning', async () => {
    const { body, type } = await stream({ project: { hours: 0, seats: 3 } }).expect(400);
    expect([type, body.code]).toEqual(['application/problem+json', 'invalid-input']);
  });

  it('is made once for one Idempotency-Key, in either form', async () => {
    const send = (accept: string) => client.post('/estimates', QUICK).set({ Accept: accept, 'Idempotency-Key': 'one' });
    const first = eventsOf((await send(EVENTS).expect(200)).text).at(-1);
    const second = await send('application/json').expect(201);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.body).toEqual(first?.data);
    expect(eventsOf((await send(EVENTS).expect(200)).text)).toEqual([first]);
  });
});

it('is made once for one Idempotency-Key that arrives twice at a time', async () => {
  const send = () => client.post('/estimates', QUICK).set('Idempotency-Key', 'twice').expect(201);
  const [first, second] = await Promise.all([send(), send()]);
  expect(first.body).toEqual(second.body);
  expect([first, second].filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(1);
  expect(await rows()).toHaveLength(2);
});

it('repeats to the last digit with the same seed, and differs with another one', async () => {
  const make = async (seed: number) => (await client.post('/estimates', { ...QUICK, simulation: { draws: 5_000, seed } })).body;
  const [first, again, other] = [await make(3), await make(3), await make(4)];
  expect(again.models).toEqual(first.models);
  expect(again.simulation).toEqual(first.simulation);
  expect(other.models[0].cost).not.toEqual(first.models[0].cost);
  expect(other.models[0].total).toBe(first.models[0].total);
});
