import { decimalsOf } from '@assay/cost-model/currency';
import { readCsv } from '../../fixtures/read-exports';
import { DINAR, EVERY_SITUATION, everythingReplaced, sampleEstimate, WON } from '../../fixtures/sample-estimates';
import { COLUMNS } from './columns';
import { estimateCsv } from './estimate-csv';

type Row = Record<string, string>;

/** Exact: digits without their point. */
const units = (text: string | undefined): bigint => BigInt((text ?? '').replace('.', ''));
const sum = (rows: readonly Row[]): bigint => rows.reduce((all, { value }) => all + units(value), 0n);
const pick = (rows: readonly Row[], wanted: Row): Row[] =>
  rows.filter((row) => Object.entries(wanted).every(([column, value]) => row[column] === value));

describe.each([
  ['dollars', sampleEstimate()],
  ['won', sampleEstimate({ exchangeRate: WON, request: EVERY_SITUATION })],
  ['dinar', sampleEstimate({ exchangeRate: DINAR, overrides: everythingReplaced() })],
])('the CSV of an estimate in %s', (_, estimate) => {
  const { report } = estimate;
  const csv = estimateCsv(estimate);
  const rows = readCsv(csv);

  it('has every column in every row', () => {
    expect(rows.every((row) => Object.keys(row).join() === COLUMNS.join())).toBe(true);
    expect(csv.endsWith('\r\n') && !csv.replaceAll('\r\n', '').includes('\n')).toBe(true);
  });

  it('has lines that sum to totals, and months that sum to lines, to the last unit', () => {
    for (const { model, total, cashFlow } of report.models) {
      const [row] = pick(rows, { section: 'total', model });
      expect(row?.value).toBe(total.toFixed(decimalsOf(report.currency)));
      expect(sum(pick(rows, { section: 'line', model }))).toBe(units(row?.value));
      for (const { item, value } of pick(rows, { section: 'line', model })) {
        expect(sum(pick(rows, { section: 'cash_flow', model, item: item as string }))).toBe(units(value));
      }
      const running = pick(rows, { section: 'cash_flow_cumulative', model });
      expect([running.length, running.at(-1)?.value]).toEqual([cashFlow?.length, row?.value]);
    }
  });

  it('has only numbers where numbers stand', () => {
    for (const row of rows) {
      for (const column of ['month', 'value', 'low', 'high']) expect(row[column]).toMatch(/^(-?\d+(\.\d+)?)?$/);
    }
  });

  it('has percentiles, pairs, break-evens and the tornado', () => {
    for (const { model, cost, delivery, tornado } of report.models) {
      expect(pick(rows, { section: 'cost_range', model, item: 'p90' })[0]?.value).toBe(
        cost.p90.value.toFixed(decimalsOf(report.currency)),
      );
      expect(Number(pick(rows, { section: 'delivery_range', model, item: 'p10' })[0]?.value)).toBe(delivery.p10.value);
      expect(pick(rows, { section: 'tornado', model })).toHaveLength(tornado.length);
    }
    expect(pick(rows, { section: 'cheaper' }).map(({ value }) => Number(value))).toEqual(
      report.simulation.pairs.map(({ firstCheaper }) => firstCheaper),
    );
    expect(
      pick(rows, { section: 'break_even', item: 'hours' }).map(({ value }) => (value === '' ? null : Number(value))),
    ).toEqual(report.breakEvens.map(({ hours }) => hours));
  });

  it('says of every assumption where it comes from, and of every claim whether it is on', () => {
    const assumptions = pick(rows, { section: 'assumption' });
    expect(assumptions.map(({ item, source, date }) => [item, source, date])).toEqual(
      report.assumptions.map(({ id, source, retrieved }) => [id, source.trim(), retrieved]),
    );
    expect(pick(rows, { section: 'claim' }).map(({ note }) => note?.slice(0, 3))).toEqual(
      report.claims.map(({ enabled }) => (enabled ? 'ON,' : 'OFF')),
    );
  });

  it('can be made again from what it says: rate, draws, seed', () => {
    const of = (item: string): string | undefined => pick(rows, { section: 'estimate', item })[0]?.value;
    expect([of('draws'), of('seed'), of('hours')]).toEqual(['200', '7', String(report.project.hours)]);
    const { currency: item, perDollar, date, source } = report.exchangeRate;
    expect(pick(rows, { section: 'exchange_rate' })[0]).toMatchObject({ item, value: String(perDollar), date, source });
  });
});

it('keeps what an own figure replaced, and who gave it', () => {
  const overrides = [{ id: 'C3', low: 90_000, mode: 110_000, high: 140_000, reason: 'Our pay bands' }];
  const rows = readCsv(estimateCsv(sampleEstimate({ overrides })));
  expect(pick(rows, { section: 'assumption', item: 'C3' })[0]).toMatchObject({
    ...{ value: '110000', low: '90000', high: '140000', evidence: 'own', date: '2026-11-21' },
    ...{ replaced_by: 'user 17', reason: 'Our pay bands' },
  });
  expect(pick(rows, { section: 'assumption_replaced', item: 'C3' })[0]).toMatchObject({
    value: '120850',
    evidence: 'rate guide',
  });
});

it('carries any name, and none that a spreadsheet would calculate with', () => {
  const name = '=HYPERLINK("http://x","y"), "Größe" 漢字 🙂 مهندس';
  const rows = readCsv(estimateCsv(sampleEstimate({ name })));
  expect(pick(rows, { section: 'estimate', item: 'name' })[0]?.note).toBe(`'${name}`);
});

it('has the price that a seniority mix makes, and what of', () => {
  const mixed = sampleEstimate({
    request: { project: { hours: 900, seats: 3, seniorityMix: { junior: 0.2, mid: 0.5, senior: 0.3 } } },
  });
  const [row] = pick(readCsv(estimateCsv(mixed)), { section: 'assumption', item: 'C1' });
  expect(row).toMatchObject({ value: '72.5', low: '45', high: '95' });
  expect(row?.note).toContain('the seniority mix of 45 (junior), 70 (mid) and 95 (senior)');
  const [plain] = pick(readCsv(estimateCsv(sampleEstimate())), { section: 'assumption', item: 'C1' });
  expect(plain).toMatchObject({ value: '95' });
  expect(plain?.note).toContain('read as high of low 45, mode 70, high 95');
});
