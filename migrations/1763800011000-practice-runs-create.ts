import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToApi, protectByTenant } from './tenancy';

export class PracticeRunsCreate1763800011000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE practice_runs (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL,
        evaluation_id uuid NOT NULL,
        task_version_id uuid NOT NULL REFERENCES task_versions,
        archive_sha256 text NOT NULL CHECK (archive_sha256 ~ '^[0-9a-f]{64}$'),
        archive_bytes integer NOT NULL CHECK (archive_bytes > 0),
        file_count integer NOT NULL CHECK (file_count > 0),
        requested_at timestamptz NOT NULL DEFAULT now(),
        queued_at timestamptz,
        started_at timestamptz,
        finished_at timestamptz,
        outcome text CHECK (outcome IN ('finished', 'unstartable', 'timed_out', 'infra_fault', 'cancelled')),
        report jsonb,
        FOREIGN KEY (organisation_id, evaluation_id) REFERENCES evaluations (organisation_id, id),
        UNIQUE (organisation_id, id),
        CHECK ((finished_at IS NULL) = (outcome IS NULL)),
        CHECK (report IS NULL OR outcome IS NOT NULL)
      )`);
    await runner.query('CREATE INDEX practice_runs_by_evaluation ON practice_runs (organisation_id, evaluation_id, id DESC)');
    // One at a time, whichever process of the API is asked.
    await runner.query('CREATE UNIQUE INDEX practice_runs_one_open ON practice_runs (evaluation_id) WHERE outcome IS NULL');
    await protectByTenant(runner, 'practice_runs', ['SELECT', 'INSERT', 'UPDATE']);

    await runner.query(`
      CREATE TABLE practice_archives (
        practice_run_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        content bytea NOT NULL CHECK (length(content) <= 10485760),
        FOREIGN KEY (organisation_id, practice_run_id) REFERENCES practice_runs (organisation_id, id)
      )`);
    await runner.query('ALTER TABLE practice_archives ALTER COLUMN content SET STORAGE EXTERNAL');
    await protectByTenant(runner, 'practice_archives', ['SELECT', 'INSERT', 'DELETE']);

    // What is owed an outcome, and later what is still to be deleted. Holds ids only and is read across organisations, so it is no tenant
    // table.
    await runner.query(`
      CREATE TABLE practice_outbox (
        practice_run_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        published_at timestamptz,
        settled_at timestamptz,
        publications integer NOT NULL DEFAULT 0,
        FOREIGN KEY (tenant_id, practice_run_id) REFERENCES practice_runs (organisation_id, id)
      )`);
    await runner.query('CREATE INDEX practice_outbox_open ON practice_outbox (created_at) WHERE settled_at IS NULL');
    await runner.query('CREATE INDEX practice_outbox_settled ON practice_outbox (settled_at) WHERE settled_at IS NOT NULL');
    await grantToApi(runner, 'practice_outbox', ['SELECT', 'INSERT', 'UPDATE', 'DELETE']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE practice_outbox, practice_archives, practice_runs');
  }
}
