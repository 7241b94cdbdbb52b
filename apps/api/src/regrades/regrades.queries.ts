import type { EntityManager } from 'typeorm';

/** A graded submission that may be graded again. */
export interface GradedSubmission {
  readonly submissionId: string;
  readonly evaluationId: string;
  /** The run whose scorecard stands for the submission. */
  readonly runId: string;
  readonly rubricId: string;
  /** The regrade that the submission is in and that is not decided yet, or null. */
  readonly openRegradeId: string | null;
}

/**
 * The graded submissions of a task, whatever version of it they were graded with, without those of evaluations that were called off.
 *
 * @param evaluationIds null for all evaluations
 */
export async function selectGradedSubmissions(
  manager: EntityManager,
  slug: string,
  evaluationIds: readonly string[] | null,
): Promise<GradedSubmission[]> {
  return (await manager.query(
    `SELECT card.submission_id AS "submissionId", evaluation.id AS "evaluationId", run.id AS "runId",
            evaluation.rubric_id AS "rubricId", open.regrade_id AS "openRegradeId"
       FROM evaluations evaluation
       JOIN task_versions task ON task.id = evaluation.task_version_id AND task.slug = $1
       JOIN scorecards card ON card.evaluation_id = evaluation.id AND card.stands
       JOIN grading_runs run ON run.id = card.grading_run_id
       LEFT JOIN regrade_items open ON open.submission_id = card.submission_id AND open.decision IS NULL
      WHERE evaluation.cancelled_at IS NULL AND ($2::uuid[] IS NULL OR evaluation.id = ANY($2))
      ORDER BY card.submission_id`,
    [slug, evaluationIds],
  )) as GradedSubmission[];
}

/** Those of the given evaluations that are there and of this task. */
export async function selectEvaluationsOfTask(
  manager: EntityManager,
  slug: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = (await manager.query(
    `SELECT evaluation.id FROM evaluations evaluation JOIN task_versions task ON task.id = evaluation.task_version_id
      WHERE task.slug = $1 AND evaluation.id = ANY($2)`,
    [slug, ids],
  )) as { id: string }[];
  return new Set(rows.map(({ id }) => id));
}

/** Regrades of one task wait for each other while they are made, so that no submission gets into two of them. */
export async function lockTask(manager: EntityManager, organisationId: string, slug: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`regrade ${organisationId} ${slug}`]);
}

/** What is asked of one submission. */
export interface NewItem {
  readonly submission: GradedSubmission;
  readonly newRunId: string;
}

export async function insertItems(
  manager: EntityManager,
  organisationId: string,
  regradeId: string,
  items: readonly NewItem[],
): Promise<void> {
  await manager.query(
    `INSERT INTO regrade_items (organisation_id, regrade_id, evaluation_id, submission_id, earlier_run_id, new_run_id)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[])`,
    [
      organisationId,
      regradeId,
      items.map(({ submission }) => submission.evaluationId),
      items.map(({ submission }) => submission.submissionId),
      items.map(({ submission }) => submission.runId),
      items.map(({ newRunId }) => newRunId),
    ],
  );
}

/** How far the submissions of a regrade are; the first three and the outcomes sum to `total`. */
export interface RegradeProgress {
  readonly total: number;
  readonly waiting: number;
  readonly running: number;
  readonly graded: number;
  readonly ungradable: number;
  readonly timedOut: number;
  readonly infraFault: number;
  readonly cancelled: number;
  /** Of those that are through, with another result. */
  readonly changed: number;
  readonly unchanged: number;
  readonly undecided: number;
  readonly approved: number;
  readonly rejected: number;
}

/** By the regrade's id. */
export async function selectProgress(
  manager: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RegradeProgress>> {
  const rows = (await manager.query(
    `SELECT item.regrade_id, json_build_object(
              'total', count(*),
              'waiting', count(*) FILTER (WHERE run.outcome IS NULL AND run.started_at IS NULL),
              'running', count(*) FILTER (WHERE run.outcome IS NULL AND run.started_at IS NOT NULL),
              'graded', count(*) FILTER (WHERE run.outcome = 'graded'),
              'ungradable', count(*) FILTER (WHERE run.outcome = 'ungradable'),
              'timedOut', count(*) FILTER (WHERE run.outcome = 'timed_out'),
              'infraFault', count(*) FILTER (WHERE run.outcome = 'infra_fault'),
              'cancelled', count(*) FILTER (WHERE run.outcome = 'cancelled'),
              'changed', count(*) FILTER (WHERE item.changed),
              'unchanged', count(*) FILTER (WHERE NOT item.changed),
              'undecided', count(*) FILTER (WHERE item.decision IS NULL),
              'approved', count(*) FILTER (WHERE item.decision = 'approved'),
              'rejected', count(*) FILTER (WHERE item.decision = 'rejected')) AS progress
       FROM regrade_items item JOIN grading_runs run ON run.id = item.new_run_id
      WHERE item.regrade_id = ANY($1) GROUP BY item.regrade_id`,
    [ids],
  )) as { regrade_id: string; progress: RegradeProgress }[];
  return new Map(rows.map((row) => [row.regrade_id, row.progress]));
}

/** What an item says of other features' rows. */
export interface ItemContext {
  readonly itemId: string;
  readonly candidateId: string;
  /** What the organisation decided on the evaluation, or null. */
  readonly evaluationDecision: string | null;
  readonly queuedAt: Date | null;
  readonly startedAt: Date | null;
  readonly outcome: string | null;
}

/** By the item's id. */
export async function selectItemContexts(
  manager: EntityManager,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, ItemContext>> {
  const rows = (await manager.query(
    `SELECT item.id AS "itemId", evaluation.candidate_id AS "candidateId", evaluation.decision AS "evaluationDecision",
            run.queued_at AS "queuedAt", run.started_at AS "startedAt", run.outcome
       FROM regrade_items item
       JOIN evaluations evaluation ON evaluation.id = item.evaluation_id
       JOIN grading_runs run ON run.id = item.new_run_id
      WHERE item.id = ANY($1)`,
    [itemIds],
  )) as ItemContext[];
  return new Map(rows.map((row) => [row.itemId, row]));
}
