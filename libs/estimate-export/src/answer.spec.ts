import type { EstimateReport, ReportedModel } from '@assay/cost-model/estimate-report';
import { sampleEstimate, WON } from '../fixtures/sample-estimates';
import { answerOf } from './answer';

const { report } = sampleEstimate();

/** The report of two models, the first of which is cheaper in a share of the draws. */
function twoModels(totals: readonly [number, number], firstCheaper: number): EstimateReport {
  const models = report.models.slice(0, 2).map((model, index) => ({ ...model, total: totals[index] }) as ReportedModel);
  const pairs = [{ models: ['freelance', 'in_house'] as const, firstCheaper, standardError: 0 }];
  return { ...report, models, simulation: { ...report.simulation, pairs } };
}

describe('the answer', () => {
  it('names the cheapest and by how much, in all decimals of the currency', () => {
    expect(answerOf(twoModels([80, 100.5], 0.97)).headline).toBe(
      'Freelance is cheapest: USD 80.00, USD 20.50 (20%) less than in-house.',
    );
    expect(answerOf(sampleEstimate({ exchangeRate: WON }).report).headline).toMatch(
      /^Staff augmentation is cheapest: KRW [\d,]+, KRW/,
    );
  });

  it.each([
    [0.97, 'It is cheaper than in-house in 97% of 200 simulated projects. That is very likely to hold.'],
    [0.85, 'That is likely to hold.'],
    [0.6, 'Too close to call against in-house: the assumptions are too wide to say which is cheaper.'],
    [0.1, 'But most simulated projects favour in-house: the ranges lean the other way than the point estimate.'],
  ])('is as sure as the draws are: %d', (share, words) => {
    expect(answerOf(twoModels([80, 100], share)).sentences.join(' ')).toContain(words);
  });

  it('reads pairs from either side', () => {
    expect(answerOf(twoModels([100, 80], 0.03)).sentences[0]).toContain('freelance in 97%');
  });

  it('claims no winner where there is none', () => {
    expect(answerOf(twoModels([80, 80], 0.5)).headline).toBe('Freelance and in-house cost the same: USD 80.00.');
    const alone = { ...report, models: report.models.slice(0, 1) };
    expect(answerOf(alone)).toMatchObject({ headline: 'Freelance costs USD 358,386.94.' });
    expect(answerOf(alone).sentences.join(' ')).not.toContain('cheaper');
  });

  it('says that projects overrun their hours only where they do', () => {
    expect(answerOf(report).sentences.join(' ')).toContain('simulated projects overrun them as projects do');
    const early = sampleEstimate({ overrides: [{ id: 'effort.ln_mean', value: -0.2, reason: 'Our record' }] });
    expect(answerOf(early.report).sentences.join(' ')).toContain('simulated projects take fewer on average, and');
  });

  it("says when a vendor's claim stands behind it", () => {
    const claimed = sampleEstimate({ overrides: [{ id: 'C7', enabled: true, reason: 'Negotiated' }] });
    expect(answerOf(claimed.report).sentences).toContain("The figures follow vendors' claims that somebody switched on: C7.");
    expect(answerOf(report).sentences.join(' ')).not.toContain('vendors');
  });
});
