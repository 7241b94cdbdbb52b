import type { CheckChange, CheckSide } from '@assay/scoring/compare-reports';
import type { AreaChange, CriterionChange } from '@assay/scoring/compare-scorecards';
import type { Against } from './against';

const MOST_IDS = 10;

/** A comparison for a person at a terminal, ending in a line break. */
export function formatAgainst({ changed, comparison }: Against): string {
  const { outcome, composite, areas, criteria, checks, otherEvidence, provenance } = comparison;
  const lines = [changed ? 'Against the earlier report:' : 'Against the earlier report: the same result.'];
  if (outcome) lines.push(`  outcome: ${outcome.earlier} -> ${outcome.later}`);
  if (composite) lines.push(`  composite: ${pair(composite.earlier, composite.later)}${difference(composite.delta)}`);
  lines.push(...areas.map(areaLine), ...criteria.map(criterionLine), ...checks.map(checkLine));
  if (otherEvidence.length > 0) {
    const more = otherEvidence.length > MOST_IDS ? ', ...' : '';
    lines.push(`  same verdict on other evidence: ${otherEvidence.slice(0, MOST_IDS).join(', ')}${more}`);
  }
  lines.push(
    ...provenance.map(({ field, earlier, later }) => `  ${field}: ${earlier ?? 'not known'} -> ${later ?? 'not known'}`),
  );
  return `${lines.join('\n')}\n`;
}

function areaLine({ id, name, earlier, later, delta, contribution }: AreaChange): string {
  const adds = contribution === null ? '' : `, ${signed(contribution)} of the composite`;
  return `  area ${id} ${name}: ${pair(earlier, later)}${difference(delta)}${adds}`;
}

function criterionLine({ id, name, earlier, later }: CriterionChange): string {
  const points = `${earlier.points}/${earlier.maxPoints} -> ${later.points}/${later.maxPoints} points`;
  return `  ${id} ${name}: level ${earlier.level ?? 'not measured'} -> ${later.level ?? 'not measured'}, ${points}`;
}

function checkLine({ id, changes, earlier, later }: CheckChange): string {
  if (!earlier || !later) return `  check ${id}: ${changes.join(', ')} (${describe(earlier ?? later)})`;
  return `  check ${id}: ${describe(earlier)} -> ${describe(later)}`;
}

function describe(side: CheckSide | null): string {
  return side ? `${side.status}; ${side.criterion} level ${side.level}, ${side.points} points` : '';
}

function pair(earlier: number | null, later: number | null): string {
  return [earlier, later].map((score) => score?.toFixed(1) ?? 'not measured').join(' -> ');
}

function difference(delta: number | null): string {
  return delta === null ? '' : ` (${signed(delta)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
}
