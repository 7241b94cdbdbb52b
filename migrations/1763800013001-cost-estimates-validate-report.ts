import type { MigrationInterface, QueryRunner } from 'typeorm';

const CONSTRAINTS: readonly (readonly [string, string])[] = [
  ...['report', 'currency', 'exchange_rate', 'assumption_set', 'based_on', 'archived', 'of_family'].map(
    (name) => ['cost_estimates', `cost_estimates_${name}`] as const,
  ),
  ...['simulated', 'decimals'].map((name) => ['cost_estimate_models', `cost_estimate_models_${name}`] as const),
];

/** Checks the estimates from before, which reading and writing goes on during. */
export class CostEstimatesValidateReport1763800013001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, constraint] of CONSTRAINTS) await runner.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint}`);
  }

  /** A constraint cannot be made unchecked again, nor need it be. */
  async down(): Promise<void> {}
}
