import { parseSituation } from './advice';
import { DOLLAR } from './currency';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { overrideAssumptions } from './override-assumptions';
import { parseProject } from './project';
import { reportEstimate } from './report-estimate';

function reportFor(situation: object, project: object, overrides: object[] = []) {
  return reportEstimate({
    ...{ need: null, frameworkNeed: null, exchangeRate: DOLLAR, simulation: { draws: 2_000, seed: 1 } },
    project: parseProject(project),
    situation: parseSituation(situation),
    assumptions: overrideAssumptions(DEFAULT_ASSUMPTIONS, overrides, 'someone@example.com'),
  });
}

const TEAM = { hours: 2700, seats: 3 };
const FEATURE = { hours: 200, seats: 1 };
const adviceFor = (situation: object, project: object = TEAM, overrides?: object[]) =>
  reportFor(situation, project, overrides).advice;
const named = (...of: Parameters<typeof adviceFor>) =>
  adviceFor(...of).map(({ rule, kind, models }) => `${kind} ${rule}: ${models.join(' ')}`);
const textOf = (rule: string, ...of: Parameters<typeof adviceFor>) => adviceFor(...of).find((each) => each.rule === rule)?.text;

test('a short feature that is settled fits freelancers', () => {
  expect(named({ isWellDefined: true }, FEATURE)).toContain('fits short-feature: freelance');
  expect(named({ isWellDefined: false }, FEATURE)).not.toContain('fits short-feature: freelance');
  expect(named({ isWellDefined: true })).not.toContain('fits short-feature: freelance');
  expect(textOf('short-feature', { isWellDefined: true }, FEATURE)).toMatch(
    /^Freelance fits what is settled and short: 1\.7 months of work, where freelance engagements fit 1 to 3 \(C2\)\. It costs USD 30,283 \(P10-P90 1\d,\d{3} to 4\d,\d{3}\); staff augmentation costs USD 9,422 less, and is cheaper in \d\d% of the draws\.$/,
  );
});

test('what freelance is warned about is not said to fit it', () => {
  for (const hours of [40, 100, 300, 500]) {
    const { advice, warnings } = reportFor({ isWellDefined: true }, { hours, seats: 1 });
    const isWarned = warnings.some((text) => text.startsWith('Freelance fits engagements'));
    expect(advice.some(({ rule }) => rule === 'short-feature')).toBe(!isWarned);
  }
});

test('with one seat there is nobody beside the architect', () => {
  expect(named({ keepsArchitect: true }, { hours: 400, seats: 2 })).toContain('fits keeps-architect: hybrid');
  expect(named({ keepsArchitect: true, isWellDefined: true }, FEATURE)).toContain('fits short-feature: freelance');
});

test('a core product fits people of your own, with the architect kept the hybrid', () => {
  expect(named({ isCoreProduct: true })).toContain('fits core-product: in_house');
  expect(named({ isCoreProduct: true, isWellDefined: true }, FEATURE)).toContain('fits core-product: in_house');
  expect(named({ isCoreProduct: true, keepsArchitect: true })).toContain('fits keeps-architect: hybrid');
});

test('one model at most is said to fit, whatever is said together', () => {
  const flags = [false, true];
  for (const isWellDefined of flags)
    for (const isCoreProduct of flags)
      for (const keepsArchitect of flags)
        for (const startWithinMonths of [null, 0.1, 1, 6]) {
          const situation = { isWellDefined, isCoreProduct, keepsArchitect, startWithinMonths };
          const advice = adviceFor(situation, { hours: 700, seats: 3 });
          expect(advice.filter(({ kind }) => kind === 'fits').length).toBeLessThanOrEqual(1);
          expect(advice.every(({ text, source }) => text.endsWith('.') && source !== '')).toBe(true);
        }
});

test('a fast ramp-up fits a partner while an in-house pipeline would take longer', () => {
  expect(named({ startWithinMonths: 1 })).toContain('fits fast-start: staff_augmentation');
  expect(named({ startWithinMonths: 2.9 })).toContain('fits fast-start: staff_augmentation');
  expect(named({ startWithinMonths: 3 })).not.toContain('fits fast-start: staff_augmentation');
  expect(named({ startWithinMonths: 0.1 })).not.toContain('fits fast-start: staff_augmentation');
  expect(textOf('fast-start', { startWithinMonths: 1 })).toContain(
    'People start after 0.5 months (P10-P90 0.4 to 0.6), within the 1 month that you have.',
  );
});

test('a start inside the pipeline is warned about, model by model, with how likely it is', () => {
  const rules = named({ startWithinMonths: 1 });
  expect(rules).toContain('warning start-inside-pipeline: in_house');
  expect(rules).not.toContain('warning start-inside-pipeline: freelance');
  expect(named({ startWithinMonths: 0.1 })).toContain('warning start-inside-pipeline: staff_augmentation');
  expect(named({ startWithinMonths: 6 })).not.toContainEqual(expect.stringContaining('start-inside-pipeline'));
  expect(textOf('start-inside-pipeline', { startWithinMonths: 1 })).toBe(
    'In-house: people start after 4 months (P10-P90 3.5 to 4.5), and you need them within 1 month: the date lies inside the pipeline.',
  );
  expect(textOf('start-inside-pipeline', { startWithinMonths: 4 })).toContain('that works out in 50% of the cases.');
});

test('what fits but starts too late comes with a way, or with the word that there is none', () => {
  const urgent = { isCoreProduct: true, startWithinMonths: 1 };
  expect(named(urgent)).toContain('fits core-product-by-bridge: in_house staff_augmentation');
  expect(textOf('core-product-by-bridge', urgent)).toContain(
    'begin with staff augmentation, whose people start after 0.5 months',
  );
  const alone = { ...TEAM, models: ['in_house', 'freelance'] };
  expect(named(urgent, alone)).toContain('warning core-product-too-late: in_house');
  const feature = { isWellDefined: true, startWithinMonths: 1 };
  const slow = [{ id: 'freelance.months_to_start', value: 2, reason: 'our own purchasing' }];
  expect(textOf('short-feature-by-bridge', feature, FEATURE, slow)).toContain('take staff augmentation');
});

test('freelancers beyond three months are warned about once', () => {
  const { warnings, advice } = reportFor({}, TEAM);
  expect(warnings).toContainEqual(expect.stringContaining('Freelance fits engagements of 1 to 3 months (C2)'));
  expect(advice.filter(({ text }) => text.includes('engagement'))).toEqual([]);
});

test('models that the assumptions cannot tell apart are said to be so, with what to find out', () => {
  const rules = named({});
  expect(rules).toContain('undecided too-wide-to-say: freelance hybrid');
  expect(rules).not.toContain('undecided too-wide-to-say: freelance in_house');
  expect(textOf('too-wide-to-say', {})).toMatch(
    /^Freelance is cheaper than the hybrid in \d+% of 2,000 draws: .* What moves their difference most is C1 \(A freelance Django/,
  );
});

test('only models that were asked for are spoken of', () => {
  const situation = { isCoreProduct: true, startWithinMonths: 0.1 };
  const advice = adviceFor(situation, { ...TEAM, models: ['freelance'] });
  expect(advice.map(({ models }) => models)).toEqual([['freelance']]);
});
