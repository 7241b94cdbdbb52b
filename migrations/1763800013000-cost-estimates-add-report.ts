import type { MigrationInterface, QueryRunner } from 'typeorm';
import { API_ROLE } from './tenancy';

const PERCENTILES = ['p10', 'p50', 'p90'];

/**
 * Estimates with a simulation, a currency of their own, a name that may change and an archive. `report` and `input` are `json`, kept
 * letter by letter, so that an estimate reads the same for ever; they are null for estimates from before, which were never simulated.
 */
export class CostEstimatesAddReport1763800013000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE cost_estimates
        ADD COLUMN input json,
        ADD COLUMN report json,
        ADD COLUMN currency text NOT NULL DEFAULT 'USD',
        ADD COLUMN exchange_rate numeric NOT NULL DEFAULT 1,
        ADD COLUMN exchange_rate_date date,
        ADD COLUMN exchange_rate_source text,
        ADD COLUMN assumption_set_id uuid,
        ADD COLUMN assumption_set_version integer,
        ADD COLUMN assumption_set_name text,
        ADD COLUMN based_on_id uuid,
        ADD COLUMN based_on_kind text,
        ADD COLUMN archived_at timestamptz,
        ADD COLUMN archived_by uuid,
        ADD CONSTRAINT cost_estimates_report CHECK ((input IS NULL) = (report IS NULL)) NOT VALID,
        ADD CONSTRAINT cost_estimates_currency CHECK (currency ~ '^[A-Z]{3}$') NOT VALID,
        ADD CONSTRAINT cost_estimates_exchange_rate CHECK (exchange_rate > 0) NOT VALID,
        ADD CONSTRAINT cost_estimates_assumption_set
          CHECK (num_nulls(assumption_set_id, assumption_set_version, assumption_set_name) IN (0, 3)) NOT VALID,
        ADD CONSTRAINT cost_estimates_based_on CHECK (
          (based_on_id IS NULL) = (based_on_kind IS NULL) AND based_on_kind IN ('scenario', 'rerun') AND based_on_id <> id
        ) NOT VALID,
        ADD CONSTRAINT cost_estimates_archived CHECK ((archived_at IS NULL) = (archived_by IS NULL)) NOT VALID,
        ADD CONSTRAINT cost_estimates_of_family
          FOREIGN KEY (organisation_id, based_on_id) REFERENCES cost_estimates (organisation_id, id) NOT VALID`);
    await runner.query(`GRANT UPDATE (name, archived_at, archived_by) ON cost_estimates TO ${API_ROLE}`);
    const listed = 'ON cost_estimates (organisation_id, id)';
    await runner.query(`CREATE INDEX cost_estimates_current ${listed} WHERE archived_at IS NULL`);
    await runner.query(`CREATE INDEX cost_estimates_archive ${listed} WHERE archived_at IS NOT NULL`);
    await runner.query('CREATE INDEX cost_estimates_by_base ON cost_estimates (organisation_id, based_on_id, id)');
    // Amounts have the decimals of their currency: none in yen, three in dinars.
    await runner.query(`
      ALTER TABLE cost_estimate_models
        ALTER COLUMN total TYPE numeric,
        ${PERCENTILES.map((name) => `ADD COLUMN cost_${name} numeric, ADD COLUMN delivery_${name} numeric`).join(', ')},
        ADD CONSTRAINT cost_estimate_models_simulated
          CHECK (num_nulls(${PERCENTILES.map((name) => `cost_${name}, delivery_${name}`).join(', ')}) IN (0, 6)) NOT VALID,
        ADD CONSTRAINT cost_estimate_models_decimals CHECK (scale(total) <= 3) NOT VALID`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE cost_estimate_models ALTER COLUMN total TYPE numeric(14,2),
        ${PERCENTILES.map((name) => `DROP COLUMN cost_${name}, DROP COLUMN delivery_${name}`).join(', ')}`);
    await runner.query(`
      ALTER TABLE cost_estimates DROP COLUMN input, DROP COLUMN report, DROP COLUMN currency, DROP COLUMN exchange_rate,
        DROP COLUMN exchange_rate_date, DROP COLUMN exchange_rate_source, DROP COLUMN assumption_set_id,
        DROP COLUMN assumption_set_version, DROP COLUMN assumption_set_name, DROP COLUMN based_on_id, DROP COLUMN based_on_kind,
        DROP COLUMN archived_at, DROP COLUMN archived_by`);
    await runner.query(`REVOKE UPDATE (name) ON cost_estimates FROM ${API_ROLE}`);
  }
}
