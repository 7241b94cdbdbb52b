import type { MigrationInterface, QueryRunner } from 'typeorm';
import { API_ROLE } from './tenancy';

/** Which scorecard counts was "the newest"; from here on it is written down. */
export class ScorecardsAddCounts1763800010001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE scorecards ADD COLUMN submission_id uuid,
        ADD COLUMN stands boolean NOT NULL DEFAULT false, ADD COLUMN counts boolean NOT NULL DEFAULT false`);
    await backfill(runner);
    await runner.query(`
      ALTER TABLE scorecards ALTER COLUMN submission_id SET NOT NULL,
        ADD FOREIGN KEY (organisation_id, submission_id) REFERENCES submissions (organisation_id, id),
        ADD CONSTRAINT scorecards_what_counts_stands CHECK (stands OR NOT counts)`);
    await runner.query('CREATE UNIQUE INDEX scorecards_one_stands ON scorecards (submission_id) WHERE stands');
    await runner.query('CREATE UNIQUE INDEX scorecards_one_counts ON scorecards (evaluation_id) WHERE counts');
    // The indexes see to "at most one"; this sees to "at least one", once the transaction is through.
    await runner.query(`
      CREATE FUNCTION require_scorecards_that_count() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM scorecards WHERE evaluation_id = NEW.evaluation_id AND counts)
           OR NOT EXISTS (SELECT FROM scorecards WHERE submission_id = NEW.submission_id AND stands) THEN
          RAISE EXCEPTION 'no scorecard counts for evaluation %, or none stands for submission %', NEW.evaluation_id, NEW.submission_id
            USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE CONSTRAINT TRIGGER one_counts AFTER INSERT OR UPDATE ON scorecards DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION require_scorecards_that_count()`);
    await runner.query(`GRANT UPDATE (stands, counts) ON scorecards TO ${API_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`REVOKE UPDATE (stands, counts) ON scorecards FROM ${API_ROLE}`);
    await runner.query('DROP TRIGGER one_counts ON scorecards');
    await runner.query('DROP FUNCTION require_scorecards_that_count()');
    await runner.query('ALTER TABLE scorecards DROP COLUMN submission_id, DROP COLUMN stands, DROP COLUMN counts');
  }
}

/**
 * One scorecard a grade: few enough for one statement. Row-level security is forced on the owner too, so it is lifted for the owner
 * while this transaction holds the tables.
 */
async function backfill(runner: QueryRunner): Promise<void> {
  const tables = ['scorecards', 'grading_runs'];
  for (const table of tables) await runner.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
  await runner.query(`
    WITH ranked AS (
      SELECT card.grading_run_id, run.submission_id,
             row_number() OVER (PARTITION BY run.submission_id ORDER BY run.id DESC) = 1 AS stands,
             row_number() OVER (PARTITION BY card.evaluation_id ORDER BY run.id DESC) = 1 AS counts
        FROM scorecards card JOIN grading_runs run ON run.id = card.grading_run_id)
    UPDATE scorecards card SET submission_id = ranked.submission_id, stands = ranked.stands, counts = ranked.counts
      FROM ranked WHERE ranked.grading_run_id = card.grading_run_id`);
  for (const table of tables) await runner.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
}
