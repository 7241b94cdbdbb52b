import type { CheckContext, CheckDatabase, Checks, HttpAnswer } from '@assay/grader/check-api';

const PASSWORD = 'copper-Lantern-4471';

type Row = Readonly<Record<string, string | number | null>>;

async function insert(database: CheckDatabase, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.flatMap((row) => columns.map((column) => row[column] ?? null));
  const places = rows.map((_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(', ')})`);
  await database.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')}`, values);
}

function bookRow(id: number): Row {
  return {
    id,
    title: `Fresh ${id}`,
    isbn: String(9_730_000_000_000 + id),
    author_id: id,
    price: '3.21',
    purchase_price: '1.00',
    published_on: '2012-03-04',
    stock: 1,
  };
}

/** A book that no answer from memory can know: what is said of a server counts only when it shows this book. */
async function freshBook({ database, http, expect }: CheckContext, id: number): Promise<HttpAnswer> {
  await insert(database, 'catalog_author', [{ id, name: `Author ${id}` }]);
  await insert(database, 'catalog_book', [bookRow(id)]);
  const answer = await http.get(`/api/books/${id}/`, { as: 'visitor' });
  expect.status(answer, 200, 'a book is shown');
  expect.equal(expect.object(answer.json(), 'the book').title, `Fresh ${id}`, 'it is the right one');
  return answer;
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
    expect.ok(/^[a-z0-9_]+\$.+\$/.test(password) && !password.includes(PASSWORD), 'the password is stored as a salted hash');
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
    const forged = await http.get('/api/customers/me/', {
      as: 'visitor',
      headers: { authorization: `Token ${token.split('').reverse().join('')}` },
    });
    expect.status(forged, 401, 'another token opens nothing');
  },

  'c1-headers-of-the-security-middleware': async (context) => {
    const { http, expect } = context;
    const found = await freshBook(context, 1_400_000);
    const missing = await http.get('/api/books/88000000/', { as: 'visitor' });
    expect.status(missing, 404, 'a book that does not exist');
    for (const answer of [found, missing]) {
      expect.equal(answer.headers['x-content-type-options'], 'nosniff', 'X-Content-Type-Options');
      expect.equal(answer.headers['x-frame-options'], 'DENY', 'X-Frame-Options');
    }
  },

  'c3-report-is-for-staff': async ({ database, http, expect }) => {
    const id = 1_410_000;
    await insert(database, 'catalog_author', [{ id, name: 'Only for Staff' }]);
    await insert(database, 'catalog_book', [bookRow(id)]);
    await insert(database, 'orders_order', [
      { id, customer_id: 3, status: 'paid', created_at: '2024-06-01T00:00:00Z', total: '3.21' },
    ]);
    await insert(database, 'orders_orderline', [{ id, order_id: id, book_id: id, quantity: 1, unit_price: '3.21' }]);
    const path = '/api/reports/author-revenue/';
    const report = await http.get(path, { as: 'sam' });
    expect.status(report, 200, 'staff read the report');
    expect.ok(report.text.includes('Only for Staff'), 'it lists an author who sold a book');
    for (const [name, status] of [
      ['alice', 403],
      ['visitor', 401],
    ] as const) {
      const refused = await http.get(path, { as: name });
      expect.status(refused, status, `the report is refused to ${name}`);
      expect.ok(!refused.text.includes('Only for Staff'), 'and its content is not in the answer');
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
    const key = String(id).padStart(40, 'e');
    await insert(database, 'customers_customer', [
      {
        id,
        username: 'climber',
        email: 'old@example.com',
        password: '!',
        first_name: '',
        last_name: '',
        is_staff: 'false',
        is_superuser: 'false',
        is_active: 'true',
        date_joined: '2024-01-01',
      },
    ]);
    await insert(database, 'authtoken_token', [{ key, user_id: id, created: '2024-01-01' }]);
    const changed = await http.patch('/api/customers/me/', {
      as: 'visitor',
      headers: { authorization: `Token ${key}` },
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
    const report = await http.get('/api/reports/author-revenue/', { as: 'visitor', headers: { authorization: `Token ${key}` } });
    expect.status(report, [401, 403], 'the customer is still no staff');
  },

  'c5-plain-http-is-redirected': async (context) => {
    const { http, expect } = context;
    await freshBook(context, 1_430_000);
    const plain = await http.get('/api/books/1430000/');
    expect.status(plain, [301, 302, 307, 308], 'a request that did not come through HTTPS is redirected');
    expect.equal(plain.headers.location, 'https://localhost/api/books/1430000/', 'to the same place on HTTPS');
    expect.ok(!plain.text.includes('Fresh 1430000'), 'without giving the answer away');
    const forwarded = await http.get('/api/books/1430000/', { headers: { 'x-forwarded-proto': 'http' } });
    expect.status(forwarded, [301, 302, 307, 308], 'a request that the proxy got without HTTPS is redirected');
  },

  'c5-hsts-and-secure-cookies': async (context) => {
    const { http, expect, measure } = context;
    const shown = await freshBook(context, 1_440_000);
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
    const { http, expect } = context;
    const found = await freshBook(context, 1_450_000);
    const missing = await http.get('/api/books/88000000/', { as: 'visitor' });
    const refused = await http.get('/api/orders/', { as: 'visitor' });
    expect.status(missing, 404, 'a book that does not exist');
    for (const answer of [found, missing, refused]) {
      const policy = policyOf(answer);
      expect.equal(policy.get('default-src'), "'none'", 'default-src of the Content-Security-Policy');
      expect.equal(policy.get('frame-ancestors'), "'none'", 'frame-ancestors of the Content-Security-Policy');
      const weak = [...policy.values()].find((sources) => /unsafe|\*/.test(sources));
      expect.equal(weak, undefined, 'no directive allows what is unsafe, or everything');
    }
  },
};
