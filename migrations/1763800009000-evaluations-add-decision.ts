import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EvaluationsAddDecision1763800009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE evaluations ADD COLUMN decision text CHECK (decision IN ('advance', 'decline'))`);
    await runner.query(
      'ALTER TABLE evaluations ADD CONSTRAINT evaluations_decision_has_its_time CHECK ((decision IS NULL) = (decided_at IS NULL))',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE evaluations DROP COLUMN decision');
  }
}
