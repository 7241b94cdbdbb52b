import { type Assumption, EVIDENCES, type Evidence, isRange } from './assumption';
import type { BreakEven } from './break-even';
import type { ClaimComparison } from './claims';
import type { EstimateReport } from './estimate-report';
import type { FrameworkFit } from './framework-fit';
import { MODEL_NAMES } from './model-names';
import { formatNumber, toDecimals } from './money';
import { SENIORITIES } from './project';
import { meanOverrun } from './simulation/uncertain-inputs';

/** What is estimated, with whom, and in which money. */
export function headOf({ need, project, currency, exchangeRate }: EstimateReport, title?: string): string[] {
  const { hours, seats, joins, seniorityMix, framework } = project;
  const scope = need && 'teamSize' in need.scope ? need.scope : null;
  const work = `${formatNumber(hours, Number.isInteger(hours) ? 0 : 1)} engineer-hours`;
  const reckoned = scope ? ` (${toDecimals(scope.teamSize, 2)} engineers for ${toDecimals(scope.months, 2)} months)` : '';
  const mix =
    seniorityMix && SENIORITIES.filter((each) => seniorityMix[each] > 0).map((each) => `${percent(seniorityMix[each])} ${each}`);
  const waves = joins?.map((join) =>
    join.month === 0 ? `${join.seats} at the start` : `${join.seats} in month ${toDecimals(join.month, 1)}`,
  );
  const facts = [
    ...(need?.role ? [need.role] : []),
    `${seats === 1 ? '1 seat' : `${seats} seats`}${waves ? ` (${waves.join(', ')})` : ''}`,
    `${work}${reckoned}`,
    ...(mix ? [mix.join(', ')] : []),
    ...(framework === 'flask' ? ['with Flask'] : []),
  ];
  const { perDollar, date, source } = exchangeRate;
  const rate = currency === 'USD' ? '' : `; 1 USD = ${perDollar} ${currency} on ${date} (${source})`;
  return [`Hiring-model cost estimate${title ? `: ${title}` : ''}`, facts.join('; '), `Amounts in ${currency}${rate}`];
}

export function breakEvenSentence(
  { models: [a, b], hours, months, cost, cheaperBelow, cheaperAbove, further }: BreakEven,
  currency: string,
): string {
  const names = `${MODEL_NAMES[a]} / ${MODEL_NAMES[b]}`;
  if (cheaperBelow === null || cheaperAbove === null) return `${names}: always the same`;
  if (hours === null || months === null || cost === null)
    return `${names}: never, ${MODEL_NAMES[cheaperAbove]} is always cheaper`;
  const at = (crossing: { readonly hours: number; readonly months: number; readonly cost: number }): string =>
    `${formatNumber(crossing.hours, 0)} hours (${formatNumber(crossing.months, 1)} months of work, ${currency} ${formatNumber(crossing.cost, 0)})`;
  const again = further.map((crossing) => `, ${MODEL_NAMES[crossing.cheaperAbove]} again from ${at(crossing)}`).join('');
  return `${names}: at ${at({ hours, months, cost })}; ${MODEL_NAMES[cheaperBelow]} is cheaper below, ${MODEL_NAMES[cheaperAbove]} above${again}`;
}

const FITS: Readonly<Record<FrameworkFit['fit'], string>> = {
  django: 'Django',
  django_with_flask_service: 'Django with a Flask service',
  flask: 'Flask',
  review: 'to be weighed by a person',
};

export function frameworkSentence({ fit, reason, flaskHoursByClaim }: FrameworkFit, { project, claims }: EstimateReport): string {
  const isUsed = claims.some(({ id, enabled }) => id === 'C9' && enabled);
  const by = `By claim C9 (vendor, ${isUsed ? 'SWITCHED ON' : 'not used'})`;
  const times = `${toDecimals(flaskHoursByClaim, 2)} times the hours`;
  // Hours are those with Django, but for a Flask project without the claim, whose hours are taken as given.
  const isGivenForFlask = project.framework === 'flask' && !isUsed;
  const hours = isGivenForFlask ? '' : `: ${formatNumber(project.hours * flaskHoursByClaim, 0)}`;
  return `${FITS[fit]}: ${reason} ${by} Flask takes ${times} of Django${hours}.`;
}

/** Whether the model has something to say on the same matter. */
export function isComparable({ implied }: ClaimComparison): boolean {
  return implied.length > 0;
}

export function claimSentence({ id, claim, enabled, unit, implied }: ClaimComparison): string {
  const figures = implied.map(({ figure, value }) => `${figure}: ${unit === 'share' ? percent(value) : toDecimals(value, 2)}`);
  return `${id}, ${enabled ? 'SWITCHED ON' : 'not used'}: ${claim}. Without claims: ${figures.join('; ')}`;
}

export function isOverridden({ overriddenBy }: Assumption): boolean {
  return overriddenBy !== null;
}

export function overrideSentence(assumption: Assumption): string {
  const amount = isRange(assumption) ? `${assumption.low} / ${assumption.mode} / ${assumption.high}` : assumption.value;
  return `${assumption.id} = ${amount} ${assumption.unit}, by ${assumption.overriddenBy}: ${assumption.overrideReason}`;
}

const EVIDENCE_NAMES: Readonly<Record<Evidence, string>> = {
  official: 'official',
  rate_guide: 'from a rate guide',
  vendor: 'of a vendor',
  placeholder: 'placeholders to replace with your own',
  own: 'of your own',
};

/** How many of the figures come from where. */
export function sourcesSentence(assumptions: readonly Assumption[]): string {
  const counts = EVIDENCES.map((evidence) => ({
    evidence,
    count: assumptions.filter((assumption) => assumption.evidence === evidence).length,
  }));
  const told = counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  return `${assumptions.length} assumptions: ${told.map(({ evidence, count }) => `${count} ${EVIDENCE_NAMES[evidence]}`).join(', ')}`;
}

/** Why a total is not the middle of its band. */
export function bandSentence({ assumptions }: EstimateReport): string {
  const more = toDecimals(meanOverrun(assumptions) * 100, 0);
  return `Totals take each assumption at its reading and the hours as planned; bands let both vary, the hours by ${Math.abs(more)}% ${more < 0 ? 'less' : 'more'} on average`;
}

/** The simulation, and how far its own error reaches. */
export function precisionSentence({ models, simulation }: EstimateReport): string {
  const errors = models.flatMap(({ cost, delivery }) =>
    [cost, delivery].flatMap(({ p10, p50, p90 }) =>
      [p10, p50, p90].map(({ value, low, high }) => (value > 0 ? Math.max(high - value, value - low) / value : 0)),
    ),
  );
  const { draws, seed } = simulation;
  const error = toDecimals(Math.max(...errors) * 100, 2);
  return `${formatNumber(draws, 0)} draws, seed ${seed}; by being simulated, each percentile above is off by at most ${error}% with 95% confidence`;
}

function percent(share: number): string {
  return `${toDecimals(share * 100, 1)}%`;
}
