import type { BreakEven } from '@assay/cost-model/break-even';
import type { ClaimComparison } from '@assay/cost-model/claims';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { formatNumber, formatShare } from '@assay/cost-model/money';
import { SHORT_MODEL_NAMES } from './input-names';
import { figure } from './words';

/** Warnings first, then advice, each once, as sentences. */
export function noticesOf({ warnings, advice }: EstimateReport): string[] {
  const words = { fits: 'Fits', warning: 'Warning', undecided: 'Undecided' } as const;
  const ordered = [...advice].sort((a, b) => Number(b.kind === 'warning') - Number(a.kind === 'warning'));
  return [
    ...new Set([...warnings.map((text) => `Warning: ${text}`), ...ordered.map(({ kind, text }) => `${words[kind]}: ${text}`)]),
  ];
}

/** Vendors' claims, ON or OFF, beside what the model says of the same without them; those that it says nothing of share one sentence. */
export function claimNotesOf({ claims }: EstimateReport): string[] {
  const [told, others] = [claims.filter(isTold), claims.filter((claim) => !isTold(claim))];
  const notes = told
    .sort((a, b) => Number(b.enabled) - Number(a.enabled))
    .map(({ id, claim, unit, enabled, implied }) => {
      // The figure's name says what else it is in.
      const shown = (value: number): string => (unit === 'share' ? formatShare(value) : figure(value));
      const own = implied.map(({ figure: what, value }) => `${what.replace(/, by share$/, '')}: ${shown(value)}`).join('; ');
      return `${id} ${enabled ? 'ON' : 'OFF'}: ${claim}.${own === '' ? '' : ` This model, without claims: ${own}.`}`;
    });
  if (others.length === 0) return notes;
  return [...notes, `OFF, of which this model says nothing: ${others.map(({ id, claim }) => `${id}: ${claim}`).join('; ')}.`];
}

function isTold({ enabled, implied }: ClaimComparison): boolean {
  return enabled || implied.length > 0;
}

/** `1,234 h (2.7 months)`, or who is always cheaper. */
export function crossingOf({ hours, months, cheaperAbove }: BreakEven): string {
  if (cheaperAbove === null) return 'always the same';
  if (hours === null || months === null) return `never, ${SHORT_MODEL_NAMES[cheaperAbove]} is cheaper`;
  return `${formatNumber(hours, 0)} h (${formatNumber(months, 1)} months)`;
}
