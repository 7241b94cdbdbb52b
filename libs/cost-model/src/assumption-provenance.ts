import { type Assumption, isRange, type ReplacedFigure } from './assumption';

/**
 * Says where the figure of an override comes from. Amounts of a person's own are never told with the source of those they replaced: they
 * become evidence `own` with the reason as source, and what was published stays beside them. Unchanged amounts keep
 * their source, whoever switched the claim on or reads it otherwise; so do amounts that were put back to the published ones.
 *
 * @param before the assumption that was overridden
 * @param after the same with the override's amounts, person and reason
 * @param day of the override, `YYYY-MM-DD`
 */
export function withProvenance(before: Assumption, after: Assumption, day: string = before.retrieved): Assumption {
  if (sameAmounts(before, after)) return after;
  const { replaces: earlier, ...facts } = after;
  const published: ReplacedFigure = earlier ?? {
    ...amountsOf(before),
    evidence: before.evidence,
    source: before.source,
    retrieved: before.retrieved,
  };
  if (sameAmounts(published, after)) {
    const { evidence, source, retrieved } = published;
    return { ...facts, evidence, source, retrieved };
  }
  const source = `Own figure: ${after.overrideReason}`;
  return { ...facts, evidence: 'own', source, retrieved: day, replaces: published };
}

/** The amounts alone, fit to be copied beside another figure. */
export function amountsOf(figure: Assumption): Pick<ReplacedFigure, 'value' | 'low' | 'mode' | 'high'> {
  if (!isRange(figure)) return { value: figure.value };
  const { low, mode, high } = figure;
  return { low, mode, high };
}

type Amounts = Partial<Record<'value' | 'low' | 'mode' | 'high', number>>;

function sameAmounts(one: Amounts, other: Amounts): boolean {
  return (['value', 'low', 'mode', 'high'] as const).every((amount) => one[amount] === other[amount]);
}
