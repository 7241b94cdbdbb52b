import type { Checks } from '@assay/grader/check-api';
import { idsOf, rowsOf } from './support/answers';
import {
  cancelledOrder,
  ORDERS,
  OTHER,
  OWN,
  orderOfOther,
  ordersOfAlice,
  ordersOfVisitor,
  ownOrder,
  ownOrderOfVisitor,
  placedOrder,
  stock,
  stored,
} from './support/ordering';
import { insert, line, order } from './support/rows';

export const checks: Checks = {
  'b2-orders-need-a-login': async (context) => {
    const { http, expect } = context;
    const own = await ownOrder(context);
    expect.status(own, 200, 'a customer reads an own order');
    expect.equal(expect.object(own.json(), 'the order').total, '9.00', 'it is the right one');
    expect.status(await ordersOfVisitor(context), 401, 'a visitor lists orders');
    expect.status(await ownOrderOfVisitor(context), 401, 'a visitor reads an order');
    const body = { lines: [{ book: OWN, quantity: 1 }] };
    expect.status(await http.post(ORDERS, { as: 'visitor', body }), 401, 'a visitor places an order');
    expect.status(await http.post(`${ORDERS}${OWN}/cancel/`, { as: 'visitor' }), 401, 'a visitor cancels an order');
    const headers = { authorization: `Token ${'0'.repeat(40)}` };
    expect.status(await http.get(ORDERS, { as: 'visitor', headers }), 401, 'somebody with an unknown token lists orders');
    expect.status(await placedOrder(context), 201, 'a customer places an order');
  },

  'b2-orders-of-others-are-hidden': async (context) => {
    const { database, http, expect } = context;
    const own = await ownOrder(context);
    expect.status(own, 200, 'a customer reads an own order');
    expect.equal(expect.object(own.json(), 'the order').id, OWN, 'it is the right one');
    const listed = idsOf(rowsOf(context, (await ordersOfAlice(context)).few, 'the list of orders'));
    expect.ok(listed.includes(OWN), 'the list holds the own order');
    expect.ok(!listed.includes(OTHER), 'the list does not hold the order of another customer');
    expect.status(await orderOfOther(context), 404, 'an order of another customer does not exist for this one');
    expect.status(await http.post(`${ORDERS}${OTHER}/cancel/`, { as: 'alice' }), 404, 'and cannot be cancelled');
    const changed = await http.patch(`${ORDERS}${OTHER}/`, { as: 'alice', body: { status: 'shipped' } });
    expect.status(changed, [403, 404], 'and cannot be changed');
    expect.same(await stored(database, OTHER), { customer: 2, status: 'placed', total: '9.00' }, 'the order is what it was');
    const { first } = await cancelledOrder(context);
    expect.status(first.answer, 200, 'a customer cancels an own order');
    expect.equal(first.order?.status, 'cancelled', 'the order is cancelled');
  },

  'b2-role-matrix-of-orders': async (context) => {
    const { database, http, expect } = context;
    const base = 1_360_000;
    const [ofBob, shipped] = [base + 1, base + 2];
    const created_at = '2034-02-03T04:05:06Z';
    await insert(database, {
      ...stock(base, ['4.50']),
      orders_order: [
        order(base, { customer_id: 1, status: 'placed', created_at }),
        order(ofBob, { customer_id: 2, status: 'placed', created_at }),
        order(shipped, { customer_id: 2, status: 'shipped', created_at }),
      ],
      orders_orderline: [base, ofBob, shipped].map((id) => line(id, id, base, 2, '4.50')),
    });
    const path = `${ORDERS}${base}/`;
    const listed = idsOf(rowsOf(context, await http.get(`${ORDERS}?page_size=5`, { as: 'sam' }), 'the list of orders'));
    expect.ok(listed.includes(base) && listed.includes(ofBob), 'staff list the orders of all customers');
    expect.status(await http.get(path, { as: 'sam' }), 200, 'staff read an order of alice');
    expect.status(await ownOrder(context), 200, 'alice reads an order of hers');
    expect.status(await orderOfOther(context), 404, 'alice reads an order of bob');
    expect.status(await ownOrderOfVisitor(context), 401, 'a visitor reads an order of alice');
    const change = (as: string, status: string | null) => http.patch(path, { as, body: { status } });
    expect.status(await change('alice', 'shipped'), 403, 'a customer may not change the status of an own order');
    expect.status(await change('visitor', 'shipped'), 401, 'a visitor may not either');
    expect.equal((await stored(database, base))?.status, 'placed', 'the status is what it was');
    const paid = await change('sam', 'paid');
    expect.status(paid, 200, 'staff change the status');
    expect.equal(expect.object(paid.json(), 'the order').status, 'paid', 'the answer shows the new status');
    for (const status of ['lost', null, 'cancelled']) {
      expect.status(await change('sam', status), 400, `no status that staff may set: ${status}`);
    }
    expect.status(await http.delete(path, { as: 'sam' }), 405, 'orders are never deleted');
    const body = { lines: [{ book: base, quantity: 1 }], status: 'shipped' };
    expect.status(await http.put(path, { as: 'sam', body }), 405, 'orders are never replaced');
    const expected = { customer: 1, status: 'paid', total: '9.00' };
    expect.same(await stored(database, base), expected, 'the order is still there, with the status that staff gave it');
    expect.status(await http.post(`${ORDERS}${shipped}/cancel/`, { as: 'bob' }), 409, 'a shipped order cannot be cancelled');
    expect.status(await http.post(`${ORDERS}${ofBob}/cancel/`, { as: 'sam' }), 200, 'staff cancel an order');
    expect.equal((await stored(database, ofBob))?.status, 'cancelled', 'it is cancelled');
  },
};
