import { ExchangeRatesService } from '@assay/api/exchange-rates/exchange-rates.service';
import { collide } from './support/collide';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
let recruiter: TestClient;
beforeAll(async () => {
  api = await startTestApi();
  recruiter = await api.signIn('recruiter');
});
afterAll(() => api.close());

const ECB = 'European Central Bank, reference rates';
const rate = (fields: object = {}) => ({ currency: 'EUR', perDollar: 0.92, date: '2026-11-02', source: ECB, ...fields });
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

describe('storing an exchange rate', () => {
  it('answers what was stored, every digit of it, with its day and source', async () => {
    const { body } = await recruiter.post('/exchange-rates', rate({ currency: 'JPY', perDollar: 151.123456789 })).expect(201);
    const { members } = await api.organisation();
    expect(body).toEqual({
      id: expect.any(String),
      ...{ currency: 'JPY', perDollar: 151.123456789, date: '2026-11-02', source: ECB, decimals: 0 },
      correction: null,
      correctedBy: null,
      createdBy: { kind: 'member', id: members.recruiter.id },
      createdAt: expect.any(String),
    });
    const stored = await sql(api.database.adminUrl, 'SELECT per_dollar::text FROM exchange_rates WHERE id = $1', [body.id]);
    expect(stored).toEqual([{ per_dollar: '151.123456789' }]);
    expect(await sql(api.database.adminUrl, 'SELECT action, detail FROM audit_events WHERE subject_id = $1', [body.id])).toEqual([
      {
        action: 'exchange-rate.created',
        detail: { currency: 'JPY', date: '2026-11-02', perDollar: 151.123456789, corrects: null },
      },
    ]);
  });

  it('is done once for one Idempotency-Key', async () => {
    const send = () =>
      recruiter
        .post('/exchange-rates', rate({ currency: 'SEK' }))
        .set('Idempotency-Key', 'rate-1')
        .expect(201);
    const first = await send();
    expect((await send()).body).toEqual(first.body);
  });

  it('refuses a second one of a currency and day, also of two at the same time', async () => {
    await recruiter.post('/exchange-rates', rate({ currency: 'CHF' })).expect(201);
    const { body } = await recruiter.post('/exchange-rates', rate({ currency: 'CHF', perDollar: 0.8 })).expect(409);
    expect(body).toMatchObject({ code: 'already-exists', detail: expect.stringContaining('correction') });
    const both = await collide(
      api.database.adminUrl,
      {
        lock: `INSERT INTO exchange_rates (organisation_id, currency, day, per_dollar, source, created_by_kind, created_by)
               VALUES ($1, 'NOK', '2026-11-03', 1, 'x', 'member', $1)`,
        values: [(await api.organisation()).id],
      },
      () =>
        Promise.all(
          [10, 11].map((perDollar) =>
            recruiter.post('/exchange-rates', rate({ currency: 'NOK', date: '2026-11-03', perDollar })),
          ),
        ),
    );
    expect(both.map(({ status }) => status)).toEqual([409, 409]);
  });

  it('corrects a wrong one by another of the same currency and day, once, with a reason, and keeps both', async () => {
    const wrong = (await recruiter.post('/exchange-rates', rate({ currency: 'GBP', perDollar: 7.9 })).expect(201)).body;
    const correction = { of: wrong.id, reason: 'The point was in the wrong place' };
    const right = await recruiter.post('/exchange-rates', rate({ currency: 'GBP', perDollar: 0.79, correction })).expect(201);
    expect(right.body).toMatchObject({ perDollar: 0.79, correction });
    const again = await recruiter.post('/exchange-rates', rate({ currency: 'GBP', perDollar: 0.8, correction })).expect(409);
    expect(again.body.code).toBe('conflict');
    const { items } = (await recruiter.get('/exchange-rates?currency=GBP').expect(200)).body;
    expect(items.map(({ id, correctedBy }: { id: string; correctedBy: string | null }) => [id, correctedBy])).toEqual([
      [right.body.id, null],
      [wrong.id, right.body.id],
    ]);
  });

  const other = { of: '0199c000-0000-7000-8000-000000000000', reason: 'x' };
  it.each<[string, object, string]>([
    ['the dollar', rate({ currency: 'USD', perDollar: 1 }), 'currency'],
    ['a code that is no currency', rate({ currency: 'ABC' }), 'currency'],
    ['no currency of ISO 4217', rate({ currency: 'XXX' }), 'currency'],
    ['a currency in small letters', rate({ currency: 'eur' }), 'currency'],
    ['no currency', rate({ currency: undefined }), 'currency'],
    ['a rate of 0', rate({ perDollar: 0 }), 'perDollar'],
    ['a negative rate', rate({ perDollar: -0.92 }), 'perDollar'],
    ['a rate out of all proportion', rate({ perDollar: 1e12 }), 'perDollar'],
    ['a rate next to nothing', rate({ perDollar: 1e-300 }), 'perDollar'],
    ['a rate as text', rate({ perDollar: '0.92' }), 'perDollar'],
    ['a rate that is null', rate({ perDollar: null }), 'perDollar'],
    ['a day to come', rate({ date: day(1) }), 'date'],
    ['a day that there is not', rate({ date: '2026-02-30' }), 'date'],
    ['the year 0', rate({ date: '0000-01-01' }), 'date'],
    ['a moment', rate({ date: '2026-11-02T00:00:00Z' }), 'date'],
    ['no source', rate({ source: undefined }), 'source'],
    ['a blank source', rate({ source: '  ' }), 'source'],
    ['a source with a NUL', rate({ source: 'a\u0000' }), 'source'],
    ['a source without end', rate({ source: 'x'.repeat(501) }), 'source'],
    ['a correction that is null', rate({ correction: null }), 'correction'],
    ['a correction of nothing', rate({ correction: { reason: 'x' } }), 'correction.of'],
    ['a correction without a reason', rate({ correction: { of: other.of } }), 'correction.reason'],
    ['a correction of what is not there', rate({ correction: other }), 'correction.of'],
    ['an unknown field', rate({ inverse: true }), 'inverse'],
  ])('refuses %s and names the field', async (_, input, field) => {
    const { body } = await recruiter.post('/exchange-rates', input).expect(400);
    expect(body.code).toBe('invalid-input');
    expect(body.errors.map(({ path }: { path: string }) => path)).toContain(field);
  });

  it('refuses to correct the rate of another currency or day, and that of another organisation', async () => {
    const { id } = (await recruiter.post('/exchange-rates', rate({ currency: 'DKK' })).expect(201)).body;
    const stranger = await api.signIn('owner', await api.createOrganisation());
    for (const [client, fields] of [
      [recruiter, { currency: 'PLN' }],
      [recruiter, { currency: 'DKK', date: '2026-11-01' }],
      [stranger, { currency: 'DKK' }],
    ] as const) {
      const input = rate({ ...fields, correction: { of: id, reason: 'x' } });
      expect((await client.post('/exchange-rates', input).expect(400)).body.errors[0].path).toBe('correction.of');
    }
  });
});

