import { type Assumption, isRange, type ReplacedFigure } from '@assay/cost-model/assumption';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { SENIORITY_PRICES, usedFigure } from '@assay/cost-model/model-parameters';
import type { Project } from '@assay/cost-model/project';
import { EVIDENCE_NAMES } from '../words';
import type { Row } from './columns';

/** Every assumption that a number was calculated with, with where it comes from, who changed it why, and what it took the place of. */
export function assumptionRows({ assumptions, project }: EstimateReport): Row[] {
  return assumptions.flatMap((assumption): Row[] => {
    const { id: item, appliesTo: model, unit, evidence, source, retrieved, overriddenBy, overrideReason, replaces } = assumption;
    const range = isRange(assumption) ? { low: assumption.low, high: assumption.high } : {};
    const row: Row = {
      ...{ section: 'assumption', item, model, unit, source, date: retrieved, ...range },
      ...{ value: usedFigure(assumption, project), evidence: EVIDENCE_NAMES[evidence] },
      ...{ replaced_by: overriddenBy, reason: overrideReason, note: noteOf(assumption, project) },
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

function noteOf(assumption: Assumption, project: Project): string {
  const { claim, baseline } = assumption;
  return [claim, readingOf(assumption, project), ...(baseline === null ? [] : [`against ${baseline}`])].join('; ');
}

/** How the value follows from the range, whose mode no column holds. */
function readingOf(assumption: Assumption, { seniorityMix }: Project): string {
  if (!isRange(assumption)) return `read as ${assumption.reading}`;
  const { id, low, mode, high, reading } = assumption;
  if (seniorityMix !== null && SENIORITY_PRICES.includes(id))
    return `the seniority mix of ${low} (junior), ${mode} (mid) and ${high} (senior)`;
  return `read as ${reading} of low ${low}, mode ${mode}, high ${high}`;
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
