import type { MigrationInterface, QueryRunner } from 'typeorm';
import { API_ROLE, protectByTenant } from './tenancy';

export class RegradesCreate1763800010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE regrades (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        task_version_id uuid NOT NULL REFERENCES task_versions,
        reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
        requested_by uuid NOT NULL,
        requested_at timestamptz NOT NULL DEFAULT now(),
        closed_at timestamptz,
        cancelled_at timestamptz,
        UNIQUE (organisation_id, id),
        CHECK (cancelled_at IS NULL OR closed_at IS NOT NULL)
      )`);
    await protectByTenant(runner, 'regrades', ['SELECT', 'INSERT']);
    await runner.query(`GRANT UPDATE (closed_at, cancelled_at) ON regrades TO ${API_ROLE}`);

    await runner.query(`
      ALTER TABLE grading_runs ADD COLUMN regrade_id uuid,
        ADD FOREIGN KEY (organisation_id, regrade_id) REFERENCES regrades (organisation_id, id)`);

    // A candidate of a regrade: the run whose scorecard stood when it was asked for, the new one beside it, and what became of them.
    await runner.query(`
      CREATE TABLE regrade_items (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL,
        regrade_id uuid NOT NULL,
        evaluation_id uuid NOT NULL,
        submission_id uuid NOT NULL,
        earlier_run_id uuid NOT NULL,
        new_run_id uuid NOT NULL UNIQUE,
        comparison jsonb,
        changed boolean,
        decision text CHECK (decision IN ('approved', 'rejected', 'cancelled')),
        decision_reason text CHECK (length(decision_reason) BETWEEN 1 AND 500),
        decided_by uuid,
        decided_at timestamptz,
        FOREIGN KEY (organisation_id, regrade_id) REFERENCES regrades (organisation_id, id),
        FOREIGN KEY (organisation_id, evaluation_id) REFERENCES evaluations (organisation_id, id),
        FOREIGN KEY (organisation_id, submission_id) REFERENCES submissions (organisation_id, id),
        FOREIGN KEY (organisation_id, earlier_run_id) REFERENCES grading_runs (organisation_id, id),
        FOREIGN KEY (organisation_id, new_run_id) REFERENCES grading_runs (organisation_id, id),
        CHECK ((comparison IS NULL) = (changed IS NULL)),
        CHECK ((decision IS NULL) = (decided_at IS NULL)),
        CHECK (decision IS DISTINCT FROM 'approved' OR decision_reason IS NOT NULL)
      )`);
    await runner.query('CREATE UNIQUE INDEX regrade_items_one_open ON regrade_items (submission_id) WHERE decision IS NULL');
    await runner.query('CREATE INDEX regrade_items_by_regrade ON regrade_items (organisation_id, regrade_id, id DESC)');
    await runner.query(
      'CREATE INDEX regrade_items_changed ON regrade_items (organisation_id, regrade_id, id DESC) WHERE changed',
    );
    await runner.query('CREATE INDEX regrade_items_by_evaluation ON regrade_items (organisation_id, evaluation_id)');
    await protectByTenant(runner, 'regrade_items', ['SELECT', 'INSERT', 'UPDATE']);

    await runner.query(`
      ALTER TABLE grading_outbox ADD COLUMN priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('first', 'normal', 'last'))`);
    await runner.query(
      'CREATE INDEX grading_outbox_unpublished ON grading_outbox (priority, created_at) WHERE settled_at IS NULL AND published_at IS NULL',
    );
    await runner.query(
      `CREATE INDEX grading_outbox_last_on_queue ON grading_outbox (published_at)
        WHERE settled_at IS NULL AND published_at IS NOT NULL AND priority = 'last'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX grading_outbox_last_on_queue, grading_outbox_unpublished');
    await runner.query('ALTER TABLE grading_outbox DROP COLUMN priority');
    await runner.query('DROP TABLE regrade_items');
    await runner.query('ALTER TABLE grading_runs DROP COLUMN regrade_id');
    await runner.query('DROP TABLE regrades');
  }
}
