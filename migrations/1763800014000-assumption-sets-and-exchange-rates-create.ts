import type { MigrationInterface, QueryRunner } from 'typeorm';
import { API_ROLE, protectByTenant } from './tenancy';

export class AssumptionSetsAndExchangeRatesCreate1763800014000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assumption_sets (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        description text CHECK (length(description) BETWEEN 1 AND 2000),
        newest_version integer NOT NULL DEFAULT 1 CHECK (newest_version >= 1),
        created_at timestamptz NOT NULL DEFAULT now(),
        archived_at timestamptz,
        UNIQUE (organisation_id, id)
      )`);
    await runner.query('CREATE UNIQUE INDEX assumption_sets_one_a_name ON assumption_sets (organisation_id, lower(name))');
    await protectByTenant(runner, 'assumption_sets', ['SELECT', 'INSERT']);
    await runner.query(`GRANT UPDATE (name, description, newest_version, archived_at) ON assumption_sets TO ${API_ROLE}`);

    await runner.query(`
      CREATE TABLE assumption_set_versions (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL,
        assumption_set_id uuid NOT NULL,
        version integer NOT NULL CHECK (version >= 1),
        assumptions jsonb NOT NULL,
        changes jsonb NOT NULL,
        created_by_kind text NOT NULL CHECK (created_by_kind IN ('member', 'api_key')),
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        FOREIGN KEY (organisation_id, assumption_set_id) REFERENCES assumption_sets (organisation_id, id),
        UNIQUE (organisation_id, assumption_set_id, version)
      )`);
    await runner.query(
      'CREATE INDEX assumption_set_versions_by_set ON assumption_set_versions (organisation_id, assumption_set_id, id DESC)',
    );
    await protectByTenant(runner, 'assumption_set_versions', ['SELECT', 'INSERT']);

    await runner.query(`
      ALTER TABLE cost_estimates ADD CONSTRAINT cost_estimates_of_assumption_set_version
        FOREIGN KEY (organisation_id, assumption_set_id, assumption_set_version)
        REFERENCES assumption_set_versions (organisation_id, assumption_set_id, version) NOT VALID`);

    // A rate is never changed. Whoever stored a wrong one stores another that corrects it, of the same currency and day.
    await runner.query(`
      CREATE TABLE exchange_rates (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$' AND currency <> 'USD'),
        per_dollar numeric NOT NULL CHECK (per_dollar > 0 AND per_dollar <= 1e9),
        day date NOT NULL,
        source text NOT NULL CHECK (length(source) BETWEEN 1 AND 500),
        corrects uuid UNIQUE,
        correction_reason text CHECK (length(correction_reason) BETWEEN 1 AND 500),
        created_by_kind text NOT NULL CHECK (created_by_kind IN ('member', 'api_key')),
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (organisation_id, id),
        UNIQUE (organisation_id, currency, day, id),
        FOREIGN KEY (organisation_id, currency, day, corrects) REFERENCES exchange_rates (organisation_id, currency, day, id),
        CHECK ((corrects IS NULL) = (correction_reason IS NULL))
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX exchange_rates_one_a_day ON exchange_rates (organisation_id, currency, day) WHERE corrects IS NULL',
    );
    await runner.query('CREATE INDEX exchange_rates_by_currency ON exchange_rates (organisation_id, currency, id DESC)');
    await protectByTenant(runner, 'exchange_rates', ['SELECT', 'INSERT']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE cost_estimates DROP CONSTRAINT cost_estimates_of_assumption_set_version');
    await runner.query('DROP TABLE exchange_rates, assumption_set_versions, assumption_sets');
  }
}
