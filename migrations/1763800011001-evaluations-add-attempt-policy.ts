import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a submission that could not be graded for a reason of its own uses an attempt: the organisation's default, the evaluation's rule. */
export class EvaluationsAddAttemptPolicy1763800011001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['organisations', 'evaluations'])
      await runner.query(`ALTER TABLE ${table} ADD COLUMN unstartable_uses_attempt boolean NOT NULL DEFAULT false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['organisations', 'evaluations'])
      await runner.query(`ALTER TABLE ${table} DROP COLUMN unstartable_uses_attempt`);
  }
}
