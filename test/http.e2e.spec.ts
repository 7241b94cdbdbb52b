import { createHmac } from 'node:crypto';
import { describeApi } from '@assay/api/http/openapi';
import request from 'supertest';
import { collide } from './support/collide';
import { sql } from './support/sql';
import { startTestApi, TEST_PASSWORD, type TestApi } from './support/test-api';

/** Everything the API writes to its log, as it writes it. */
const log: string[] = [];
let api: TestApi;
beforeAll(async () => {
  // The logger looks at stdout when it is made: it writes through this while it is spied on.
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    log.push(String(chunk));
    return true;
  });
  api = await startTestApi({ signInsPerMinute: 5, logLevel: 'trace' });
});
afterAll(async () => {
  await api.close();
  jest.restoreAllMocks();
});

describe('requests that cannot be read', () => {
  async function send(body: string | Buffer, headers: Record<string, string> = {}) {
    const { token } = await api.signIn('owner');
    return request(api.url)
      .post('/api/v1/members')
      .set({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers })
      .serialize((raw) => raw)
      .send(body as string);
  }

  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['malformed JSON', '{"name": ', {}, 400, 'malformed-request'],
    ['NaN, which JSON does not have', '{"name": NaN}', {}, 400, 'malformed-request'],
    ['a list for an object', '[]', {}, 400, 'invalid-input'],
    ['a bare string', '"text"', {}, 400, 'malformed-request'],
    ['nothing', '', {}, 400, 'invalid-input'],
    ['a form', 'name=x', { 'Content-Type': 'application/x-www-form-urlencoded' }, 400, 'invalid-input'],
    ['a body beyond the limit', JSON.stringify({ name: 'x'.repeat(200_000) }), {}, 413, 'payload-too-large'],
    ['an unknown charset', '{}', { 'Content-Type': 'application/json; charset=klingon' }, 415, 'unsupported-media-type'],
    ['an unknown encoding', '{}', { 'Content-Encoding': 'rot13' }, 415, 'unsupported-media-type'],
    ['a prototype', '{"__proto__": {"name": "x", "role": "owner"}, "email": "p@example.test"}', {}, 400, 'invalid-input'],
  ])('are refused: %s', async (_what, body, headers, status, code) => {
    const answer = await send(body, headers);
    expect(answer.body).toMatchObject({ status, code, instance: '/api/v1/members', type: `urn:assay:problem:${code}` });
    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
  });

  it('name every field that is wrong', async () => {
    const owner = await api.signIn('owner');
    const { body } = await owner
      .post('/members', { name: '', email: 'x', role: 'king', password: 'short', admin: true })
      .expect(400);
    const paths = body.errors.map(({ path }: { path: string }) => path);
    expect([...new Set(paths)].sort()).toEqual(['admin', 'email', 'name', 'password', 'role']);
    expect(body.detail).not.toContain('short"');
  });

  it('of a path that does not exist or an id that is none are answered as problems', async () => {
    const owner = await api.signIn('owner');
    expect((await owner.get('/nothing').expect(404)).body.code).toBe('not-found');
    expect((await owner.put('/members', {}).expect(404)).body.code).toBe('not-found');
    expect((await owner.patch('/members/1', {}).expect(400)).body.code).toBe('malformed-request');
  });
});

