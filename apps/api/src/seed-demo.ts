import { withTenantDatabase } from './database/with-tenant-database';
import { ensureDemoOrganisation } from './demo/demo-organisation';

/** Command: makes the demo organisation. DATABASE_URL (role assay_api) and DEMO_PASSWORD in the environment; prints one line of JSON. */
async function main({ DATABASE_URL: databaseUrl, DEMO_PASSWORD: password }: NodeJS.ProcessEnv): Promise<void> {
  if (!databaseUrl || !password) {
    throw new Error('Set DATABASE_URL (as the role assay_api) and DEMO_PASSWORD (of every demo login, 12 characters or more).');
  }
  const demo = await withTenantDatabase(databaseUrl, (database) => ensureDemoOrganisation(database, password));
  process.stdout.write(`${JSON.stringify(demo)}\n`);
}

main(process.env).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
