import type { CheckContext, Checks } from '@assay/grader/check-api';
import type { MigrationDatabase } from '@assay/grader/check-kinds/migrations-api';

/** A database as it stood before the work, with two events of three seats, one of them booked. */
async function before({ migrations, expect }: CheckContext): Promise<MigrationDatabase> {
  const database = await migrations.database();
  for (const app of ['admin', 'authtoken', 'sessions']) await database.migrate(app);
  for (const app of ['events', 'sales']) {
    expect.ok((await database.migrate(app, '0001_initial')).claimsSuccess, 'the first migrations are still there');
  }
  await database.query(
    `INSERT INTO accounts_account (id, username, email, password, first_name, last_name, is_staff, is_superuser, is_active, date_joined)
     VALUES (1, 'dora', 'dora@example.com', '!', '', '', false, false, true, '2024-01-01')`,
  );
  await database.query(
    "INSERT INTO events_event (id, name, starts_at) VALUES (1, 'Fado', '2098-01-01'), (2, 'Tango', '2098-01-02')",
  );
  await database.query(
    `INSERT INTO events_seat (id, event_id, "row", number) VALUES (1, 1, 'A', 1), (2, 1, 'BC', 27), (3, 2, 'Z', 130)`,
  );
  await database.query("INSERT INTO sales_booking (id, seat_id, customer_id, created_at) VALUES (1, 2, 1, '2025-01-01')");
  return database;
}

/** Lines that only one of two catalogues has. */
function differences(old: readonly string[], now: readonly string[]) {
  return { gone: old.filter((line) => !now.includes(line)), new: now.filter((line) => !old.includes(line)) };
}

const SAME = { gone: [], new: [] };
const SEATS = 'SELECT id, event_id, "row", number FROM events_seat ORDER BY id';
const BOOKINGS = 'SELECT id, seat_id, customer_id FROM sales_booking ORDER BY id';

export const checks: Checks = {
  'a5-seats-get-their-labels': async (context) => {
    const { expect } = context;
    const database = await before(context);
    const step = await database.migrate();
    expect.ok(step.applied.length > 0, 'there are migrations to apply');
    const labels = await database.query('SELECT label FROM events_seat ORDER BY id');
    expect.same(labels, [{ label: 'A-1' }, { label: 'BC-27' }, { label: 'Z-130' }], 'seats that were there have their labels');
    await database.query(`INSERT INTO events_seat (id, event_id, "row", number) VALUES (4, 2, 'Z', 131)`);
    const [count] = await database.query('SELECT count(*) AS seats FROM events_seat');
    expect.equal(count?.seats, 4, 'other systems can still write seats');
  },

  'a5-migrations-can-be-taken-back': async (context) => {
    const { expect } = context;
    const database = await before(context);
    const [seats, bookings] = [await database.query(SEATS), await database.query(BOOKINGS)];
    const old = await database.catalogue();
    const forward = await database.migrate();
    expect.ok(forward.applied.length > 0, 'there are migrations to apply');
    const now = await database.catalogue();
    for (const [app, name] of [
      ['sales', '0001_initial'],
      ['events', '0001_initial'],
    ] as const) {
      await database.migrate(app, name);
    }
    expect.same(differences(old, await database.catalogue()), SAME, 'taken back, the tables are what they were');
    expect.same([await database.query(SEATS), await database.query(BOOKINGS)], [seats, bookings], 'no row is lost');
    await database.migrate();
    expect.same(differences(now, await database.catalogue()), SAME, 'and they can be applied again');
  },

  'a5-migrations-are-complete': async ({ migrations, database, expect }) => {
    const { missing } = await migrations.drift();
    expect.same(missing, [], 'the migrations make all that the models describe');
    const columns = await database.query(
      "SELECT column_name FROM information_schema.columns WHERE table_name = 'events_seat' AND column_name = 'label'",
    );
    expect.equal(columns.length, 1, 'with the column of labels');
  },
};
