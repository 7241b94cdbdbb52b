import type { Attack, AttackGroup } from './attack';
import { FORGERY_GROUPS } from './forgeries/forgeries';
import { SANDBOX_GROUPS } from './sandbox/sandbox-attacks';

/** Every attack of the suite, in the order in which docs/SECURITY.md shows them. */
export const ATTACK_GROUPS: readonly AttackGroup[] = [...SANDBOX_GROUPS, ...FORGERY_GROUPS];

export const ATTACKS: readonly Attack[] = ATTACK_GROUPS.flatMap(({ attacks }) => attacks);
