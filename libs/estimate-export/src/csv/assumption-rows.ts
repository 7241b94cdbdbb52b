import { type Assumption, isRange, pointOf, type ReplacedFigure } from '@assay/cost-model/assumption';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { EVIDENCE_NAMES } from '../words';
import type { Row } from './columns';

/** Every assumption that a number was calculated with, with where it comes from, who changed it why, and what it took the place of. */
export function assumptionRows({ assumptions }: EstimateReport): Row[] {
  return assumptions.flatMap((assumption): Row[] => {
    const { id: item, appliesTo: model, unit, evidence, source, retrieved, overriddenBy, overrideReason, replaces } = assumption;
    const range = isRange(assumption) ? { low: assumption.low, high: assumption.high } : {};
    const row: Row = {
      ...{ section: 'assumption', item, model, unit, source, date: retrieved, ...range },
      ...{ value: pointOf(assumption), evidence: EVIDENCE_NAMES[evidence] },
      ...{ replaced_by: overriddenBy, reason: overrideReason, note: noteOf(assumption) },
    };
    return replaces ? [row, replacedRow({ section: 'assumption_replaced', item, model, unit }, replaces)] : [row];
  });
}

function replacedRow(row: Row, { value, low, mode, high, evidence, source, retrieved }: ReplacedFigure): Row {
  const amounts = { value: value ?? mode ?? null, low: low ?? null, high: high ?? null };
  return {
    ...row,
    ...amounts,
    evidence: EVIDENCE_NAMES[evidence],
    source,
    date: retrieved,
    note: 'what the own figure replaced',
  };
}

function noteOf({ claim, baseline, reading }: Assumption): string {
  return [claim, `read as ${reading}`, ...(baseline === null ? [] : [`against ${baseline}`])].join('; ');
}

/** Vendors' claims, ON or OFF, each followed by what this model says of the same without them. */
export function claimRows({ claims }: EstimateReport): Row[] {
  return claims.flatMap(({ id: item, claim, claimed, unit, evidence, source, enabled, implied }): Row[] => [
    {
      ...{ section: 'claim', item, value: claimed, unit, evidence: EVIDENCE_NAMES[evidence], source },
      note: `${enabled ? 'ON, the estimate follows it' : 'OFF, not calculated with'}: ${claim}`,
    },
    ...implied.map(
      ({ figure, value }): Row => ({ section: 'claim_implied', item, value, unit, note: `by this model: ${figure}` }),
    ),
  ]);
}
