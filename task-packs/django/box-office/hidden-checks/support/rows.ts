import type { CheckContext, CheckDatabase, HttpAnswer, RequestOptions } from '@assay/grader/check-api';

export type Json = Readonly<Record<string, unknown>>;

/** An event to come with seats, ... whose ids are `id * 100 + n`. */
export async function addEvent(
  database: CheckDatabase,
  id: number,
  seats: number,
  values: { readonly name?: string; readonly startsAt?: string; readonly cancelledAt?: string } = {},
): Promise<readonly number[]> {
  const { name = `Event ${id}`, startsAt = '2098-01-01T20:00:00Z', cancelledAt = null } = values;
  await database.query(
    `WITH event AS (INSERT INTO events_event (id, name, starts_at, cancelled_at) VALUES ($1, $2, $3, $4))
     INSERT INTO events_seat (id, event_id, "row", number) SELECT $1::bigint * 100 + n, $1::bigint, 'A', n FROM generate_series(1, $5::int) AS n`,
    [id, name, startsAt, cancelledAt, seats],
  );
  return Array.from({ length: seats }, (_, index) => id * 100 + index + 1);
}

/** A customer of one's own with a token. */
export async function addCustomer(database: CheckDatabase, id: number): Promise<RequestOptions> {
  const key = String(id).padStart(40, 'c');
  await database.query(
    `WITH account AS (INSERT INTO accounts_account (id, username, email, password, first_name, last_name, is_staff, is_superuser, is_active, date_joined)
       VALUES ($1, $2, $3, '!', '', '', false, false, true, '2024-01-01'))
     INSERT INTO authtoken_token (key, user_id, created) VALUES ($4, $1, '2024-01-01')`,
    [id, `customer-${id}`, `${id}@example.com`, key],
  );
  return { as: 'visitor', headers: { authorization: `Token ${key}` } };
}

export function rowsOf({ expect }: CheckContext, answer: HttpAnswer, what: string): readonly Json[] {
  expect.status(answer, 200, what);
  return expect.array(answer.json(), what).map((row) => expect.object(row, 'an item'));
}

/** An event of the list by its id. */
export async function listed(context: CheckContext, id: number): Promise<Json | undefined> {
  const answer = await context.http.get('/api/events/', { as: 'visitor' });
  return rowsOf(context, answer, 'the list of events').find((row) => row.id === id);
}

export function book(context: CheckContext, seat: number, who: RequestOptions): Promise<HttpAnswer> {
  return context.http.post('/api/bookings/', { ...who, body: { seat } });
}
