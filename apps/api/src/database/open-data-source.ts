import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions';

const TRIES = 10;
const PAUSE_MS = 1_000;
/** PostgreSQL: the credentials are wrong or the database is not there. Waiting does not help. */
const HOPELESS = new Set(['28P01', '28000', '3D000']);

/**
 * Connects to the platform database; tries again for some seconds, because everything may be starting together.
 *
 * @param options with `url`
 * @throws Error that says where, why and what to do; also when the role is not bound by row-level security
 */
export async function openDataSource(options: PostgresDataSourceOptions): Promise<DataSource> {
  const dataSource = await connect(options);
  const [role] = (await dataSource.query(
    'SELECT current_user AS name, rolsuper OR rolbypassrls AS unbound FROM pg_roles WHERE rolname = current_user',
  )) as [{ name: string; unbound: boolean }];
  if (!role.unbound) return dataSource;
  await dataSource.destroy();
  throw new Error(
    `DATABASE_URL signs in as ${role.name}, who is not bound by row-level security, so organisations would see each other. Use the role assay_api.`,
  );
}

async function connect(options: PostgresDataSourceOptions): Promise<DataSource> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await new DataSource(options).initialize();
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      if (tries === TRIES || HOPELESS.has(code ?? '')) {
        const { host, pathname } = new URL(options.url ?? '');
        throw new Error(
          `The database ${host}${pathname} cannot be used: ${message || code}. Check that it runs and that DATABASE_URL is right.`,
        );
      }
      await sleep(PAUSE_MS);
    }
  }
}
