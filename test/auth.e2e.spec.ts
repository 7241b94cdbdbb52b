import { PasswordService } from '@assay/api/auth/password.service';
import { collide } from './support/collide';
import { forgeToken } from './support/forged-token';
import { sql } from './support/sql';
import { startTestApi, TEST_PASSWORD, type TestApi, type TestMember } from './support/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

async function login(member: Pick<TestMember, 'email'>, password = TEST_PASSWORD): Promise<Tokens> {
  const { body } = await api.client().post('/auth/login', { email: member.email, password }).expect(200);
  return body as Tokens;
}

async function refresh(refreshToken: string): Promise<{ status: number; code?: string; tokens: Tokens }> {
  const { status, body } = await api.client().post('/auth/refresh', { refreshToken });
  return { status, code: body.code, tokens: body };
}

describe('signing in', () => {
  it('takes an address and a password, and says who one is', async () => {
    const { members, id } = await api.organisation();
    const { body } = await api
      .client()
      .post('/auth/login', { email: ` ${members.recruiter.email.toUpperCase()}`.trim(), password: TEST_PASSWORD })
      .expect(200);
    expect(body.expiresIn).toBe(900);
    const me = await api.client(body.accessToken).get('/me').expect(200);
    expect(me.body).toMatchObject({
      kind: 'member',
      id: members.recruiter.id,
      email: members.recruiter.email,
      role: 'recruiter',
      organisation: { id, name: 'Test organisation' },
    });
    expect(me.body.permissions).toContain('candidates:manage');
    expect(me.body.permissions).not.toContain('members:manage');
  });

  it('answers a wrong password, an unknown address and a disabled member alike', async () => {
    const organisation = await api.createOrganisation();
    const { recruiter, engineering_lead: disabled } = organisation.members;
    await (await api.signIn('owner', organisation)).patch(`/members/${disabled.id}`, { disabled: true }).expect(200);
    const answers = await Promise.all(
      [
        { email: recruiter.email, password: 'wrong' },
        { email: 'nobody@example.test', password: TEST_PASSWORD },
        { email: disabled.email, password: TEST_PASSWORD },
      ].map((body) => api.client().post('/auth/login', body).expect(401)),
    );
    const bodies = answers.map(({ body: { requestId, ...rest } }) => rest);
    expect(bodies[0]).toMatchObject({ code: 'invalid-credentials' });
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
  });

  it('computes a password hash even for an address that nobody has, so that the time tells nothing', async () => {
    const matches = jest.spyOn(api.app.get(PasswordService, { strict: false }), 'matches');
    await api.client().post('/auth/login', { email: 'nobody@example.test', password: TEST_PASSWORD }).expect(401);
    expect(matches.mock.calls).toEqual([[TEST_PASSWORD, null]]);
    matches.mockRestore();
  });

  it.each([
    [{}, ['email', 'password']],
    [{ email: 'no address', password: 'x' }, ['email']],
    [{ email: { $ne: '' }, password: ['x'] }, ['email', 'password']],
    [{ email: 'a@example.test', password: 'x', role: 'owner' }, ['role']],
    [{ email: 'a@example.test', password: 'x'.repeat(201) }, ['password']],
  ])('refuses the body %j', async (body, paths) => {
    const answer = await api.client().post('/auth/login', body).expect(400);
    expect(answer.body.code).toBe('invalid-input');
    expect([...new Set(answer.body.errors.map((error: { path: string }) => error.path))].sort()).toEqual(paths);
  });

  it('keeps passwords as argon2id and refresh tokens as hashes', async () => {
    const { members } = await api.organisation();
    const { refreshToken } = await login(members.owner);
    const [{ password_hash: hash }] = (await sql(api.database.adminUrl, 'SELECT password_hash FROM members WHERE id = $1', [
      members.owner.id,
    ])) as [{ password_hash: string }];
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const stored = JSON.stringify(await sql(api.database.adminUrl, 'SELECT * FROM refresh_tokens'));
    expect(stored).not.toContain(refreshToken.slice(8));
  });
});