describe('every answer', () => {
  it('has security headers and tells nothing of the server', async () => {
    for (const path of ['//health/live', '/auth/nothing', '//api/docs', '//api/openapi.json']) {
      const { headers } = await api.client().get(path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'self'"),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('strict-transport-security');
    }
  });

  it.each([
    ['a given one', 'order-7_a.b', true],
    ['one of its own for a long one', 'x'.repeat(65), false],
    ['one of its own for one that would forge a log line', 'a"b}{', false],
    ['one of its own for none', undefined, false],
  ])('has a request id: %s', async (_what, given, kept) => {
    const sent = api.client().get('/me');
    if (given !== undefined) sent.set('X-Request-Id', given);
    const { headers, body } = await sent.expect(401);
    expect(body.requestId).toBe(headers['x-request-id']);
    if (kept) expect(body.requestId).toBe(given);
    else expect(body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the log', () => {
  it('has one JSON line a request, with its id and status and without passwords, tokens, keys or queries', async () => {
    const { members } = await api.organisation();
    const owner = await api.signIn('owner');
    const session = await api.client().post('/auth/login', { email: members.owner.email, password: TEST_PASSWORD }).expect(200);
    const wrong = 'a password mistyped by one letter';
    await api.client().post('/auth/login', { email: members.owner.email, password: wrong }).expect(401);
    const key = await owner.post('/api-keys', { name: 'Logged', scopes: ['organisation:read'] }).expect(201);
    await api.client(key.body.key).get('/me?').set('X-Request-Id', 'find-me').set('Cookie', 'sid=cookie-of-somebody').expect(200);
    await owner.get('/members?cursor=cursor-of-somebody').expect(400);
    const lines = log.join('').split('\n').filter(Boolean);
    const entries = lines.map((line) => JSON.parse(line));
    const ours = entries.find(({ req }) => req?.id === 'find-me');
    expect(ours).toMatchObject({ req: { method: 'GET', url: '/api/v1/me' }, res: { status: 200 }, name: 'assay-api' });
    const secrets = {
      password: TEST_PASSWORD,
      wrong,
      accessToken: session.body.accessToken,
      signature: String(session.body.accessToken).split('.')[2],
      refreshToken: session.body.refreshToken,
      key: key.body.key,
      cookie: 'cookie-of-somebody',
      query: 'cursor-of-somebody',
      jwtSecret: api.config.jwtSecret,
    };
    for (const [what, secret] of Object.entries(secrets)) {
      expect({ what, lines: lines.filter((line) => line.includes(secret)) }).toEqual({ what, lines: [] });
    }
  });
});

describe('sign-in, refresh and the session of a candidate', () => {
  it.each([
    ['/auth/login', { email: 'guessed@example.test', password: 'guess' }, 401],
    ['/auth/refresh', { refreshToken: 'refresh_guess' }, 401],
    ['/candidate/session', { token: 'invite_guess' }, 401],
  ])('%s is limited, says when to come back, and counts for itself', async (path, body, status) => {
    const limited = await startLimitedRound(path, body);
    expect(limited.slice(0, -1).every((answer) => answer === status)).toBe(true);
    const refused = await api.client().post(path, body).expect(429);
    expect(refused.body.code).toBe('too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    await (await api.signIn('owner')).get('/me').expect(200);
  });

  /** Sends until the first 429, at most once more than the limit. */
  async function startLimitedRound(path: string, body: object): Promise<number[]> {
    const statuses: number[] = [];
    while (statuses.length <= api.config.signInsPerMinute && statuses.at(-1) !== 429) {
      statuses.push((await api.client().post(path, body)).status);
    }
    expect(statuses.at(-1)).toBe(429);
    return statuses;
  }
});

describe('Idempotency-Key', () => {
  let made = 0;
  const member = () => {
    made += 1;
    return { name: 'M', email: `idempotent-${made}@example.test`, role: 'recruiter', password: `a password to keep ${made}` };
  };
  const count = async (email: string) =>
    Number((await sql(api.database.adminUrl, 'SELECT count(*) AS n FROM members WHERE email = $1', [email]))[0]?.n);

  it('gives the same request sent again the first answer, and refuses another one', async () => {
    const owner = await api.signIn('owner');
    const body = member();
    const first = await owner.post('/members', body).set('Idempotency-Key', 'replay').expect(201);
    const second = await owner.post('/members', body).set('Idempotency-Key', 'replay').expect(201);
    expect(second.body).toEqual(first.body);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(await count(body.email)).toBe(1);
    const other = await owner.post('/members', member()).set('Idempotency-Key', 'replay').expect(422);
    expect(other.body.code).toBe('idempotency-key-reused');
    await owner
      .post('/api-keys', { name: 'K', scopes: ['tasks:read'] })
      .set('Idempotency-Key', 'replay')
      .expect(422);
  });

  it('creates once for many requests at the same time', async () => {
    const owner = await api.signIn('owner');
    const body = member();
    const answers = await collide(api.database.adminUrl, { lock: 'LOCK TABLE members IN SHARE MODE', waiting: 3 }, () =>
      Promise.all(Array.from({ length: 6 }, () => owner.post('/members', body).set('Idempotency-Key', 'together').expect(201))),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(5);
    expect(await count(body.email)).toBe(1);
  });

  it('belongs to who sent it, and is kept for a day', async () => {
    const organisation = await api.createOrganisation();
    const [owner, elsewhere] = [await api.signIn('owner'), await api.signIn('owner', organisation)];
    const body = { name: 'K', scopes: ['tasks:read'] };
    const first = await owner.post('/api-keys', body).set('Idempotency-Key', 'mine').expect(201);
    const theirs = await elsewhere.post('/api-keys', body).set('Idempotency-Key', 'mine').expect(201);
    expect(theirs.body.id).not.toBe(first.body.id);
    await sql(api.database.adminUrl, `UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'mine'`);
    const nextDay = await owner.post('/api-keys', body).set('Idempotency-Key', 'mine').expect(201);
    expect(nextDay.body.id).not.toBe(first.body.id);
  });

  it('remembers no failure: the request may be mended and sent again', async () => {
    const owner = await api.signIn('owner');
    const body = member();
    await owner
      .post('/members', { ...body, role: 'king' })
      .set('Idempotency-Key', 'mended')
      .expect(400);
    await owner.post('/members', body).set('Idempotency-Key', 'mended').expect(201);
    const taken = { ...member(), email: body.email };
    await owner.post('/members', taken).set('Idempotency-Key', 'conflict').expect(409);
    await owner
      .post('/members', { ...taken, email: member().email })
      .set('Idempotency-Key', 'conflict')
      .expect(201);
  });

  it('leaves nothing behind from which a password could be guessed', async () => {
    const owner = await api.signIn('owner');
    const body = member();
    await owner.post('/members', body).set('Idempotency-Key', 'at-rest').expect(201);
    const [row] = await sql(api.database.adminUrl, `SELECT * FROM idempotency_keys WHERE key = 'at-rest'`);
    expect(JSON.stringify(row)).not.toContain(body.password);
    const length = String(Buffer.byteLength(JSON.stringify(body)));
    const plain = JSON.stringify(['POST', '/api/v1/members', body, length]);
    expect(row?.request_hash).toBe(createHmac('sha256', api.config.jwtSecret).update(plain).digest('hex'));
  });

  it('must be visible ASCII of at most 255 characters', async () => {
    const owner = await api.signIn('owner');
    for (const key of ['', ' ', 'a b', 'x'.repeat(256)]) {
      await owner.post('/members', member()).set('Idempotency-Key', key).expect(400);
    }
  });

  it('is taken by every POST that creates', () => {
    const creating = Object.entries(describeApi(api.app).paths).filter(
      ([, { post }]) => post && (post.responses['201'] || post.responses['202']),
    );
    expect(creating.length).toBeGreaterThanOrEqual(6);
    const without = creating.filter(
      ([, { post }]) => !post?.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'Idempotency-Key'),
    );
    expect(without.map(([path]) => path)).toEqual([]);
  });
});

describe('for operators', () => {
  it('serves its description, a page to read it, health and metrics', async () => {
    const { body } = await api.client().get('//api/openapi.json').expect(200);
    expect(body.openapi).toBe('3.1.0');
    expect(body).toEqual(JSON.parse(JSON.stringify(describeApi(api.app))));
    expect((await api.client().get('//api/docs').expect(200)).text).toContain('swagger-ui');
    expect((await api.client().get('//health/live').expect(200)).body).toEqual({ status: 'ok' });
    expect((await api.client().get('//health/ready').expect(200)).body.info.database.status).toBe('up');
    await (await api.signIn('owner')).patch('/members/01a204a5-8c12-7ae6-9cd8-a54d42ba6ce3', {}).expect(404);
    const { text } = await api.client().get('//metrics').expect(200);
    expect(text).toMatch(/http_request_duration_seconds_count\{method="PATCH",route="\/api\/v1\/members\/:id",status="404"\} \d/);
    expect(text).not.toContain('01a204a5');
  });
});
