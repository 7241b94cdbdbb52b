import { type Assumption, type Evidence, isRange } from '@assay/cost-model/assumption';
import { usedFigure } from '@assay/cost-model/model-parameters';
import { formatNumber, toDecimals } from '@assay/cost-model/money';
import type { HiringModel, Project } from '@assay/cost-model/project';

/** Names for the head of a table; inside a sentence in lower case. */
export const MODEL_NAMES: Readonly<Record<HiringModel, string>> = {
  freelance: 'Freelance',
  in_house: 'In-house',
  hybrid: 'Hybrid',
  staff_augmentation: 'Staff augmentation',
};

/** Kinds of evidence as a reader who has not seen the platform understands them. */
export const EVIDENCE_NAMES: Readonly<Record<Evidence, string>> = {
  official: 'official',
  rate_guide: 'rate guide',
  vendor: 'vendor claim',
  placeholder: 'placeholder',
  own: 'own',
};

/** A figure with as many decimals as it has, four at most, or three digits when it is smaller: `1,800`, `0.05`, `0.0000217`. */
export function figure(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return plainNumber(Number(value.toPrecision(3)));
  const [, decimals = ''] = String(toDecimals(value, 4)).split('.');
  return formatNumber(value, Math.min(decimals.length, 4));
}

/** All digits, never an exponent: `0.0000001`. */
export function plainNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(20).replace(/\.?0+$/, '');
}

/** As {@link figure}, to three digits: `57.3`, `0.0868`. */
export function brief(value: number): string {
  return figure(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** `70 (45–95)` of a range at its reading, `70` of one value. */
export function amountOf(assumption: Assumption, project: Project): string {
  const point = figure(Number(usedFigure(assumption, project).toPrecision(12)));
  if (!isRange(assumption) || assumption.low === assumption.high) return point;
  return `${point} (${figure(assumption.low)}–${figure(assumption.high)})`;
}
