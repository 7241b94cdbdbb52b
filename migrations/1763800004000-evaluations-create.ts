import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowLookupByCredential, protectByTenant } from './tenancy';

export class EvaluationsCreate1763800004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE candidates (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        email text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 320),
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (organisation_id, email),
        UNIQUE (organisation_id, id)
      )`);
    await protectByTenant(runner, 'candidates', ['SELECT', 'INSERT', 'UPDATE']);

    await runner.query(`
      CREATE TABLE evaluations (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        candidate_id uuid NOT NULL,
        task_version_id uuid NOT NULL REFERENCES task_versions,
        rubric_id uuid NOT NULL REFERENCES rubrics,
        role text NOT NULL CHECK (length(role) BETWEEN 1 AND 200),
        time_box_minutes integer NOT NULL CHECK (time_box_minutes > 0),
        attempts_allowed integer NOT NULL DEFAULT 1 CHECK (attempts_allowed BETWEEN 1 AND 10),
        opens_at timestamptz,
        closes_at timestamptz,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        invited_at timestamptz,
        started_at timestamptz,
        submitted_at timestamptz,
        graded_at timestamptz,
        decided_at timestamptz,
        cancelled_at timestamptz,
        FOREIGN KEY (organisation_id, candidate_id) REFERENCES candidates (organisation_id, id),
        UNIQUE (organisation_id, id),
        CHECK (closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at),
        CHECK (started_at IS NULL OR invited_at IS NOT NULL),
        CHECK (submitted_at IS NULL OR started_at IS NOT NULL),
        CHECK (graded_at IS NULL OR submitted_at IS NOT NULL)
      )`);
    await runner.query('CREATE INDEX evaluations_by_candidate ON evaluations (organisation_id, candidate_id, id DESC)');
    await protectByTenant(runner, 'evaluations', ['SELECT', 'INSERT', 'UPDATE']);
    await runner.query(`
      CREATE FUNCTION refuse_change_of_used_rubric() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
      DECLARE
        rubric uuid := CASE WHEN TG_TABLE_NAME = 'rubrics' THEN (to_jsonb(OLD) ->> 'id')::uuid ELSE (to_jsonb(OLD) ->> 'rubric_id')::uuid END;
      BEGIN
        IF EXISTS (SELECT FROM rubric_uses WHERE rubric_id = rubric) THEN
          RAISE EXCEPTION 'rubric % is in use and cannot change: publish a new version', rubric USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
      END $$`);
    // Row-level security hides evaluations even from the owner, so uses are kept in a table of their own.
    await runner.query('CREATE TABLE rubric_uses (rubric_id uuid PRIMARY KEY REFERENCES rubrics)');
    await runner.query(`
      CREATE FUNCTION note_use_of_rubric() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
      BEGIN
        INSERT INTO rubric_uses (rubric_id) VALUES (NEW.rubric_id) ON CONFLICT DO NOTHING;
        RETURN NEW;
      END $$`);
    await runner.query(
      'CREATE TRIGGER note_use_of_rubric AFTER INSERT ON evaluations FOR EACH ROW EXECUTE FUNCTION note_use_of_rubric()',
    );
    for (const table of ['rubrics', 'rubric_areas', 'rubric_criteria', 'rubric_levels']) {
      await runner.query(
        `CREATE TRIGGER immutable_once_used BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_change_of_used_rubric()`,
      );
    }

    await runner.query(`
      CREATE TABLE invitations (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL,
        evaluation_id uuid NOT NULL,
        token_hash text NOT NULL UNIQUE,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        first_used_at timestamptz,
        revoked_at timestamptz,
        FOREIGN KEY (organisation_id, evaluation_id) REFERENCES evaluations (organisation_id, id)
      )`);
    await runner.query('CREATE INDEX invitations_by_evaluation ON invitations (evaluation_id)');
    await protectByTenant(runner, 'invitations', ['SELECT', 'INSERT', 'UPDATE']);
    await allowLookupByCredential(runner, 'invitations', 'token_hash');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['rubrics', 'rubric_areas', 'rubric_criteria', 'rubric_levels']) {
      await runner.query(`DROP TRIGGER immutable_once_used ON ${table}`);
    }
    await runner.query('DROP FUNCTION refuse_change_of_used_rubric()');
    await runner.query('DROP TABLE invitations, evaluations, candidates');
    await runner.query('DROP FUNCTION note_use_of_rubric()');
    await runner.query('DROP TABLE rubric_uses');
  }
}