describe('access tokens', () => {
  const now = Math.floor(Date.now() / 1000);
  async function claims(): Promise<{ sub: string; org: string; aud: string; role: string; iss: string; exp: number }> {
    const { id, members } = await api.organisation();
    return { sub: members.owner.id, org: id, aud: 'staff', role: 'owner', iss: 'assay', exp: now + 600 };
  }

  it('opens with a token made by the secret (so that the refusals below are for their reason)', async () => {
    const token = forgeToken(await claims(), { secret: api.config.jwtSecret });
    await api.client(token).get('/me').expect(200);
  });

  it.each<[string, (good: Awaited<ReturnType<typeof claims>>) => string]>([
    ['expired', (good) => forgeToken({ ...good, exp: now - 1 }, { secret: api.config.jwtSecret })],
    ['of another secret', (good) => forgeToken(good, { secret: 'another-secret-of-the-same-length-0000' })],
    ['of the secret of runs', (good) => forgeToken(good, { secret: api.config.runTokenSecret })],
    ['of the algorithm none', (good) => forgeToken(good, { secret: '', algorithm: 'none' })],
    ['of another algorithm', (good) => forgeToken(good, { secret: api.config.jwtSecret, algorithm: 'HS512' })],
    ['for another audience', (good) => forgeToken({ ...good, aud: 'grading' }, { secret: api.config.jwtSecret })],
    ['of another issuer', (good) => forgeToken({ ...good, iss: 'somebody' }, { secret: api.config.jwtSecret })],
    ['of an unknown role', (good) => forgeToken({ ...good, role: 'admin' }, { secret: api.config.jwtSecret })],
    ['that is none', () => 'abc.def.ghi'],
    ['that is empty', () => ''],
  ])('refuses a token %s', async (_what, forge) => {
    const answer = await api
      .client(forge(await claims()))
      .get('/me')
      .expect(401);
    expect(answer.body.code).toBe('unauthenticated');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('gives a candidate nothing of the staff', async () => {
    const candidate = { ...(await claims()), aud: 'candidate', evaluation: '01a204a5-8c12-7ae6-9cd8-a54d42ba6ce3' };
    const token = forgeToken(candidate, { secret: api.config.jwtSecret });
    expect((await api.client(token).get('/me').expect(403)).body.code).toBe('forbidden');
  });
});

describe('refresh tokens', () => {
  it('are good for one use and replaced by the next', async () => {
    const { members } = await api.organisation();
    const first = await login(members.owner);
    const second = await refresh(first.refreshToken);
    expect(second.status).toBe(200);
    expect(second.tokens.refreshToken).not.toBe(first.refreshToken);
    await api.client(second.tokens.accessToken).get('/me').expect(200);
    expect((await refresh(second.tokens.refreshToken)).status).toBe(200);
  });

  it('end the whole session when one is used twice, and no other session', async () => {
    const { members } = await api.organisation();
    const [stolen, other] = [await login(members.owner), await login(members.owner)];
    const thief = await refresh(stolen.refreshToken);
    expect(thief.status).toBe(200);
    expect(await refresh(stolen.refreshToken)).toMatchObject({ status: 401, code: 'token-reused' });
    expect(await refresh(thief.tokens.refreshToken)).toMatchObject({ status: 401, code: 'invalid-token' });
    expect(await refresh(other.refreshToken)).toMatchObject({ status: 200 });
    const events = await (await api.signIn('owner')).get('/audit-events').expect(200);
    expect(events.body.items.map((event: { action: string }) => event.action)).toContain('session.token-reused');
  });

  it('let exactly one of two exchanges at the same time win', async () => {
    const { members } = await api.organisation();
    const { refreshToken } = await login(members.recruiter);
    const outcomes = await collide(
      api.database.adminUrl,
      { lock: 'SELECT FROM refresh_tokens WHERE used_at IS NULL FOR UPDATE', waiting: 4 },
      () => Promise.all(Array.from({ length: 4 }, () => refresh(refreshToken))),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    expect(outcomes.filter(({ status }) => status === 401).map(({ code }) => code)).toEqual(Array(3).fill('token-reused'));
  });

  it('are refused when expired, forged or of another kind', async () => {
    const { members } = await api.organisation();
    const { refreshToken, accessToken } = await login(members.owner);
    await sql(api.database.adminUrl, `UPDATE refresh_tokens SET expires_at = now() - interval '1 second' WHERE used_at IS NULL`);
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, code: 'token-expired' });
    for (const forged of ['refresh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', accessToken.slice(0, 200), "' OR true --"]) {
      expect(await refresh(forged)).toMatchObject({ status: 401, code: 'invalid-token' });
    }
    await api.client().post('/auth/refresh', { refreshToken: '' }).expect(400);
    await api.client(refreshToken).get('/me').expect(401);
  });

  it('are refused once the member is disabled, and take the present role', async () => {
    const organisation = await api.createOrganisation();
    const owner = await api.signIn('owner', organisation);
    const { recruiter } = organisation.members;
    const first = await login(recruiter);
    await owner.patch(`/members/${recruiter.id}`, { role: 'engineering_lead' }).expect(200);
    const second = await refresh(first.refreshToken);
    expect((await api.client(second.tokens.accessToken).get('/me').expect(200)).body.role).toBe('engineering_lead');
    await owner.patch(`/members/${recruiter.id}`, { disabled: true }).expect(200);
    expect(await refresh(second.tokens.refreshToken)).toMatchObject({ status: 401, code: 'invalid-token' });
  });

  it('end with the session', async () => {
    const { members } = await api.organisation();
    const { refreshToken } = await login(members.owner);
    await api.client().post('/auth/logout', { refreshToken }).expect(204);
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, code: 'invalid-token' });
    await api.client().post('/auth/logout', { refreshToken }).expect(204);
    await api.client().post('/auth/logout', { refreshToken: 'never issued' }).expect(204);
  });
});

