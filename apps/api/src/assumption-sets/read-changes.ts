import type { Assumption } from '@assay/cost-model/assumption';
import { type NextVersion, nextVersion } from '@assay/cost-model/assumption-set-changes';
import { EstimateInputError } from '@assay/cost-model/input-error';
import type { Principal } from '../auth/principal';
import { today } from '../http/day';
import { invalidInput } from '../http/problem';

/**
 * The version that these changes make of the one before, with the principal as their author, today.
 *
 * @throws Problem `invalid-input` naming every field that cannot be estimated with
 */
export function readChanges(principal: Principal, stored: readonly Assumption[], changes: readonly object[]): NextVersion {
  const author = { by: `${principal.kind} ${principal.id}`, day: today() };
  try {
    return nextVersion(stored, changes.map(withoutUndefined), author);
  } catch (error) {
    if (error instanceof EstimateInputError) throw invalidInput(error.problems);
    throw error;
  }
}

/** Fields that the request did not give are no fields to the model, which refuses those that it does not know. */
function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
