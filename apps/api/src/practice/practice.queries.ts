import { type PracticeReport, practiceReportSchema } from '@assay/contracts/practice-report';
import type { EntityManager } from 'typeorm';

/** What a practice job is made of. */
export interface PracticeToRun {
  readonly requestedAt: Date;
  readonly slug: string;
  readonly version: string;
  readonly contentHash: string;
  readonly archiveSha256: string;
  readonly archiveBytes: number;
}

/** An unfinished run with its pack and its archive's digest, or null. */
export async function selectOptionalPracticeToRun(manager: EntityManager, runId: string): Promise<PracticeToRun | null> {
  const rows = (await manager.query(
    `SELECT run.requested_at AS "requestedAt", task.slug, task.version, task.content_hash AS "contentHash",
            run.archive_sha256 AS "archiveSha256", run.archive_bytes AS "archiveBytes"
       FROM practice_runs run JOIN task_versions task ON task.id = run.task_version_id
      WHERE run.id = $1 AND run.outcome IS NULL`,
    [runId],
  )) as PracticeToRun[];
  return rows[0] ?? null;
}

/** The archive of an unfinished run, or null. */
export async function selectOptionalPracticeArchive(manager: EntityManager, runId: string): Promise<Buffer | null> {
  const rows = (await manager.query(
    `SELECT archive.content FROM practice_archives archive JOIN practice_runs run ON run.id = archive.practice_run_id
      WHERE run.id = $1 AND run.outcome IS NULL`,
    [runId],
  )) as { content: Buffer }[];
  return rows[0]?.content ?? null;
}

/** The stored result of a run, or null when it has none (any more). */
export async function selectOptionalPracticeReport(manager: EntityManager, runId: string): Promise<PracticeReport | null> {
  const rows = (await manager.query('SELECT report FROM practice_runs WHERE id = $1', [runId])) as { report: unknown }[];
  return rows[0]?.report ? practiceReportSchema.parse(rows[0].report) : null;
}

/** When the counted runs of the last hour were asked for: those that failed on our side are left out. */
export async function selectCountedRequests(manager: EntityManager, evaluationId: string): Promise<Date[]> {
  const rows = (await manager.query(
    `SELECT requested_at FROM practice_runs
      WHERE evaluation_id = $1 AND requested_at > now() - interval '1 hour' AND outcome IS DISTINCT FROM 'infra_fault'`,
    [evaluationId],
  )) as { requested_at: Date }[];
  return rows.map((row) => row.requested_at);
}

/** How often a candidate practised and when last. */
export async function countPracticeRuns(
  manager: EntityManager,
  evaluationId: string,
): Promise<{ runs: number; lastAt: Date | null }> {
  const rows = (await manager.query(
    'SELECT count(*)::int AS runs, max(requested_at) AS "lastAt" FROM practice_runs WHERE evaluation_id = $1',
    [evaluationId],
  )) as { runs: number; lastAt: Date | null }[];
  return rows[0] ?? { runs: 0, lastAt: null };
}

/** Deletes the results of an evaluation's runs but for the newest ones. */
export async function deleteOlderReports(manager: EntityManager, evaluationId: string, kept: number): Promise<void> {
  await manager.query(
    `UPDATE practice_runs SET report = NULL
      WHERE evaluation_id = $1 AND report IS NOT NULL
        AND id NOT IN (SELECT id FROM practice_runs WHERE evaluation_id = $1 ORDER BY id DESC LIMIT $2)`,
    [evaluationId, kept],
  );
}
