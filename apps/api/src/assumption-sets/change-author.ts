import type { ChangeAuthor } from '@assay/cost-model/assumption-set-changes';
import type { Principal } from '../auth/principal';
import { today } from '../http/day';

/** Who takes responsibility for figures that replace others, today. */
export function changeAuthorOf({ kind, id }: Principal): ChangeAuthor {
  return { by: `${kind} ${id}`, day: today() };
}
