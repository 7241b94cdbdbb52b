import type { Assumption } from '@assay/cost-model/assumption';
import { type NextVersion, nextVersion } from '@assay/cost-model/assumption-set-changes';
import type { Principal } from '../auth/principal';
import { refusing } from '../http/input-error';
import { changeAuthorOf } from './change-author';

/**
 * The version that these changes make of the one before, with the principal as their author, today.
 *
 * @throws Problem `invalid-input` naming every field that cannot be estimated with
 */
export function readChanges(principal: Principal, stored: readonly Assumption[], changes: readonly object[]): NextVersion {
  return refusing(() => nextVersion(stored, changes.map(withoutUndefined), changeAuthorOf(principal)));
}

/** Fields that the request did not give are no fields to the model, which refuses those that it does not know. */
function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
