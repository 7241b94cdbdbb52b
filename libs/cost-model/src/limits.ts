/** Beyond these an estimate cannot be stored or meant: it is refused, and a break-even that lies there is none. */

/** USD of a total. */
export const MOST_DOLLARS = 1e12;
/** Months until delivery. */
export const MOST_MONTHS = 12_000;
/** Hours of a project. */
export const MOST_HOURS = 1e9;
