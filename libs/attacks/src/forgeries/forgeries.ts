import type { Attack } from '../attack';

/** Attacks on the judge, its database and its uploads. */
export const forgeries: readonly Attack[] = [];