describe('exchange rates', () => {
  it('are changed by nobody, not even by the role of the API', async () => {
    for (const statement of ['UPDATE exchange_rates SET per_dollar = 2', 'DELETE FROM exchange_rates']) {
      await expect(sql(api.database.apiUrl, statement)).rejects.toThrow('permission denied');
    }
  });

  it('are listed last stored first, page by page, and by currency', async () => {
    const client = await api.signIn('owner', await api.createOrganisation());
    const made: string[] = [];
    for (const date of ['2026-11-01', '2026-11-02', '2026-11-03']) {
      made.unshift((await client.post('/exchange-rates', rate({ date })).expect(201)).body.id);
    }
    await client.post('/exchange-rates', rate({ currency: 'INR', perDollar: 84 })).expect(201);
    const first = (await client.get('/exchange-rates?currency=EUR&limit=2').expect(200)).body;
    const second = (await client.get(`/exchange-rates?currency=EUR&limit=2&cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(made);
    expect((await client.get('/exchange-rates').expect(200)).body.items).toHaveLength(4);
    await client.get('/exchange-rates?currency=euro').expect(400);
  });

  it('are stored by owners and recruiters, read by all of the staff, and seen by no other organisation', async () => {
    const lead = await api.signIn('lead');
    await lead.post('/exchange-rates', rate()).expect(403);
    await lead.get('/exchange-rates').expect(200);
    const owner = await api.signIn('owner');
    const key = await owner.post('/api-keys', { name: 'Rates', scopes: ['assumptions:manage'] }).expect(201);
    const { body } = await api
      .client(key.body.key)
      .post('/exchange-rates', rate({ currency: 'CZK' }))
      .expect(201);
    expect(body.createdBy).toEqual({ kind: 'api_key', id: key.body.id });
    const stranger = await api.signIn('owner', await api.createOrganisation());
    expect((await stranger.get('/exchange-rates').expect(200)).body.items).toEqual([]);
  });
});

describe('the rate of an estimate', () => {
  const chosen = async (currency: string) =>
    api.app
      .get(ExchangeRatesService, { strict: false })
      .selectForEstimate({ kind: 'member', ...(await api.organisation()).members.owner, permissions: new Set() }, currency);

  it('is the newest by its day, with the last correction', async () => {
    for (const [date, perDollar] of [
      ['2026-10-01', 1.3],
      ['2026-11-05', 1.4],
      ['2026-11-04', 1.5],
    ]) {
      await recruiter.post('/exchange-rates', rate({ currency: 'CAD', date, perDollar })).expect(201);
    }
    expect(await chosen('CAD')).toEqual({ currency: 'CAD', perDollar: 1.4, date: '2026-11-05', source: ECB });
    const { items } = (await recruiter.get('/exchange-rates?currency=CAD').expect(200)).body;
    const newest = items.find(({ date }: { date: string }) => date === '2026-11-05');
    const correction = { of: newest.id, reason: 'Misread' };
    await recruiter
      .post('/exchange-rates', rate({ currency: 'CAD', date: '2026-11-05', perDollar: 1.41, correction }))
      .expect(201);
    expect((await chosen('CAD')).perDollar).toBe(1.41);
  });

  it('of dollars is 1, and needs none stored', async () => {
    expect(await chosen('USD')).toMatchObject({ currency: 'USD', perDollar: 1 });
  });

  it('that is not there is refused with what to do', async () => {
    for (const [currency, what] of [
      ['AUD', 'POST /api/v1/exchange-rates'],
      ['eur', 'ISO 4217'],
      ['', 'ISO 4217'],
    ] as const) {
      await expect(chosen(currency)).rejects.toMatchObject({
        code: 'invalid-input',
        errors: [{ path: 'currency', message: expect.stringContaining(what) }],
      });
    }
  });
});

describe('an estimate in another currency', () => {
  const estimate = (currency: string) =>
    recruiter.post('/estimates', { project: { hours: 2700, seats: 3 }, currency, simulation: { draws: 100, seed: 1 } });

  it('keeps the rate that it was converted with, its day and source, when a newer one is stored', async () => {
    const stored = rate({ currency: 'MXN', perDollar: 18.25, date: '2026-11-10' });
    await recruiter.post('/exchange-rates', stored).expect(201);
    const { body } = await estimate('MXN').expect(201);
    expect(body.exchangeRate).toEqual(stored);
    const dollars = await estimate('USD').expect(201);
    const [inPesos, inDollars] = [body, dollars.body].map(({ models }) => models[0].total);
    expect(inPesos / inDollars).toBeCloseTo(18.25, 6);
    await recruiter.post('/exchange-rates', { ...stored, perDollar: 19, date: '2026-11-11' }).expect(201);
    expect((await recruiter.get(`/estimates/${body.id}`).expect(200)).text).toBe(JSON.stringify(body));
  });

  it('without a rate is refused and told where to store one', async () => {
    for (const [currency, what] of [
      ['NZD', 'POST /api/v1/exchange-rates'],
      ['euro', 'ISO 4217'],
    ] as const) {
      const { body } = await estimate(currency).expect(400);
      expect(body.errors).toEqual([{ path: 'currency', message: expect.stringContaining(what) }]);
    }
  });
});
