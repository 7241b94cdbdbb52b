import { type AssumptionSet, isRange } from './assumption';
import type { Estimate } from './estimate';
import { InputProblems, shown } from './input-error';
import { toDecimals } from './money';
import type { HiringModel } from './project';
import type { Simulation } from './simulation/simulate';

/** What a hiring manager says of the need, beside its size. */
export interface Situation {
  /** Whether what is to be built is settled: endpoints, a feature, a bug list. */
  readonly isWellDefined: boolean;
  /** Whether it is the product that the organisation lives on. */
  readonly isCoreProduct: boolean;
  /** Whether the architecture stays with somebody of the organisation. */
  readonly keepsArchitect: boolean;
  /** Months from now until somebody must have started, null when that is open. */
  readonly startWithinMonths: number | null;
}

export interface Advice {
  /** Stable name of the rule. */
  readonly rule: string;
  readonly kind: 'fits' | 'warning' | 'undecided';
  readonly models: readonly HiringModel[];
  readonly text: string;
  readonly source: string;
}

const GUIDE = 'Boundev, February 2026, "Hiring models" (docs/COST-MODEL.md): what each model is best for';
const MODEL = 'This model (docs/COST-MODEL.md)';
/** Shares of draws between which neither of two models is said to be cheaper. Source: docs/COST-MODEL.md, "Advice". */
const UNDECIDED = { from: 0.2, to: 0.8 };

const NAMES: Readonly<Record<HiringModel, string>> = {
  freelance: 'Freelance',
  in_house: 'In-house',
  hybrid: 'The hybrid',
  staff_augmentation: 'Staff augmentation',
};

/** Reads a situation from untrusted JSON; what is left out is false, or open. @throws EstimateInputError naming each field at fault */
export function parseSituation(input: unknown): Situation {
  const problems = new InputProblems();
  const fields = problems.record('situation', input, ['isWellDefined', 'isCoreProduct', 'keepsArchitect', 'startWithinMonths']);
  const flag = (name: 'isWellDefined' | 'isCoreProduct' | 'keepsArchitect'): boolean => {
    const value = fields[name] ?? false;
    if (typeof value !== 'boolean') problems.add(`situation.${name}`, `must be true or false; got ${shown(value)}.`);
    return value === true;
  };
  const within = fields.startWithinMonths ?? null;
  const situation = {
    isWellDefined: flag('isWellDefined'),
    isCoreProduct: flag('isCoreProduct'),
    keepsArchitect: flag('keepsArchitect'),
    startWithinMonths: within === null ? null : problems.number('situation.startWithinMonths', within, 'non_negative'),
  };
  problems.throwIfAny();
  return situation;
}

/** Words beside the numbers, each by a stated rule. The order is that of the rules in docs/COST-MODEL.md. */
export function adviceFor(situation: Situation, estimate: Estimate, simulation: Simulation, set: AssumptionSet): Advice[] {
  const all = [
    ...shortFeature(situation, estimate, set),
    ...coreProduct(situation),
    ...architect(situation),
    ...fastStart(situation, estimate),
    ...longFreelance(estimate, set),
    ...tooWide(simulation),
  ];
  const asked = estimate.project.models;
  return all.filter(({ models }) => models.every((model) => asked.includes(model)));
}

function engagement(set: AssumptionSet): { readonly low: number; readonly high: number } {
  const range = set.look('C2');
  return isRange(range) ? range : { low: 0, high: range.value };
}

function workingMonths(estimate: Estimate, model: HiringModel): number | null {
  return estimate.models.find((each) => each.model === model)?.intermediate.Dw ?? null;
}

function shortFeature({ isWellDefined, isCoreProduct }: Situation, estimate: Estimate, set: AssumptionSet): Advice[] {
  const months = workingMonths(estimate, 'freelance');
  const { high } = engagement(set);
  if (!isWellDefined || isCoreProduct || months === null || months > high) return [];
  const text = `What is to be built is settled and takes ${toDecimals(months, 1)} months of work: freelancers fit, up to ${high} months (C2).`;
  return [{ rule: 'short-feature', kind: 'fits', models: ['freelance'], text, source: GUIDE }];
}

function coreProduct({ isCoreProduct, keepsArchitect }: Situation): Advice[] {
  if (!isCoreProduct || keepsArchitect) return [];
  const text = 'It is the product that the organisation lives on, and knowledge of it should stay: people of your own fit.';
  return [{ rule: 'core-product', kind: 'fits', models: ['in_house'], text, source: GUIDE }];
}

function architect({ keepsArchitect }: Situation): Advice[] {
  if (!keepsArchitect) return [];
  const text =
    'The architecture stays with you and the work may be done by others: an architect of your own with augmented engineers fits.';
  return [{ rule: 'keeps-architect', kind: 'fits', models: ['hybrid'], text, source: GUIDE }];
}

/** T is the delivery less the working time and what waiting for replacements adds; the estimate knows it of every model. */
function fastStart({ startWithinMonths }: Situation, estimate: Estimate): Advice[] {
  if (startWithinMonths === null) return [];
  return estimate.models.flatMap(({ model, intermediate, monthsToStart }): Advice[] => {
    if (monthsToStart > startWithinMonths) {
      const text = `${NAMES[model]} takes ${toDecimals(monthsToStart, 1)} months until people start, and they must within ${toDecimals(startWithinMonths, 1)}: the date lies inside the pipeline.`;
      return [{ rule: 'start-inside-pipeline', kind: 'warning', models: [model], text, source: MODEL }];
    }
    if (model !== 'staff_augmentation' || intermediate.D <= 0 || startWithinMonths > 1) return [];
    const text = 'People must start within a month: a partner who has them already fits.';
    return [{ rule: 'fast-start', kind: 'fits', models: [model], text, source: GUIDE }];
  });
}

function longFreelance(estimate: Estimate, set: AssumptionSet): Advice[] {
  const months = workingMonths(estimate, 'freelance');
  const { high } = engagement(set);
  if (months === null || months <= high) return [];
  const text = `Freelance fits engagements of up to ${high} months (C2); this one works ${toDecimals(months, 1)} months: expect people to leave before the end.`;
  return [{ rule: 'long-freelance', kind: 'warning', models: ['freelance'], text, source: GUIDE }];
}

function tooWide({ pairs, draws }: Simulation): Advice[] {
  return pairs
    .filter(({ firstCheaper }) => firstCheaper > UNDECIDED.from && firstCheaper < UNDECIDED.to)
    .map(({ models, firstCheaper }) => ({
      rule: 'too-wide-to-say',
      kind: 'undecided',
      models,
      text: `${NAMES[models[0]]} is cheaper than ${NAMES[models[1]].replace(/^The/, 'the')} in ${Math.round(firstCheaper * 100)}% of ${draws} draws: the assumptions are too wide to say which one is.`,
      source: MODEL,
    }));
}
