import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToApi, protectByTenant } from './tenancy';

export class SubmissionsCreate1763800005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE submissions (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL,
        evaluation_id uuid NOT NULL,
        archive_sha256 text NOT NULL CHECK (archive_sha256 ~ '^[0-9a-f]{64}$'),
        archive_bytes integer NOT NULL CHECK (archive_bytes > 0),
        archive_kind text NOT NULL CHECK (archive_kind IN ('tar.gz', 'zip')),
        file_count integer NOT NULL CHECK (file_count > 0),
        received_at timestamptz NOT NULL DEFAULT now(),
        FOREIGN KEY (organisation_id, evaluation_id) REFERENCES evaluations (organisation_id, id),
        UNIQUE (organisation_id, id)
      )`);
    await runner.query('CREATE INDEX submissions_by_evaluation ON submissions (organisation_id, evaluation_id, id DESC)');
    await protectByTenant(runner, 'submissions', ['SELECT', 'INSERT']);

    await runner.query(`
      CREATE TABLE submission_archives (
        submission_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        content bytea NOT NULL CHECK (length(content) <= 10485760),
        FOREIGN KEY (organisation_id, submission_id) REFERENCES submissions (organisation_id, id)
      )`);
    await runner.query('ALTER TABLE submission_archives ALTER COLUMN content SET STORAGE EXTERNAL');
    await protectByTenant(runner, 'submission_archives', ['SELECT', 'INSERT']);

    await runner.query(`
      CREATE TABLE grading_runs (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL,
        submission_id uuid NOT NULL,
        task_version_id uuid NOT NULL REFERENCES task_versions,
        rubric_id uuid NOT NULL REFERENCES rubrics,
        requested_by uuid,
        requested_at timestamptz NOT NULL DEFAULT now(),
        queued_at timestamptz,
        started_at timestamptz,
        finished_at timestamptz,
        outcome text CHECK (outcome IN ('graded', 'ungradable', 'timed_out', 'infra_fault', 'cancelled')),
        reason jsonb,
        FOREIGN KEY (organisation_id, submission_id) REFERENCES submissions (organisation_id, id),
        UNIQUE (organisation_id, id),
        CHECK ((finished_at IS NULL) = (outcome IS NULL))
      )`);
    await runner.query('CREATE INDEX grading_runs_by_submission ON grading_runs (organisation_id, submission_id, id DESC)');
    await protectByTenant(runner, 'grading_runs', ['SELECT', 'INSERT', 'UPDATE']);

    await runner.query(`
      CREATE TABLE grading_reports (
        grading_run_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        report jsonb NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        FOREIGN KEY (organisation_id, grading_run_id) REFERENCES grading_runs (organisation_id, id)
      )`);
    await protectByTenant(runner, 'grading_reports', ['SELECT', 'INSERT']);

    await runner.query(`
      CREATE TABLE scorecards (
        grading_run_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        evaluation_id uuid NOT NULL,
        composite numeric(5,1) CHECK (composite BETWEEN 0 AND 100),
        scorecard jsonb NOT NULL,
        rubric jsonb NOT NULL,
        provenance jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        FOREIGN KEY (organisation_id, grading_run_id) REFERENCES grading_runs (organisation_id, id),
        FOREIGN KEY (organisation_id, evaluation_id) REFERENCES evaluations (organisation_id, id)
      )`);
    await runner.query(
      'CREATE INDEX scorecards_by_evaluation ON scorecards (organisation_id, evaluation_id, grading_run_id DESC)',
    );
    await protectByTenant(runner, 'scorecards', ['SELECT', 'INSERT']);

    // What is still to be handed to the queue. Holds ids only and is read across organisations by the relay, so it is no tenant table.
    await runner.query(`
      CREATE TABLE grading_outbox (
        grading_run_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        published_at timestamptz,
        settled_at timestamptz,
        publications integer NOT NULL DEFAULT 0,
        FOREIGN KEY (tenant_id, grading_run_id) REFERENCES grading_runs (organisation_id, id)
      )`);
    await runner.query('CREATE INDEX grading_outbox_open ON grading_outbox (created_at) WHERE settled_at IS NULL');
    await grantToApi(runner, 'grading_outbox', ['SELECT', 'INSERT', 'UPDATE']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE grading_outbox, scorecards, grading_reports, grading_runs, submission_archives, submissions');
  }
}
