import type { Assumption } from './assumption';
import { estimateProject } from './estimate';
import { EstimateInputError } from './input-error';
import { sharesOf } from './money-shares';
import { HIRING_MODELS, type HiringModel, type Project } from './project';

/** What an estimate was made from. */
export interface EstimateInputs {
  readonly project: Project;
  readonly assumptions: readonly Assumption[];
}

export interface Difference {
  readonly model: HiringModel;
  /** USD to the cent. */
  readonly before: number;
  readonly after: number;
  /** Largest first; they sum to `after - before` exactly, to the cent. */
  readonly causes: readonly DifferenceCause[];
}

export interface DifferenceCause {
  /** `project.hours`, or the id of an assumption. */
  readonly inputId: string;
  /** USD to the cent by which this input moved the total. */
  readonly change: number;
}

/**
 * Explains the difference of two estimates input by input: each changed input's share is the mean of what it adds when the inputs change
 * one after the other, once in their order and once in the opposite one, so that what two inputs do together is divided between them.
 * Source: the idea of A. Shorrocks, "Decomposition procedures for distributional analysis" (1999/2013), with two of all orders.
 *
 * @throws EstimateInputError when the two have no hiring model in common
 */
export function explainDifference(before: EstimateInputs, after: EstimateInputs): Difference[] {
  const models = HIRING_MODELS.filter((model) => before.project.models.includes(model) && after.project.models.includes(model));
  if (models.length === 0)
    throw new EstimateInputError([{ path: 'project.models', message: 'the two estimates have no model in common.' }]);
  const changes = changesBetween(before, after);
  const forward = totalsAlong(before, changes, models);
  const backward = totalsAlong(before, [...changes].reverse(), models);
  return models.map((model, place) => {
    const at = (totals: readonly number[][], step: number): number => totals[step]?.[place] as number;
    const moved = changes.map((_, index) => {
      const opposite = changes.length - 1 - index;
      const first = at(forward, index + 1) - at(forward, index);
      const second = at(backward, opposite + 1) - at(backward, opposite);
      return (first + second) / 2;
    });
    const [start, end] = [at(forward, 0), at(forward, changes.length)];
    const shares = sharesOf(end - start, moved);
    const causes = changes.map(({ inputId }, index) => ({ inputId, change: shares[index] as number }));
    return { model, before: start, after: end, causes: causes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change)) };
  });
}

interface Change {
  readonly inputId: string;
  readonly apply: (inputs: EstimateInputs) => EstimateInputs;
}

const PROJECT_FIELDS = ['hours', 'seats', 'hoursPerMonth', 'seniorityMix', 'framework', 'builtInFeatures'] as const;

function changesBetween(before: EstimateInputs, after: EstimateInputs): Change[] {
  const fields = PROJECT_FIELDS.filter((field) => JSON.stringify(before.project[field]) !== JSON.stringify(after.project[field]));
  const known = new Map(before.assumptions.map((assumption) => [assumption.id, assumption]));
  const assumptions = after.assumptions.filter((assumption) => figureOf(assumption) !== figureOf(known.get(assumption.id)));
  return [
    ...fields.map((field) => ({
      inputId: `project.${field}`,
      apply: (inputs: EstimateInputs) => ({ ...inputs, project: { ...inputs.project, [field]: after.project[field] } }),
    })),
    ...assumptions.map((changed) => ({
      inputId: changed.id,
      apply: (inputs: EstimateInputs) => ({
        ...inputs,
        assumptions: known.has(changed.id)
          ? inputs.assumptions.map((assumption) => (assumption.id === changed.id ? changed : assumption))
          : [...inputs.assumptions, changed],
      }),
    })),
  ];
}

/** What formulas see of an assumption; who changed it and why moves no total. */
function figureOf(assumption: Assumption | undefined): string {
  if (assumption === undefined) return '';
  const { reading, enabled } = assumption;
  const amounts = 'mode' in assumption ? [assumption.low, assumption.mode, assumption.high] : [assumption.value];
  return JSON.stringify([amounts, reading, enabled]);
}

/** Totals of the models before the first change and after each. */
function totalsAlong(start: EstimateInputs, changes: readonly Change[], models: readonly HiringModel[]): number[][] {
  let inputs = start;
  const totals = [totalsOf(inputs, models)];
  for (const change of changes) {
    inputs = change.apply(inputs);
    totals.push(totalsOf(inputs, models));
  }
  return totals;
}

function totalsOf({ project, assumptions }: EstimateInputs, models: readonly HiringModel[]): number[] {
  const estimate = estimateProject({ ...project, models }, assumptions);
  return models.map((model) => estimate.models.find((each) => each.model === model)?.total as number);
}
