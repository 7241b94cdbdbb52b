import type { CheckDatabase, Checks, HttpAnswer } from '@assay/grader/check-api';
import { BOOKS, missingBook, SHOWN, shownBook } from './support/catalogue';
import { ordersOfVisitor } from './support/ordering';
import { firstReport, REPORT } from './support/reports';
import { actingAs, customer, insert, token } from './support/rows';

const PASSWORD = 'copper-Lantern-4471';
/** DJANGO_PASSWORD_ROUNDS of task.yaml: a number that nobody hard-codes. */
const ROUNDS = 1237;
/** Fewest rounds of PBKDF2 with SHA-256 that a project may choose itself. Source: OWASP Password Storage Cheat Sheet. */
const STRONG_ROUNDS = 600_000;

/** Whether a stored password is the hash of one of Django's slow hashers, with the rounds of the environment or enough others. */
function isSlowHash(stored: string): boolean {
  const rounds = Number(/^pbkdf2_sha256\$(\d+)\$[^$]+\$[^$]+$/.exec(stored)?.[1] ?? 0);
  return rounds === ROUNDS || rounds >= STRONG_ROUNDS || /^(argon2|bcrypt|bcrypt_sha256|scrypt)\$.+\$/.test(stored);
}

async function storedCustomer(database: CheckDatabase, username: string) {
  const [row] = await database.query(
    'SELECT id, password, email, is_staff, is_superuser FROM customers_customer WHERE username = $1',
    [username],
  );
  return row;
}

/** Directives of a Content-Security-Policy, lower case: name -> sources. */
function policyOf(answer: HttpAnswer): ReadonlyMap<string, string> {
  const directives = (answer.headers['content-security-policy'] ?? '').toLowerCase().split(';');
  return new Map(
    directives.map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources.join(' ')] as const;
    }),
  );
}

/** The cookies that an answer sets; the header may hold several, joined by commas. */
function cookiesOf(answer: HttpAnswer): readonly string[] {
  return (answer.headers['set-cookie'] ?? '').split(/,\s*(?=[^;,=\s]+=)/).filter((cookie) => cookie !== '');
}

