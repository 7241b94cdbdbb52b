import { EstimateInputError } from '@assay/cost-model/input-error';
import { formatNumber } from '@assay/cost-model/money';
import { HIRING_MODELS } from '@assay/cost-model/project';
import fc from 'fast-check';
import { type ReadPdf, readPdfs } from '../../fixtures/read-exports';
import { DINAR, EVERY_SITUATION, everythingReplaced, type Sample, sampleEstimate, WON } from '../../fixtures/sample-estimates';
import type { ExportedEstimate } from '../exported-estimate';
import { estimatePdf } from './estimate-pdf';

const C7 = { id: 'C7', enabled: true, reason: 'Negotiated with our partner' };

async function read(...estimates: ExportedEstimate[]): Promise<ReadPdf[]> {
  return readPdfs(await Promise.all(estimates.map(estimatePdf)));
}

describe('the PDF of an estimate', () => {
  it('says on one page what it costs, how sure that is and where every figure comes from', async () => {
    const estimate = sampleEstimate();
    const { report } = estimate;
    const [pdf] = await read(estimate);
    expect(pdf).toMatchObject({ pages: 1, title: 'Checkout rebuild', language: 'en' });
    expect(pdf?.created).toContain('20261123034510');
    for (const { total, breakdown, cost, delivery } of report.models) {
      for (const amount of [total, ...Object.values(breakdown)]) expect(pdf?.text).toContain(formatNumber(amount, 2));
      expect(pdf?.text).toContain(`${formatNumber(cost.p10.value, 0)}–${formatNumber(cost.p90.value, 0)}`);
      expect(pdf?.text).toContain(`(${formatNumber(delivery.p10.value, 1)}–${formatNumber(delivery.p90.value, 1)})`);
    }
    expect(pdf?.text).toContain('Staff augmentation is cheapest: USD 249,333.30, USD 32,940.87 (12%) less than hybrid.');
    expect(pdf?.text).toContain('2,700 productive hours · 3 seats');
    for (const { source } of report.assumptions) expect(pdf?.text).toContain(source.slice(0, 60).trim());
    expect(pdf?.text).not.toContain('more, see the CSV');
    expect(pdf?.text).toContain('200 draws, seed 7');
    // Beside the share of draws: a break-even is one of the point estimates.
    expect(pdf?.text).toContain('Estimates equal at');
    for (const id of ['C4', 'C6', 'C7']) expect(pdf?.text).toContain(`${id} OFF: `);
  });

  it('says in words what its charts show, and has headings and tables for who cannot see it', async () => {
    const estimate = sampleEstimate();
    const [pdf] = await read(estimate);
    const of = (role: string): (string | null)[] => (pdf?.tags ?? []).filter((tag) => tag.role === role).map(({ alt }) => alt);
    expect([of('H1').length, of('H2').length, of('Table').length, of('Figure').length]).toEqual([1, 6, 2, 3]);
    const [ranges, spending, swings] = of('Figure');
    for (const { cost } of estimate.report.models) expect(ranges).toContain(formatNumber(cost.p50.value, 0));
    expect(spending).toContain('In-house: 451,703 by month 12.');
    expect(swings).toContain(
      'What moves staff augmentation most, in USD. Overrun of the hours from 0.732 to 2.1 times the hours:',
    );
    expect(of('TD').length).toBeGreaterThan(4 * 8);
  });

  it('counts what has no room, and is one page all the same', async () => {
    const full = sampleEstimate({
      ...{ name: `Our "${'WIDE '.repeat(38)}" name`, request: EVERY_SITUATION, overrides: [...everythingReplaced(), C7] },
      exchangeRate: { ...WON, source: 'A bank, '.repeat(60).trim() },
      assumptionSet: { name: 'W'.repeat(200), version: 12 },
    });
    const [pdf] = await read(full);
    expect(pdf).toMatchObject({ pages: 1, outside: [], overlapping: [] });
    expect(pdf?.text).toMatch(/\.\.\. and \d+ more, see the CSV of this estimate/);
    expect(pdf?.text).toContain('C7 ON: ');
    expect(pdf?.text).toContain("The figures follow vendors' claims that somebody switched on: C7.");
  });

  it('is the same file for the same estimate, and another for another seed', async () => {
    const [one, two, other] = await Promise.all([{}, {}, { seed: 8 }].map((sample) => estimatePdf(sampleEstimate(sample))));
    expect(Buffer.compare(one as Uint8Array, two as Uint8Array)).toBe(0);
    expect(Buffer.compare(one as Uint8Array, other as Uint8Array)).not.toBe(0);
  });

  it.each([
    ['Перестройка кассы, Ταμείο, Größe', 'Перестройка кассы, Ταμείο, Größe'],
    ['"quoted" \\(paren) %s', '"quoted" \\(paren) %s'],
    ['漢字 🙂 👩‍👩‍👧', '□□ □ □'],
    ['a\u202eb', 'a□b'],
    ['\ud800', '□'],
  ])('shows the name %j', async (name, shown) => {
    const [pdf] = await read(sampleEstimate({ name }));
    expect(pdf).toMatchObject({ pages: 1 });
    expect(pdf?.text).toContain(shown);
    expect(pdf?.text.includes('stands for a sign')).toBe(shown.includes('□'));
  });

  it('takes names that are read from right to left', async () => {
    const [arabic, hebrew] = await read(sampleEstimate({ name: 'مهندس برمجيات' }), sampleEstimate({ name: 'מפתח תוכנה' }));
    expect([arabic?.pages, hebrew?.pages]).toEqual([1, 1]);
    expect(arabic?.text).not.toContain('□');
    expect(hebrew?.text).not.toContain('□');
  });

  it('is one page whatever is asked, with all of its text beside each other on it', async () => {
    const estimates = fc.sample(anySample, { numRuns: 25, seed: 5 }).flatMap(estimatedOrRefused);
    expect(estimates.length).toBeGreaterThan(15);
    const pdfs = readPdfs(await Promise.all(estimates.map(estimatePdf)));
    expect(pdfs.map(({ pages }) => pages)).toEqual(pdfs.map(() => 1));
    expect(pdfs.flatMap(({ outside, overlapping }) => [...outside, ...overlapping])).toEqual([]);
    expect(pdfs.every(({ text }) => !/NaN|Infinity|undefined|null/.test(text))).toBe(true);
  }, 120_000);
});

/** The model refuses what is out of all proportion. */
function estimatedOrRefused(sample: Sample): ExportedEstimate[] {
  try {
    return [sampleEstimate(sample)];
  } catch (error) {
    if (error instanceof EstimateInputError) return [];
    throw error;
  }
}

const anySample: fc.Arbitrary<Sample> = fc.record({
  name: fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme', maxLength: 200 })),
  request: fc.record({
    project: fc.record({
      hours: fc.oneof(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.integer({ min: 1, max: 1_000_000 })),
      seats: fc.integer({ min: 1, max: 400 }),
      models: fc.uniqueArray(fc.constantFrom(...HIRING_MODELS), { minLength: 1 }),
      framework: fc.constantFrom('django', 'flask'),
    }),
    situation: fc.record({ isWellDefined: fc.boolean(), isCoreProduct: fc.boolean(), keepsArchitect: fc.boolean() }),
  }),
  overrides: fc.constantFrom([], [C7], everythingReplaced()),
  exchangeRate: fc.constantFrom(WON, DINAR, undefined),
});
