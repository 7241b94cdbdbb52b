import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { packFiles } from '@assay/archive/pack-folder';
import { freePort } from '@assay/testing/free-port';
import { openTestDatabase, type TestDatabase } from '@assay/testing/test-database';
import { startProcess, type TestProcess } from '@assay/testing/test-process';
import { openTestQueueStore, TEST_QUEUE_ENGINES, type TestQueueStore } from '@assay/testing/test-queue-store';
import { waitFor } from '@assay/testing/wait-for';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type CandidateAtWork, startedCandidate } from './support/candidate-at-work';
import { type CuttableProxy, openCuttableProxy } from './support/cuttable-proxy';
import { forgeToken } from './support/forged-token';
import { OpenApiConformance } from './support/openapi-conformance';
import { sql } from './support/sql';
import { TestClient } from './support/test-client';

// The compiled API as an operator runs it, with services that go away.
const ROOT = resolve(__dirname, '..');
const ENTRY = join(ROOT, 'apps', 'api', 'dist', 'main.js');
const SECRET = 'secret-of-the-access-tokens-of-a-process';
const SUBMISSIONS = '/candidate/evaluation/submissions';

let database: TestDatabase;
let queueStore: TestQueueStore;
let databaseProxy: CuttableProxy;
let queueProxy: CuttableProxy;
const organisationId = randomUUID();
let memberId: string;

beforeAll(async () => {
  database = await openTestDatabase();
  queueStore = await openTestQueueStore(TEST_QUEUE_ENGINES[0] ?? 'postgres');
  databaseProxy = await openCuttableProxy(database.apiUrl);
  queueProxy = await openCuttableProxy(queueStore.url);
  await sql(database.adminUrl, 'INSERT INTO organisations (id, name) VALUES ($1, $2)', [organisationId, 'Acme']);
  const [member] = await sql<{ id: string }>(
    database.adminUrl,
    `INSERT INTO members (organisation_id, email, name, role, password_hash) VALUES ($1, 'o@acme.test', 'O', 'owner', '-') RETURNING id`,
    [organisationId],
  );
  memberId = String(member?.id);
});
afterEach(() => {
  databaseProxy.mend();
  queueProxy.mend();
});
afterAll(async () => {
  await databaseProxy.close();
  await queueProxy.close();
  await queueStore.drop();
  await database.drop();
});

function environment(port: number): Record<string, string> {
  return {
    PORT: String(port),
    DATABASE_URL: databaseProxy.url,
    QUEUE_URL: queueProxy.url,
    JWT_SECRET: SECRET,
    RUN_TOKEN_SECRET: 'secret-of-the-run-tokens-of-a-process-00',
    TASK_PACKS: join(ROOT, 'task-packs'),
    MAIL_URL: 'smtp://127.0.0.1:1',
    RECONCILE_SECONDS: '1',
  };
}

interface RunningApi {
  readonly process: TestProcess;
  readonly url: string;
  client(token?: string): TestClient;
  signIn(): Promise<TestClient>;
}

async function startApi(): Promise<RunningApi> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = await startProcess({ entry: ENTRY, environment: environment(port), readyWhen: { url: `${url}/health/ready` } });
  const conformance = new OpenApiConformance((await (await fetch(`${url}/api/openapi.json`)).json()) as OpenAPIObject);
  const client = (token?: string) => new TestClient(url, conformance, token ?? null);
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const claims = { sub: memberId, org: organisationId, aud: 'staff', role: 'owner', iss: 'assay', exp };
  return { process: started, url, client, signIn: async () => client(forgeToken(claims, { secret: SECRET })) };
}

async function submit(api: RunningApi): Promise<{ candidate: CandidateAtWork; submissionId: string }> {
  const candidate = await startedCandidate(api);
  const archive = await packFiles([{ path: 'manage.py', content: Buffer.from('print(1)\n') }]);
  const answer = await candidate.client.post(SUBMISSIONS).attach('archive', archive, 'a.tar.gz').expect(202);
  return { candidate, submissionId: answer.body.id };
}

async function statusOf({ candidate, submissionId }: Awaited<ReturnType<typeof submit>>): Promise<string> {
  return (await candidate.client.get(`${SUBMISSIONS}/${submissionId}`).expect(200)).body.status;
}

