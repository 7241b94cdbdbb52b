import { withTenantDatabase } from '@assay/api/database/with-tenant-database';
import { ensureDemoOrganisation } from '@assay/api/demo/demo-organisation';
import { type FirstMember, foundOrganisation } from '@assay/api/organisations/found-organisation';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function roleAfterSignIn(email: string, password: string): Promise<string> {
  const session = await api.client().post('/auth/login', { email, password }).expect(200);
  return (await api.client(session.body.accessToken).get('/me').expect(200)).body.role;
}

describe('the demo organisation', () => {
  const ensure = (password: string) =>
    withTenantDatabase(api.database.apiUrl, (database) => ensureDemoOrganisation(database, password));

  it('has a login of each role, is made once, and takes a new password', async () => {
    const demo = await ensure('the first password');
    expect(demo.logins.map(({ role }) => role)).toEqual(['owner', 'recruiter', 'engineering_lead']);
    for (const { role, email } of demo.logins) expect(await roleAfterSignIn(email, 'the first password')).toBe(role);
    expect(await ensure('the first password')).toEqual(demo);
    expect(await ensure('the second password')).toEqual(demo);
    for (const { role, email } of demo.logins) expect(await roleAfterSignIn(email, 'the second password')).toBe(role);
    const [made] = await sql(api.database.adminUrl, `SELECT count(*)::int AS n FROM organisations WHERE name = 'Demo'`);
    expect(made).toEqual({ n: 1 });
    const events = await sql<{ action: string; n: number }>(
      api.database.adminUrl,
      `SELECT action, count(*)::int AS n FROM audit_events WHERE organisation_id = $1 AND actor_kind = 'system' GROUP BY action ORDER BY action`,
      [demo.organisationId],
    );
    expect(events).toEqual([
      { action: 'member.created', n: 3 },
      { action: 'member.password-set', n: 3 },
      { action: 'organisation.founded', n: 1 },
    ]);
  });
});

describe('founding an organisation', () => {
  const OWNER: FirstMember = { name: 'O', email: 'Owner@Acme.Example', role: 'owner', password: 'a long enough password' };
  const found = (name: string, members: FirstMember[]) =>
    withTenantDatabase(api.database.apiUrl, (database) => foundOrganisation(database, name, members));

  it('lets its owner sign in', async () => {
    await found('Acme', [OWNER]);
    expect(await roleAfterSignIn('owner@acme.example', OWNER.password)).toBe('owner');
    await expect(found('Acme again', [OWNER])).rejects.toThrow("The address Owner@Acme.Example is a member's already");
  });

  it.each<[string, string, FirstMember[], string]>([
    ['no name', ' ', [OWNER], 'The name of the organisation must have 1 to 200 characters'],
    ['no owner', 'A', [{ ...OWNER, role: 'recruiter' }], 'must be an owner'],
    ['a short password', 'A', [{ ...OWNER, email: 'b@acme.example', password: 'short' }], 'must have 12 to 200 characters'],
    ['no address', 'A', [{ ...OWNER, email: 'owner' }], '"owner" is no mail address'],
  ])('refuses %s and leaves nothing behind', async (_what, name, members, why) => {
    const count = () => sql(api.database.adminUrl, 'SELECT count(*) FROM organisations');
    const before = await count();
    await expect(found(name, members)).rejects.toThrow(why);
    expect(await count()).toEqual(before);
  });
});
