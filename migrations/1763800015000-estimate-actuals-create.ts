import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectByTenant } from './tenancy';

/**
 * What a hire really cost and took. A correction is a further row with a reason; the highest revision counts, unless it withdraws the one
 * before. `foretold` is a copy of
 * what the estimate said of the chosen model, so that a comparison reads the same whatever becomes of the way estimates are kept.
 */
export class EstimateActualsCreate1763800015000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE estimate_actuals (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL,
        cost_estimate_id uuid NOT NULL,
        revision integer NOT NULL CHECK (revision >= 1),
        withdrawn boolean NOT NULL DEFAULT false,
        model text NOT NULL CHECK (model IN ('freelance', 'in_house', 'hybrid', 'staff_augmentation')),
        cost numeric(18,3) NOT NULL CHECK (cost > 0),
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        per_dollar numeric NOT NULL CHECK (per_dollar > 0),
        rate_day date NOT NULL,
        rate_source text NOT NULL,
        delivery_months numeric(10,4) NOT NULL CHECK (delivery_months > 0),
        months_to_start numeric(10,4) CHECK (months_to_start >= 0 AND months_to_start <= delivery_months),
        worked_hours numeric(14,2) CHECK (worked_hours > 0),
        hourly_rate numeric(18,3) CHECK (hourly_rate > 0),
        annual_salary numeric(18,3) CHECK (annual_salary > 0),
        exits integer CHECK (exits >= 0),
        started_on date,
        delivered_on date CHECK (delivered_on >= started_on),
        note text CHECK (length(note) BETWEEN 1 AND 1000),
        reason text CHECK (length(reason) BETWEEN 1 AND 500),
        foretold jsonb NOT NULL,
        recorded_by_kind text NOT NULL CHECK (recorded_by_kind IN ('member', 'api_key')),
        recorded_by uuid NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (organisation_id, cost_estimate_id, revision),
        CHECK ((revision = 1) = (reason IS NULL)),
        CHECK (NOT withdrawn OR revision > 1),
        CHECK (hourly_rate IS NULL OR model <> 'in_house'),
        CHECK (annual_salary IS NULL OR model IN ('in_house', 'hybrid')),
        FOREIGN KEY (organisation_id, cost_estimate_id) REFERENCES cost_estimates (organisation_id, id),
        FOREIGN KEY (cost_estimate_id, model) REFERENCES cost_estimate_models (cost_estimate_id, model)
      )`);
    await runner.query(
      'CREATE INDEX estimate_actuals_by_estimate ON estimate_actuals (organisation_id, cost_estimate_id, id DESC)',
    );
    await protectByTenant(runner, 'estimate_actuals', ['SELECT', 'INSERT']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE estimate_actuals');
  }
}