export const checks: Checks = {
  'b3-sign-up-leads-to-a-token': async ({ database, http, expect }) => {
    const username = 'lantern-reader';
    const signUp = await http.post('/api/customers/', {
      as: 'visitor',
      body: { username, email: 'reader@example.com', password: PASSWORD },
    });
    expect.status(signUp, 201, 'a visitor signs up');
    expect.equal(expect.object(signUp.json(), 'the customer').username, username, 'the answer is the customer');
    expect.ok(!signUp.text.includes(PASSWORD), 'the answer does not repeat the password');
    const password = String((await storedCustomer(database, username))?.password);
    expect.ok(
      isSlowHash(password) && !password.includes(PASSWORD),
      'the password is stored as a salted hash that is slow to try',
    );
    expect.ok(!signUp.text.includes(password), 'and the answer does not give the hash away');
    const wrong = await http.post('/api/token/', { as: 'visitor', body: { username, password: `${PASSWORD}x` } });
    expect.status(wrong, 400, 'a wrong password gets no token');
    const login = await http.post('/api/token/', { as: 'visitor', body: { username, password: PASSWORD } });
    expect.status(login, 200, 'the right password gets a token');
    const answered = expect.object(login.json(), 'the answer with the token').token;
    const token = typeof answered === 'string' ? answered : '';
    expect.ok(/^[\x21-\x7e]{20,200}$/.test(token), 'the token is a text that fits into a header');
    const me = await http.get('/api/customers/me/', { as: 'visitor', headers: { authorization: `Token ${token}` } });
    expect.status(me, 200, 'the token opens what needs a login');
    expect.equal(expect.object(me.json(), 'the customer').username, username, 'as the customer who signed up');
  },

  'c1-headers-of-the-security-middleware': async (context) => {
    for (const answer of [await shownBook(context), await missingBook(context)]) {
      context.expect.equal(answer.headers['x-content-type-options'], 'nosniff', 'X-Content-Type-Options');
      context.expect.equal(answer.headers['x-frame-options'], 'DENY', 'X-Frame-Options');
    }
  },

  'c3-report-is-for-staff': async (context) => {
    const { http, expect } = context;
    const report = await firstReport(context);
    expect.status(report, 200, 'staff read the report');
    expect.ok(report.text.includes('Reviewed and Sold'), 'it lists an author who sold a book');
    for (const [name, status] of [
      ['alice', 403],
      ['visitor', 401],
    ] as const) {
      const refused = await http.get(REPORT, { as: name });
      expect.status(refused, status, `the report is refused to ${name}`);
      expect.ok(!refused.text.includes('Reviewed and Sold'), 'and its content is not in the answer');
    }
  },

  'c3-sign-up-gives-no-rights': async ({ database, http, expect }) => {
    const rights = { is_staff: true, is_superuser: true };
    const username = 'wants-to-be-staff';
    const signUp = await http.post('/api/customers/', {
      as: 'visitor',
      body: { username, email: 'wants@example.com', password: PASSWORD, ...rights },
    });
    expect.status(signUp, 201, 'fields that nobody may set are ignored');
    expect.equal(expect.object(signUp.json(), 'the customer').is_staff, false, 'the answer says that the customer is not staff');
    const stored = await storedCustomer(database, username);
    expect.same([stored?.is_staff, stored?.is_superuser], [false, false], 'the customer has no rights');
    const id = 1_420_000;
    await insert(database, { customers_customer: [customer(id, 'climber')], authtoken_token: [token(id)] });
    const changed = await http.patch('/api/customers/me/', {
      ...actingAs(id),
      body: { email: 'new@example.com', id: 4, ...rights },
    });
    expect.status(changed, 200, 'a customer changes the e-mail address');
    const after = await database.query('SELECT username, email, is_staff, is_superuser FROM customers_customer WHERE id = $1', [
      id,
    ]);
    expect.same(
      after,
      [{ username: 'climber', email: 'new@example.com', is_staff: false, is_superuser: false }],
      'and gains nothing by it',
    );
  },

  'c5-plain-http-is-redirected': async (context) => {
    const { http, expect } = context;
    await shownBook(context);
    const path = `${BOOKS}${SHOWN}/`;
    const plain = await http.get(path);
    expect.status(plain, [301, 302, 307, 308], 'a request that did not come through HTTPS is redirected');
    expect.equal(plain.headers.location, `https://localhost${path}`, 'to the same place on HTTPS');
    expect.ok(!plain.text.includes(`Title ${SHOWN}`), 'without giving the answer away');
    const forwarded = await http.get(path, { headers: { 'x-forwarded-proto': 'http' } });
    expect.status(forwarded, [301, 302, 307, 308], 'a request that the proxy got without HTTPS is redirected');
  },

  'c5-hsts-and-secure-cookies': async (context) => {
    const { http, expect, measure } = context;
    const shown = await shownBook(context);
    const age = /(?:^|;)\s*max-age="?(\d+)"?/i.exec(shown.headers['strict-transport-security'] ?? '')?.[1] ?? '0';
    expect.ok(measure('hstsSeconds', Number(age)) >= 31_536_000, 'Strict-Transport-Security lasts at least a year');
    const login = await http.get('/admin/login/', { as: 'visitor' });
    expect.status(login, 200, 'the login page of the admin site');
    const cookies = cookiesOf(login);
    expect.ok(
      cookies.some((cookie) => /csrf/i.test(cookie)),
      'the login page sets a CSRF cookie',
    );
    for (const cookie of cookies) expect.ok(/;\s*secure\s*(;|$)/i.test(cookie), 'every cookie is sent over HTTPS only');
  },

  'c5-strict-content-security-policy': async (context) => {
    const { expect } = context;
    for (const answer of [await shownBook(context), await missingBook(context), await ordersOfVisitor(context)]) {
      const policy = policyOf(answer);
      expect.equal(policy.get('default-src'), "'none'", 'default-src of the Content-Security-Policy');
      expect.equal(policy.get('frame-ancestors'), "'none'", 'frame-ancestors of the Content-Security-Policy');
      const weak = [...policy.values()].find((sources) => /unsafe|\*/.test(sources));
      expect.equal(weak, undefined, 'no directive allows what is unsafe, or everything');
    }
  },
};
