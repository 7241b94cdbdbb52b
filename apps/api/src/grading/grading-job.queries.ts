import type { EntityManager } from 'typeorm';

/** What a grading job is made of, or null when the run is not there or has its outcome already. */
export interface RunToGrade {
  readonly runId: string;
  readonly submissionId: string;
  readonly requestedAt: Date;
  readonly slug: string;
  readonly version: string;
  readonly contentHash: string;
  readonly archiveSha256: string;
  readonly archiveBytes: number;
}

/** Reads an unfinished run with its pack and its archive's digest. */
export async function selectOptionalRunToGrade(manager: EntityManager, runId: string): Promise<RunToGrade | null> {
  const rows = (await manager.query(
    `SELECT run.id AS "runId", run.submission_id AS "submissionId", run.requested_at AS "requestedAt",
            task.slug, task.version, task.content_hash AS "contentHash",
            submission.archive_sha256 AS "archiveSha256", submission.archive_bytes AS "archiveBytes"
       FROM grading_runs run
       JOIN submissions submission ON submission.id = run.submission_id
       JOIN task_versions task ON task.id = run.task_version_id
      WHERE run.id = $1 AND run.outcome IS NULL`,
    [runId],
  )) as RunToGrade[];
  return rows[0] ?? null;
}

/** The archive of an unfinished run's submission, or null. */
export async function selectOptionalArchive(manager: EntityManager, runId: string): Promise<Buffer | null> {
  const rows = (await manager.query(
    `SELECT archive.content FROM grading_runs run JOIN submission_archives archive ON archive.submission_id = run.submission_id
      WHERE run.id = $1 AND run.outcome IS NULL`,
    [runId],
  )) as { content: Buffer }[];
  return rows[0]?.content ?? null;
}
