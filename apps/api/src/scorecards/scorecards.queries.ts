import type { EntityManager } from 'typeorm';

interface OfSubmission {
  readonly evaluationId: string;
  readonly submissionId: string;
}

/** What the scorecard of a run that was just graded is to its submission and its evaluation. */
export interface Standing {
  readonly stands: boolean;
  readonly counts: boolean;
}

/**
 * The standing of a first grade. A submission that has a standing scorecard keeps it; of several submissions the newest graded one
 * counts. The caller holds the lock of the evaluation.
 */
export async function selectStanding(manager: EntityManager, { evaluationId, submissionId }: OfSubmission): Promise<Standing> {
  const [row] = (await manager.query(
    `SELECT NOT EXISTS (SELECT FROM scorecards WHERE submission_id = $2 AND stands) AS stands,
            NOT EXISTS (SELECT FROM scorecards WHERE evaluation_id = $1 AND counts AND submission_id >= $2) AS counts`,
    [evaluationId, submissionId],
  )) as [Standing];
  return { stands: row.stands, counts: row.stands && row.counts };
}

/** Takes from the evaluation's counting scorecard that it counts, to give it to another one in the same transaction. */
export async function stopCounting(manager: EntityManager, evaluationId: string): Promise<void> {
  await manager.query('UPDATE scorecards SET counts = false WHERE evaluation_id = $1 AND counts', [evaluationId]);
}

/**
 * Lets the scorecard of `runId` stand for its submission instead of the one that does, and count where that one counted. The caller
 * holds the lock of the evaluation.
 *
 * @returns whether it counts now
 */
export async function replaceStanding(manager: EntityManager, submissionId: string, runId: string): Promise<boolean> {
  const [before] = (await manager.query(
    `UPDATE scorecards card SET stands = false, counts = false
       FROM scorecards earlier WHERE earlier.grading_run_id = card.grading_run_id AND card.submission_id = $1 AND card.stands
     RETURNING earlier.counts`,
    [submissionId],
  )) as [{ counts: boolean }[], number];
  const counts = before[0]?.counts ?? false;
  await manager.query('UPDATE scorecards SET stands = true, counts = $2 WHERE grading_run_id = $1', [runId, counts]);
  return counts;
}