async function isReady(api: RunningApi): Promise<boolean> {
  return (await api.client().get('//health/ready')).status === 200;
}

describe('starting', () => {
  /** Runs the API until it ends by itself. */
  async function startInVain(changes: Record<string, string>): Promise<{ code: number | null; output: string }> {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [ENTRY], { env: { PATH, HOME, ...environment(await freePort()), ...changes } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number | null>((ended) => child.on('exit', ended));
    return { code, output };
  }
  const with_ = (url: string, changes: Partial<URL>) => Object.assign(new URL(url), changes).href;

  it.each<[string, () => Record<string, string>, RegExp]>([
    ['a setting that is missing', () => ({ JWT_SECRET: '' }), /JWT_SECRET: must have at least 32 characters/],
    ['a link that is none', () => ({ PUBLIC_URL: 'assay.example:3000' }), /PUBLIC_URL/],
    [
      'a password of the database that is wrong',
      () => ({ DATABASE_URL: with_(database.apiUrl, { password: 'sesame' }) }),
      /The database \S+ cannot be used: password authentication failed.*DATABASE_URL/,
    ],
    [
      'a database that is not there',
      () => ({ DATABASE_URL: with_(database.apiUrl, { pathname: '/nowhere' }) }),
      /The database \S+\/nowhere cannot be used: database "nowhere" does not exist/,
    ],
    ['a role that sees every organisation', () => ({ DATABASE_URL: database.adminUrl }), /not bound by row-level security/],
    [
      'a queue store that is away',
      () => ({ QUEUE_URL: 'redis://127.0.0.1:1/0' }),
      /queue store at redis:\/\/127\.0\.0\.1:1\/0 cannot be used/,
    ],
  ])('fails with a plain message for %s', async (_what, changes, message) => {
    const { code, output } = await startInVain(changes());
    expect(code).toBe(1);
    expect(output).toMatch(message);
    expect(output).toContain('The API did not start: ');
    expect(output).not.toContain('sesame');
  });
});

describe('stopping', () => {
  it('ends with connections on which nobody speaks and streams that go on', async () => {
    const api = await startApi();
    const { candidate, submissionId } = await submit(api);
    const idle: Socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    try {
      idle.on('error', () => undefined);
      const stream = await fetch(`${api.url}/api/v1${SUBMISSIONS}/${submissionId}/events`, {
        headers: { Authorization: `Bearer ${candidate.client.token}` },
      });
      let events = '';
      const read = (async () => {
        for await (const chunk of stream.body ?? []) events += Buffer.from(chunk).toString();
      })();
      await waitFor(() => events.includes('event: status'), { what: 'the stream to begin' });
      await api.process.stop();
      await read;
    } finally {
      idle.destroy();
    }
  });

  it('ends although database and queue store hang', async () => {
    const api = await startApi();
    await submit(api);
    queueProxy.hang();
    databaseProxy.hang();
    await api.process.stop();
  });
});

describe('while the API runs', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.process.kill());

  it.each([
    ['goes away', () => queueProxy.cut()],
    ['hangs', () => queueProxy.hang()],
  ])(
    'and the queue store %s, it is not ready, takes submissions all the same and hands them over later',
    async (_how, cut) => {
      cut();
      const unready = await api.client().get('//health/ready').expect(503);
      expect(unready.body).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('queue') });
      expect((await api.client().get('//metrics').expect(200)).text).toContain('http_request_duration_seconds');
      const submitted = await submit(api);
      expect(await statusOf(submitted)).toBe('received');
      queueProxy.mend();
      await waitFor(async () => (await statusOf(submitted)) === 'queued', { what: 'the hand-over', timeoutMs: 40_000 });
      await waitFor(() => isReady(api), { what: 'the API to be ready' });
    },
    60_000,
  );

  it('and the database goes away, it says so, says when to come back, and goes on when it is back', async () => {
    const owner = await api.signIn();
    await owner.get('/candidates').expect(200);
    databaseProxy.cut();
    const refused = await owner.get('/candidates').expect(503);
    expect(refused.body.code).toBe('unavailable');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await api.client().get('//health/ready').expect(503)).body.detail).toContain('database');
    await api.client().get('//health/live').expect(200);
    databaseProxy.mend();
    await owner.get('/candidates').expect(200);
    await waitFor(() => isReady(api), { what: 'the API to be ready' });
  });
});
