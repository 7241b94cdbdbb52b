import { DataSource } from 'typeorm';
import { TenancyRolesAndFunctions1763800000000 } from './1763800000000-tenancy-roles-and-functions';
import { OrganisationsCreate1763800001000 } from './1763800001000-organisations-create';
import { RubricsCreate1763800002000 } from './1763800002000-rubrics-create';
import { TaskVersionsCreate1763800003000 } from './1763800003000-task-versions-create';
import { EvaluationsCreate1763800004000 } from './1763800004000-evaluations-create';
import { SubmissionsCreate1763800005000 } from './1763800005000-submissions-create';
import { CostEstimatesCreate1763800006000 } from './1763800006000-cost-estimates-create';
import { AuditEventsCreate1763800007000 } from './1763800007000-audit-events-create';
import { IdempotencyKeysCreate1763800008000 } from './1763800008000-idempotency-keys-create';
import { EvaluationsAddDecision1763800009000 } from './1763800009000-evaluations-add-decision';
import { RegradesCreate1763800010000 } from './1763800010000-regrades-create';
import { ScorecardsAddCounts1763800010001 } from './1763800010001-scorecards-add-counts';
import { PracticeRunsCreate1763800011000 } from './1763800011000-practice-runs-create';
import { EvaluationsAddAttemptPolicy1763800011001 } from './1763800011001-evaluations-add-attempt-policy';
import { CostEstimatesAddReport1763800013000 } from './1763800013000-cost-estimates-add-report';
import { CostEstimatesValidateReport1763800013001 } from './1763800013001-cost-estimates-validate-report';
import { AssumptionSetsAndExchangeRatesCreate1763800014000 } from './1763800014000-assumption-sets-and-exchange-rates-create';
import { CostEstimatesValidateAssumptionSet1763800014001 } from './1763800014001-cost-estimates-validate-assumption-set';
import { EstimateActualsCreate1763800015000 } from './1763800015000-estimate-actuals-create';
import { API_ROLE } from './tenancy';

/** Every migration, in the order in which they run. */
export const MIGRATIONS = [
  TenancyRolesAndFunctions1763800000000,
  OrganisationsCreate1763800001000,
  RubricsCreate1763800002000,
  TaskVersionsCreate1763800003000,
  EvaluationsCreate1763800004000,
  SubmissionsCreate1763800005000,
  CostEstimatesCreate1763800006000,
  AuditEventsCreate1763800007000,
  IdempotencyKeysCreate1763800008000,
  EvaluationsAddDecision1763800009000,
  RegradesCreate1763800010000,
  ScorecardsAddCounts1763800010001,
  PracticeRunsCreate1763800011000,
  EvaluationsAddAttemptPolicy1763800011001,
  CostEstimatesAddReport1763800013000,
  CostEstimatesValidateReport1763800013001,
  AssumptionSetsAndExchangeRatesCreate1763800014000,
  CostEstimatesValidateAssumptionSet1763800014001,
  EstimateActualsCreate1763800015000,
];

export interface MigrateOptions {
  /** Password that the API's role signs in with; set anew at every run. */
  readonly apiRolePassword: string;
}

/**
 * Brings a database to the newest schema and lets the API's role sign in. Safe to run twice and from two processes at once.
 *
 * @param ownerUrl `postgres://` URL of a role that owns the database and may create roles (PostgreSQL 18 or newer)
 * @returns the names of the migrations that ran now
 * @throws when the server is older than PostgreSQL 18 or a migration fails; the failed migration leaves nothing behind
 */
export async function migrate(ownerUrl: string, options: MigrateOptions): Promise<string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  try {
    const runner = dataSource.createQueryRunner();
    try {
      await requireVersion18(runner.query('SHOW server_version_num'));
      await runner.query('SELECT pg_advisory_lock(4711018)');
      const ran = await dataSource.runMigrations();
      const [password] = (await runner.query('SELECT quote_literal($1) AS quoted', [options.apiRolePassword])) as [
        { quoted: string },
      ];
      await runner.query(`ALTER ROLE ${API_ROLE} LOGIN PASSWORD ${password.quoted}`);
      const [database] = (await runner.query('SELECT quote_ident(current_database()) AS name')) as [{ name: string }];
      await runner.query(`GRANT CONNECT ON DATABASE ${database.name} TO ${API_ROLE}`);
      await runner.query('SELECT pg_advisory_unlock(4711018)');
      return ran.map((migration) => migration.name);
    } finally {
      await runner.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

async function requireVersion18(answer: Promise<unknown>): Promise<void> {
  const [row] = (await answer) as [{ server_version_num: string }];
  if (Number(row.server_version_num) < 180000) {
    throw new Error(
      `PostgreSQL 18 or newer is needed (ids are uuidv7()), this server is ${row.server_version_num}: point DATABASE_URL at a newer one`,
    );
  }
}
