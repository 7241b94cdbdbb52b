import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectByTenant } from './tenancy';

export class CostEstimatesCreate1763800006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cost_estimates (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        name text CHECK (length(name) BETWEEN 1 AND 200),
        project jsonb NOT NULL,
        assumptions jsonb NOT NULL,
        break_evens jsonb NOT NULL,
        claims jsonb NOT NULL,
        warnings jsonb NOT NULL,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (organisation_id, id)
      )`);
    await protectByTenant(runner, 'cost_estimates', ['SELECT', 'INSERT']);
    await runner.query(`
      CREATE TABLE cost_estimate_models (
        cost_estimate_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        model text NOT NULL CHECK (model IN ('freelance', 'in_house', 'hybrid', 'staff_augmentation')),
        total numeric(14,2) NOT NULL CHECK (total >= 0),
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        delivery_months numeric(10,4) NOT NULL CHECK (delivery_months >= 0),
        breakdown jsonb NOT NULL,
        PRIMARY KEY (cost_estimate_id, model),
        FOREIGN KEY (organisation_id, cost_estimate_id) REFERENCES cost_estimates (organisation_id, id)
      )`);
    await protectByTenant(runner, 'cost_estimate_models', ['SELECT', 'INSERT']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cost_estimate_models, cost_estimates');
  }
}
