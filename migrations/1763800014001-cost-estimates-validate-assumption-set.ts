import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Checks the estimates from before, which reading and writing goes on during. */
export class CostEstimatesValidateAssumptionSet1763800014001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE cost_estimates VALIDATE CONSTRAINT cost_estimates_of_assumption_set_version');
  }

  /** A constraint cannot be made unchecked again, nor need it be. */
  async down(): Promise<void> {}
}
