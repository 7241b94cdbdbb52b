import type { CheckDatabase, RequestOptions } from '@assay/grader/check-api';

/** Column -> value. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;
export type Json = Readonly<Record<string, unknown>>;

/** An id that no row has. */
export const UNKNOWN = 88_000_000;

/** Inserts rows, table by table, as one statement: all of them or none. The rows of a table have the columns of its first one. */
export async function insert(database: CheckDatabase, tables: Readonly<Record<string, readonly Row[]>>): Promise<void> {
  const values: unknown[] = [];
  const inserts = Object.entries(tables).map(([table, rows]) => {
    const columns = Object.keys(rows[0] ?? {});
    const places = rows.map((row) => `(${columns.map((column) => `$${values.push(row[column] ?? null)}`).join(', ')})`);
    return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')}`;
  });
  const last = inserts.pop() ?? '';
  const others = inserts.map((statement, index) => `rows_${index} AS (${statement})`).join(', ');
  await database.query(others === '' ? last : `WITH ${others} ${last}`, values);
}

/** Whether the database takes a row. */
export function accepts(database: CheckDatabase, table: string, row: Row): Promise<boolean> {
  return insert(database, { [table]: [row] }).then(
    () => true,
    () => false,
  );
}

export function author(id: number, name = `Author ${id}`): Row {
  return { id, name };
}

export function book(id: number, author_id: number, values: Row = {}): Row {
  const isbn = String(9_700_000_000_000 + id);
  const fixed = { publisher_id: null, price: '10.00', purchase_price: '0.77', published_on: '2012-03-04', stock: 10 };
  return { id, title: `Title ${id}`, isbn, author_id, ...fixed, ...values };
}

export function review(id: number, book_id: number, customer_id: number, rating: number, values: Row = {}): Row {
  return { id, book_id, customer_id, rating, text: '', created_at: '2024-05-06T07:08:09Z', ...values };
}

/** An order of carol, customer 3, unless `values` say something else. Customers 1 and 2 are alice and bob. */
export function order(id: number, values: Row = {}): Row {
  return { id, customer_id: 3, status: 'paid', created_at: '2024-06-01T10:00:00Z', total: '9.00', ...values };
}

export function line(id: number, order_id: number, book_id: number, quantity: number, unit_price: string): Row {
  return { id, order_id, book_id, quantity, unit_price };
}

/** A customer without rights who cannot log in by password. */
export function customer(id: number, username = `customer-${id}`): Row {
  const names = { username, email: `${id}@example.com`, password: '!', first_name: '', last_name: '' };
  return { id, ...names, is_staff: false, is_superuser: false, is_active: true, date_joined: '2024-01-01' };
}

/** The token of a customer. */
export function token(id: number): Row {
  return { key: keyOf(id), user_id: id, created: '2024-01-01' };
}

/** What to send to act as a customer with a {@link token}. */
export function actingAs(id: number): RequestOptions {
  return { as: 'visitor', headers: { authorization: `Token ${keyOf(id)}` } };
}

function keyOf(id: number): string {
  return String(id).padStart(40, 'c');
}

/** `count` numbers from `first` on. */
export function numbers(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
