import type { HttpAnswer } from './http-api';

/** Types of `plans`, for authors of checks. */

export interface CheckPlans {
  /**
   * Runs a request and asks PostgreSQL for the plan of each statement that it really sent, with the parameters that it sent. Nothing is
   * executed: plain EXPLAIN in the judge's session, as the submission's role, in a read-only transaction that is rolled back. The planner
   * counts the rows before, so load the large data set first.
   */
  of(ask: () => Promise<HttpAnswer>): Promise<ExplainedAnswer>;
}

/** One step of a plan, as `EXPLAIN (FORMAT JSON, COSTS OFF, VERBOSE)` names it. */
export interface PlanNode {
  /** For example `Seq Scan`, `Index Only Scan`, `Sort`. */
  readonly type: string;
  /** 0 for the top of the plan. */
  readonly depth: number;
  /** Table that is read or changed, else null. */
  readonly table: string | null;
  /** Rows that the planner counted in that table; null without one. */
  readonly tableRows: number | null;
  readonly index: string | null;
  /** Conditions, sort keys and the like without their values, for example `Index Cond: (customer = ?)`. */
  readonly details: readonly string[];
}

export interface StatementPlan {
  /** The statement without its values. */
  readonly statement: string;
  /** Planned for the values that were sent. */
  readonly custom: readonly PlanNode[];
  /** Planned for any values; null for a statement in whose text the values stand. */
  readonly generic: readonly PlanNode[] | null;
}

export interface TableScan {
  readonly table: string;
  readonly rows: number;
  readonly statement: string;
}

/** Columns by which a large table was searched without an index. */
export interface MissingIndex {
  readonly table: string;
  readonly columns: readonly string[];
}

export interface ExplainedAnswer {
  readonly answer: HttpAnswer;
  readonly statements: readonly StatementPlan[];
  /**
   * Statements whose work no plan shows: refused by EXPLAIN, cut off, several in one text, or done inside a function of the submission.
   * While there is one, the questions below fail the check.
   */
  readonly unread: readonly string[];
  /** Tables of at least so many rows that a statement reads from end to end. */
  sequentialScans(atLeastRows: number): readonly TableScan[];
  /** Names of the indexes by which statements of the request read this table, sorted. */
  indexesUsed(table: string): readonly string[];
  /** For each such table the columns of the conditions that no index served. */
  missingIndexes(atLeastRows: number): readonly MissingIndex[];
}
