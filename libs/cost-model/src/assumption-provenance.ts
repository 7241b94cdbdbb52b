import { type Assumption, type Evidence, isRange, type ReplacedFigure } from './assumption';

/** Evidence whose words state the figure itself, so that they would be false beside another one. */
const QUOTED: readonly Evidence[] = ['vendor', 'rate_guide'];

/**
 * Says where the figure of an override comes from. Amounts of a person's own are never told with the source of those they replaced: they
 * become evidence `own` with the reason as source, are no longer told in a vendor's words, and what was published stays beside them. Unchanged amounts keep
 * their source, whoever switched the claim on or reads it otherwise; so do amounts that were put back to the published ones.
 *
 * @param before the assumption that was overridden
 * @param after the same with the override's amounts, person and reason
 * @param day of the override, `YYYY-MM-DD`
 */
export function withProvenance(before: Assumption, after: Assumption, day: string = before.retrieved): Assumption {
  if (sameAmounts(before, after)) return after;
  const { replaces: earlier, ...facts } = after;
  const published = earlier ?? publishedFigure(before);
  if (sameAmounts(published, after)) {
    const { claim, evidence, source, retrieved } = published;
    return { ...facts, claim, evidence, source, retrieved };
  }
  const claim = QUOTED.includes(published.evidence) ? `Own figure in place of "${published.claim}"` : published.claim;
  const source = `Own figure: ${after.overrideReason}`;
  return { ...facts, claim, evidence: 'own', source, retrieved: day, replaces: published };
}

function publishedFigure(assumption: Assumption): ReplacedFigure {
  const { claim, evidence, source, retrieved } = assumption;
  return { claim, ...amountsOf(assumption), evidence, source, retrieved };
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
