import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { TenantDatabase } from './tenant-database';

/** Runs a command's work on the platform database, without the rest of the API; closes the connection afterwards. */
export async function withTenantDatabase<T>(databaseUrl: string, work: (database: TenantDatabase) => Promise<T>): Promise<T> {
  const dataSource = new DataSource({ type: 'postgres', url: databaseUrl, applicationName: 'assay-command' });
  await dataSource.initialize();
  try {
    return await work(new TenantDatabase(dataSource));
  } finally {
    await dataSource.destroy();
  }
}
