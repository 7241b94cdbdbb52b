import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToApi } from './tenancy';

export class TaskVersionsCreate1763800003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Packs are installed by the operator and shared by all organisations; hidden checks never enter the database.
    await runner.query(`
      CREATE TABLE task_versions (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        slug text NOT NULL CHECK (slug ~ '^[a-z0-9][a-z0-9-]*$'),
        version text NOT NULL,
        content_hash text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
        title text NOT NULL,
        summary text NOT NULL,
        prompt text NOT NULL,
        time_box_minutes integer NOT NULL CHECK (time_box_minutes > 0),
        measured_criteria text[] NOT NULL,
        starter bytea NOT NULL,
        synced_at timestamptz NOT NULL DEFAULT now(),
        current boolean NOT NULL DEFAULT true,
        UNIQUE (slug, version, content_hash)
      )`);
    await runner.query('CREATE UNIQUE INDEX task_versions_one_current ON task_versions (slug) WHERE current');
    await runner.query('ALTER TABLE task_versions ALTER COLUMN starter SET STORAGE EXTERNAL');
    await grantToApi(runner, 'task_versions', ['SELECT', 'INSERT']);
    await runner.query('GRANT UPDATE (current) ON task_versions TO assay_api');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE task_versions');
  }
}
