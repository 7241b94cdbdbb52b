import { type Assumption, AssumptionSet, pointOf } from '../assumption';
import { evaluateModel, type ModelResult } from '../formulas';
import { hoursFactor, modelParameters } from '../model-parameters';
import type { HiringModel, Project } from '../project';

/** Inputs between two estimates: some as before, some as after. */
export interface Mixture {
  readonly project: Project;
  /** Any assumption of the model. */
  readonly assumption: (id: string) => Assumption | undefined;
}

export interface Outcome {
  /** USD, unrounded. */
  readonly total: number;
  /** Months until delivery, unrounded. */
  readonly months: number;
}

/**
 * What one hiring model comes to, the point estimate's formulas and claims and nothing else: neither claims set beside it, nor the limits
 * of proportion, which a mixture of two sound estimates may exceed.
 *
 * @param read gets `project.hours`, or the id of an assumption, for whatever is looked at on the way, if only to see whether it counts
 * @throws EstimateInputError for a mixture that has no meaning, such as a hybrid without capacity
 */
export function outcomeOf(model: HiringModel, { project, assumption }: Mixture, read: Set<string> = new Set()): Outcome {
  const set = new WatchedSet(assumption, read);
  const watched = new Proxy(project, {
    get(target, field) {
      read.add(`project.${String(field)}`);
      return Reflect.get(target, field);
    },
  });
  const result = evaluate(model, watched, set);
  return { total: claimedTotal(model, watched, set) ?? result.total, months: result.intermediate.D };
}

function evaluate(model: HiringModel, project: Project, set: AssumptionSet): ModelResult {
  return evaluateModel(modelParameters(model, project, set), project.hours * hoursFactor(project, set));
}

/** Claim C7 read as total cost: the partner costs that much less than in-house. */
function claimedTotal(model: HiringModel, project: Project, set: AssumptionSet): number | null {
  if (model !== 'staff_augmentation') return null;
  const c7 = set.enabledClaim('C7');
  return c7?.reading === 'total_cost' ? (1 - pointOf(c7)) * evaluate('in_house', project, set).total : null;
}

class WatchedSet extends AssumptionSet {
  constructor(
    private readonly find: Mixture['assumption'],
    private readonly read: Set<string>,
  ) {
    super([]);
  }

  override look(id: string): Assumption {
    this.read.add(id);
    return this.find(id) ?? super.look(id);
  }
}
