import { connect } from 'node:net';
import { readConfig } from '@assay/api/config';
import { waitFor } from '@assay/testing/wait-for';
import request from 'supertest';
import { inviteCandidate, startedCandidate } from './support/candidate-at-work';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

/** Everything the API writes to its log, as it writes it. */
const log: string[] = [];
let api: TestApi;
let recruiter: TestClient;
let candidateId: string;
beforeAll(async () => {
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    log.push(String(chunk));
    return true;
  });
  api = await startTestApi({ logLevel: 'trace' });
  recruiter = await api.signIn('recruiter');
  ({ candidateId } = await inviteCandidate(api));
});
afterAll(async () => {
  await api.close();
  jest.restoreAllMocks();
});

/** 200 letters as people count them, 400 as PostgreSQL does. */
const COMPOSED = 'a\ufe0f'.repeat(200);

describe('an evaluation is refused', () => {
  it.each<[string, object, string]>([
    ['for a role of two lines, which would go into a mail', { role: 'Developer\r\nBcc: x@evil.test' }, 'role'],
    ['for a role of a paragraph', { role: 'Developer\u2029Click here' }, 'role'],
    ['for a role with a NUL', { role: 'a\u0000b' }, 'role'],
    ['for a role with half a character', { role: 'a\ud800b' }, 'role'],
    ['for a blank role', { role: '   ' }, 'role'],
    ['for a role that is longer than it looks', { role: COMPOSED }, 'role'],
    ['for a task with a NUL', { taskSlug: 'book\u0000shop' }, 'taskSlug'],
    ['for a time box without end', { timeBoxMinutes: '1e999' }, 'timeBoxMinutes'],
  ])('%s', async (_what, fields, path) => {
    const { body } = await recruiter.post('/evaluations', { candidateId, taskSlug: 'bookshop', ...fields }).expect(400);
    expect(body.code).toBe('invalid-input');
    expect(body.errors).toContainEqual(expect.objectContaining({ path }));
  });

  it.each([
    '2099-W01',
    '2099-001',
    '2099',
    '20990101T000000Z',
    '2099-01-01',
    '2099-01-01T00:00:00',
    '2099-01-01 00:00:00Z',
    '2099-01-01T00:00:00,5Z',
    '2099-02-30T00:00:00Z',
    '2099-01-01T24:00:00Z',
    '2099-01-01T00:00:00+24:00',
    '+012099-01-01T00:00:00Z',
    '-002099-01-01T00:00:00Z',
    'tomorrow',
    4_070_908_800_000,
  ])('for the time %p', async (time) => {
    for (const field of ['opensAt', 'closesAt']) {
      const { body } = await recruiter.post('/evaluations', { candidateId, taskSlug: 'bookshop', [field]: time }).expect(400);
      expect(body.errors).toContainEqual({ path: field, message: expect.stringContaining('2026-11-30T18:00:00Z') });
    }
  });

  it.each([
    ['2099-01-01T00:00:00Z', '2099-01-01T00:00:00.000Z'],
    ['2099-01-01T00:00:00.25+14:00', '2098-12-31T10:00:00.250Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('and not for the time %p', async (time, stored) => {
    const { body } = await recruiter.post('/evaluations', { candidateId, taskSlug: 'bookshop', closesAt: time }).expect(201);
    expect(body.closesAt).toBe(stored);
  });
});

describe('names', () => {
  it('are counted as the database counts them', async () => {
    const owner = await api.signIn('owner');
    await recruiter.post('/candidates', { name: COMPOSED, email: 'composed@example.test' }).expect(400);
    await recruiter.post('/estimates', { name: COMPOSED, project: { hours: 1, seats: 1 } }).expect(400);
    await owner.patch('/organisation', { name: COMPOSED }).expect(400);
    await owner.post('/api-keys', { name: COMPOSED, scopes: ['tasks:read'] }).expect(400);
    await recruiter.post('/candidates', { name: '🦊'.repeat(200), email: 'fox@example.test' }).expect(201);
  });

  it.each([
    '"x, y@evil.test"@example.test',
    '"<y@evil.test>"@example.test',
    'x@example.test, y@evil.test',
    'x@example.test\r\nBcc: y',
  ])('cannot be more than one address: %s', async (email) => {
    const { body } = await recruiter.post('/candidates', { name: 'A', email }).expect(400);
    expect(body.errors).toContainEqual(expect.objectContaining({ path: 'email' }));
  });
});

describe('a path', () => {
  it.each(['/tasks/%00', '/tasks/BOOKSHOP', '/tasks/%ED%A0%80', '/tasks/%2e%2e%2fbookshop'])('%s is refused', async (path) => {
    const answer = await recruiter.get(path);
    expect([400, 404]).toContain(answer.status);
  });

  it('takes an id in upper case too, with everything that belongs to it', async () => {
    const { body } = await recruiter.post('/estimates', { project: { hours: 100, seats: 1 } }).expect(201);
    expect((await recruiter.get(`/estimates/${body.id.toUpperCase()}`).expect(200)).body).toEqual(body);
    expect((await recruiter.get(`/evaluations?candidateId=${candidateId.toUpperCase()}`).expect(200)).body.items).not.toEqual([]);
  });
});

describe('a body nested very deeply', () => {
  const lists = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const objects = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;

  it.each([
    ['/auth/login', `{"email": ${lists}, "password": "x"}`],
    ['/auth/refresh', `{"refreshToken": ${objects}}`],
    ['/candidate/session', `{"token": ${lists}}`],
    ['/estimates', `{"project": ${objects}}`],
    ['/candidates', `{"name": ${lists}}`],
  ])('is refused at %s, before anything looks into it', async (path, body) => {
    const answer = await recruiter.post(path).set('Idempotency-Key', 'deep').type('json').send(body).expect(400);
    expect(answer.body).toMatchObject({ code: 'malformed-request', detail: expect.stringContaining('nested') });
  });
});

it('a request that cannot be read has a request id like any other', async () => {
  const answer = await request(api.url).post('/api/v1/auth/login').type('json').set('X-Request-Id', 'unreadable').send('{');
  expect(answer.headers['x-request-id']).toBe('unreadable');
  expect(answer.body).toMatchObject({ status: 400, requestId: 'unreadable' });
});

it('an upload that the network cuts off is no fault of ours', async () => {
  const { client } = await startedCandidate(api);
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /api/v1/candidate/evaluation/submissions HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${client.token}\r\n` +
      'X-Request-Id: cut-off\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n' +
      '--x\r\nContent-Disposition: form-data; name="archive"; filename="a.tar.gz"\r\n\r\nabc',
  );
  await recruiter.get('/candidates').expect(200);
  socket.destroy();
  const entries = await waitFor(
    () => {
      const lines = log
        .join('')
        .split('\n')
        .filter((line) => line.includes('"cut-off"'));
      return lines.some((line) => line.includes('aborted')) ? lines.map((line) => JSON.parse(line)) : null;
    },
    { what: 'the lost request in the log' },
  );
  expect(entries.filter(({ level }) => level >= 50)).toEqual([]);
});

it('a statement that fails is logged without what it was given', async () => {
  await sql(api.database.adminUrl, 'REVOKE INSERT ON members FROM assay_api');
  try {
    const member = { name: 'Mallory', email: 'mallory@example.test', role: 'recruiter', password: 'a password to keep' };
    await request(api.url)
      .post('/api/v1/members')
      .set('Authorization', `Bearer ${(await api.signIn('owner')).token}`)
      .send(member)
      .expect(500);
    const written = log.join('');
    expect(written).toContain('permission denied for table members');
    for (const secret of [member.password, member.email, '$argon2id$']) expect(written).not.toContain(secret);
  } finally {
    await sql(api.database.adminUrl, 'GRANT INSERT ON members TO assay_api');
  }
});

it('links have one slash where the operator wrote one more', () => {
  const environment = {
    DATABASE_URL: 'postgres://h/d',
    QUEUE_URL: 'redis://h',
    JWT_SECRET: 'x'.repeat(32),
    RUN_TOKEN_SECRET: 'y'.repeat(32),
    TASK_PACKS: '/packs',
    MAIL_URL: 'file:///mails',
    PUBLIC_URL: 'https://assay.example/',
    WORKER_FACING_URL: 'http://api:3000/base//',
  };
  const { publicUrl, workerFacingUrl } = readConfig(environment);
  expect({ publicUrl, workerFacingUrl }).toEqual({ publicUrl: 'https://assay.example', workerFacingUrl: 'http://api:3000/base' });
  expect(() => readConfig({ ...environment, PUBLIC_URL: 'javascript:alert(1)' })).toThrow('PUBLIC_URL');
});
