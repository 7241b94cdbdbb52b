import type { CheckContext, Checks } from '@assay/grader/check-api';
import { addCustomer, addEvent } from './support/rows';

const WORKER = { application: 'boxoffice' };

/** A booking of a customer of its own, written directly. */
async function booking({ database }: CheckContext, id: number) {
  const [seat = 0] = await addEvent(database, id, 1);
  const customer = await addCustomer(database, id);
  await database.query("INSERT INTO sales_booking (id, seat_id, customer_id, created_at) VALUES ($1, $2, $1, '2025-01-01')", [
    id,
    seat,
  ]);
  return customer;
}

async function sent({ database }: CheckContext, id: number): Promise<number> {
  const [row] = await database.query('SELECT count(*) AS deliveries FROM sales_delivery WHERE booking_id = $1', [id]);
  return Number(row?.deliveries);
}

/** Lets time of the database pass. */
async function pass({ backgroundWorker, database }: CheckContext, interval: string): Promise<void> {
  const [start] = await database.query('SELECT clock_timestamp()::text AS at');
  await backgroundWorker.until(`${interval} are over`, async () => {
    const [now] = await database.query('SELECT clock_timestamp() > $1::timestamptz + $2::interval AS over', [
      start?.at,
      interval,
    ]);
    return now?.over === true;
  });
}

export const checks: Checks = {
  'd5-tickets-are-sent-by-the-worker': async (context) => {
    const { backgroundWorker, expect, http } = context;
    const customer = await booking(context, 8000);
    expect.status(await http.post('/api/bookings/8000/ticket/', customer), 202, 'a ticket is asked for');
    expect.status(await http.post('/api/bookings/8000/ticket/', { as: 'bob' }), 404, 'nobody else may');
    // Longer than the printer takes: who prints in the web process is done by then.
    await pass(context, '1.5 seconds');
    expect.equal(await sent(context, 8000), 0, 'nothing is sent without the worker');
    await backgroundWorker.start(WORKER);
    await backgroundWorker.until('the worker sends the ticket', async () => (await sent(context, 8000)) > 0);
  },

  'd5-a-ticket-is-sent-once': async (context) => {
    const { backgroundWorker, expect, http, python } = context;
    const customer = await booking(context, 8010);
    const later = await booking(context, 8011);
    for (let click = 0; click < 3; click += 1) {
      expect.status(await http.post('/api/bookings/8010/ticket/', customer), 202, 'a ticket is asked for again');
    }
    expect.status(await http.post('/api/bookings/8011/ticket/', later), 202, 'another one is asked for last');
    await backgroundWorker.start({ ...WORKER, environment: { PRINT_SECONDS: '2' } });
    await backgroundWorker.until('the worker comes to the last one', async () => (await sent(context, 8011)) > 0, 30);
    expect.equal(await sent(context, 8010), 1, 'the ticket that was asked for three times was sent once');
    // Delivered to two at the same time, as after a visibility timeout: the other one begins while the worker prints.
    const both = await booking(context, 8012);
    expect.status(await http.post('/api/bookings/8012/ticket/', both), 202, 'one more is asked for');
    await backgroundWorker.until('the worker has taken it', async () => (await backgroundWorker.broker()).waiting === 0);
    await python.call('sales.tasks:send_ticket', [8012]);
    await pass(context, '2 seconds');
    expect.equal(await sent(context, 8012), 1, 'a ticket whose message came to two at the same time was sent once');
  },

  'd5-a-killed-worker-loses-nothing': async (context) => {
    const { backgroundWorker, database, expect, http } = context;
    const customer = await booking(context, 8020);
    expect.status(await http.post('/api/bookings/8020/ticket/', customer), 202, 'a ticket is asked for');
    const first = await backgroundWorker.start({ ...WORKER, environment: { PRINT_SECONDS: '60' } });
    const isPrinting = async () => {
      const [row] = await database.query(
        "SELECT count(*) AS sessions FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
      );
      return Number(row?.sessions) > 0;
    };
    await backgroundWorker.until('the worker is in the middle of the ticket', isPrinting, 20).catch(() => undefined);
    await first.kill();
    expect.equal(await sent(context, 8020), 0, 'a worker that was killed in the middle has sent nothing');
    // Twice TICKET_VISIBILITY_SECONDS of task.yaml: the message is due again.
    await pass(context, '4 seconds');
    expect.equal(await sent(context, 8020), 0, 'and nobody else has, without a worker');
    await backgroundWorker.start(WORKER);
    await backgroundWorker.until('another worker sends it', async () => (await sent(context, 8020)) > 0, 45);
    expect.equal(await sent(context, 8020), 1, 'once');
  },
};