describe('API keys', () => {
  const READ = { name: 'Applicant tracking', scopes: ['organisation:read', 'candidates:read'] };

  it('are shown once, kept as a hash, and do what their scopes say', async () => {
    const owner = await api.signIn('owner');
    const { body } = await owner.post('/api-keys', READ).expect(201);
    expect(body.key).toMatch(/^assay_[A-Za-z0-9_-]{43}$/);
    expect(body.prefix).toBe(body.key.slice(0, 12));
    const program = api.client(body.key);
    expect((await program.get('/me').expect(200)).body).toMatchObject({ kind: 'api_key', id: body.id, permissions: READ.scopes });
    await program.get('/candidates').expect(200);
    const refused = await program.post('/candidates', { name: 'C', email: 'c@example.test' }).expect(403);
    expect(refused.body.detail).toContain('candidates:manage');
    const list = await owner.get('/api-keys').expect(200);
    expect(JSON.stringify(list.body)).not.toContain(body.key.slice(12));
    expect(list.body.items.find(({ id }: { id: string }) => id === body.id).lastUsedAt).not.toBeNull();
    const stored = JSON.stringify(await sql(api.database.adminUrl, 'SELECT * FROM api_keys'));
    expect(stored).not.toContain(body.key.slice(12));
  });

  it('note their use at most once a minute', async () => {
    const owner = await api.signIn('owner');
    const { body } = await owner.post('/api-keys', READ).expect(201);
    const lastUsed = async () =>
      (await sql(api.database.adminUrl, 'SELECT last_used_at FROM api_keys WHERE id = $1', [body.id]))[0];
    await api.client(body.key).get('/me').expect(200);
    const first = await lastUsed();
    await api.client(body.key).get('/me').expect(200);
    expect(await lastUsed()).toEqual(first);
    await sql(api.database.adminUrl, `UPDATE api_keys SET last_used_at = now() - interval '2 minutes' WHERE id = $1`, [body.id]);
    const stale = await lastUsed();
    await api.client(body.key).get('/me').expect(200);
    expect(await lastUsed()).not.toEqual(stale);
  });

  it('end when they are revoked, when they expire, and never answer a wrong one', async () => {
    const owner = await api.signIn('owner');
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await owner.post('/api-keys', { ...READ, expiresAt }).expect(201);
    expect(body.expiresAt).toBe(expiresAt);
    await api.client(body.key).get('/me').expect(200);
    await api.client(`${body.key}x`).get('/me').expect(401);
    await sql(api.database.adminUrl, `UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [body.id]);
    await api.client(body.key).get('/me').expect(401);
    const other = await owner.post('/api-keys', READ).expect(201);
    await owner.delete(`/api-keys/${other.body.id}`).expect(204);
    await owner.delete(`/api-keys/${other.body.id}`).expect(204);
    await api.client(other.body.key).get('/me').expect(401);
  });

  it.each([
    ['no scopes', { name: 'K', scopes: [] }],
    ['an unknown scope', { name: 'K', scopes: ['everything'] }],
    ['a scope that no key may have', { name: 'K', scopes: ['members:manage'] }],
    ["the candidates' permission", { name: 'K', scopes: ['evaluation:take'] }],
    ['an end in the past', { ...READ, expiresAt: '2020-01-01T00:00:00Z' }],
    ['an end that is no time', { ...READ, expiresAt: 'tomorrow' }],
    ['an end that is a week', { ...READ, expiresAt: '2099-W01' }],
    ['null for an end', { ...READ, expiresAt: null }],
    ['a name of two lines', { ...READ, name: 'a\nb' }],
  ])('cannot be made with %s', async (_what, body) => {
    const answer = await (await api.signIn('owner')).post('/api-keys', body).expect(400);
    expect(answer.body.code).toBe('invalid-input');
  });

  it('cannot be made or ended by anybody but an owner', async () => {
    for (const role of ['recruiter', 'lead'] as const) {
      const member = await api.signIn(role);
      await member.post('/api-keys', READ).expect(403);
      await member.get('/api-keys').expect(403);
      await member.delete('/api-keys/01a204a5-8c12-7ae6-9cd8-a54d42ba6ce3').expect(403);
    }
  });

  it('with an Idempotency-Key are made once, and the key is not stored for the second answer', async () => {
    const owner = await api.signIn('owner');
    const once = () => owner.post('/api-keys', READ).set('Idempotency-Key', 'make-one-key').expect(201);
    const first = await once();
    const second = await once();
    expect(second.body).toEqual({ ...first.body, key: null });
    expect(second.headers['idempotency-replayed']).toBe('true');
    const stored = JSON.stringify(await sql(api.database.adminUrl, 'SELECT * FROM idempotency_keys'));
    expect(stored).toContain(first.body.prefix);
    expect(stored).not.toContain(first.body.key);
  });
});
