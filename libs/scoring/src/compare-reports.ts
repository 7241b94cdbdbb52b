import type { CheckResult, CheckStatus, GradingReport, RunOutcome } from '@assay/contracts/grading-report';
import type { CriterionId } from '@assay/contracts/rubric-ids';
import { compareScorecards, type ScorecardComparison } from './compare-scorecards';
import type { Scorecard } from './score-report';

/** One grade to compare: what its report says, and its scorecard when it was graded. A grade without a report has no provenance. */
export interface ComparedGrade {
  readonly outcome: RunOutcome;
  readonly checks: readonly CheckResult[];
  readonly provenance: GradingReport['provenance'] | null;
  readonly scorecard: Scorecard | null;
}

/** What a check was worth on one side, and what came of it. */
export interface CheckSide {
  readonly status: CheckStatus;
  readonly criterion: CriterionId;
  readonly level: number;
  readonly points: number;
}

/** `added` and `removed`: one side does not have the check. The others say what differs where both have it. */
export const CHECK_CHANGES = ['added', 'removed', 'verdict', 'points', 'level', 'criterion'] as const;
export type CheckChangeKind = (typeof CHECK_CHANGES)[number];

export interface CheckChange {
  readonly id: string;
  readonly title: string;
  readonly changes: readonly CheckChangeKind[];
  readonly earlier: CheckSide | null;
  readonly later: CheckSide | null;
}

/** One fact of the provenance that differs, for example `pack.version`; null where a side does not say. */
export interface ProvenanceChange {
  readonly field: string;
  readonly earlier: string | null;
  readonly later: string | null;
}

/** What differs between two grades; null and empty lists for what does not. */
export interface Comparison extends ScorecardComparison {
  readonly outcome: { readonly earlier: RunOutcome; readonly later: RunOutcome } | null;
  /** By id. */
  readonly checks: readonly CheckChange[];
  /** Ids of checks with the same verdict on other evidence. */
  readonly otherEvidence: readonly string[];
  /** By field. */
  readonly provenance: readonly ProvenanceChange[];
}

const NO_SCORES: ScorecardComparison = { composite: null, areas: [], criteria: [] };

/**
 * Compares two grades of one submission. Pure and stable: the order of the checks does not matter, and two equal grades differ in
 * nothing. Checks and scores are compared where both were graded; otherwise the outcome says all there is to say.
 */
export function compareReports(earlier: ComparedGrade, later: ComparedGrade): Comparison {
  const bothGraded = earlier.outcome === 'graded' && later.outcome === 'graded';
  const checks = bothGraded ? pairChecks(earlier.checks, later.checks) : [];
  return {
    outcome: earlier.outcome === later.outcome ? null : { earlier: earlier.outcome, later: later.outcome },
    ...(earlier.scorecard && later.scorecard ? compareScorecards(earlier.scorecard, later.scorecard) : NO_SCORES),
    checks: checks.flatMap(([before, after]) => compareCheck(before, after)),
    otherEvidence: checks.flatMap(([before, after]) => (before && after && hasOtherEvidence(before, after) ? [after.id] : [])),
    provenance: compareProvenance(earlier.provenance, later.provenance),
  };
}

/** Whether a candidate's result differs in anything. Other evidence or provenance alone is no change of the result. */
export function isChanged({ outcome, composite, areas, criteria, checks }: Comparison): boolean {
  return outcome !== null || composite !== null || areas.length + criteria.length + checks.length > 0;
}

type Pair = readonly [CheckResult | null, CheckResult | null];

function pairChecks(earlier: readonly CheckResult[], later: readonly CheckResult[]): Pair[] {
  const before = new Map(earlier.map((check) => [check.id, check]));
  const after = new Map(later.map((check) => [check.id, check]));
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  return ids.map((id) => [before.get(id) ?? null, after.get(id) ?? null]);
}

function compareCheck(before: CheckResult | null, after: CheckResult | null): CheckChange[] {
  const check = after ?? before;
  const changes = changesOf(before, after);
  if (!check || changes.length === 0) return [];
  return [{ id: check.id, title: check.title, changes, earlier: before && sideOf(before), later: after && sideOf(after) }];
}

function changesOf(before: CheckResult | null, after: CheckResult | null): CheckChangeKind[] {
  if (!before) return ['added'];
  if (!after) return ['removed'];
  const differs: Readonly<Partial<Record<CheckChangeKind, boolean>>> = {
    verdict: before.status !== after.status,
    points: before.points !== after.points,
    level: before.level !== after.level,
    criterion: before.criterion !== after.criterion,
  };
  return CHECK_CHANGES.filter((kind) => differs[kind]);
}

function sideOf({ status, criterion, level, points }: CheckResult): CheckSide {
  return { status, criterion, level, points };
}

function hasOtherEvidence(before: CheckResult, after: CheckResult): boolean {
  return before.status === after.status && canonical(before.evidence) !== canonical(after.evidence);
}

function compareProvenance(before: ComparedGrade['provenance'], after: ComparedGrade['provenance']): ProvenanceChange[] {
  const [earlier, later] = [flatten(before), flatten(after)];
  return [...new Set([...earlier.keys(), ...later.keys()])].sort().flatMap((field) => {
    const change = { field, earlier: earlier.get(field) ?? null, later: later.get(field) ?? null };
    return change.earlier === change.later ? [] : [change];
  });
}

/** `{pack: {slug: 'x'}}` as `pack.slug` -> `x`. */
function flatten(value: unknown, path = ''): Map<string, string> {
  if (value === null || value === undefined) return new Map();
  if (typeof value !== 'object') return new Map([[path, String(value)]]);
  if (Array.isArray(value)) return new Map([[path, value.join(', ')]]);
  const entries = Object.entries(value).flatMap(([key, part]) => [...flatten(part, path === '' ? key : `${path}.${key}`)]);
  return new Map(entries);
}

/** JSON with sorted keys: a database may keep them in another order than a file. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
