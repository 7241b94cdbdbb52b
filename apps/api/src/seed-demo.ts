import { readConfig } from './command-config';
import { withTenantDatabase } from './database/with-tenant-database';
import { ensureDemoOrganisation } from './demo/demo-organisation';

/** Command: makes the demo organisation, or finds it. Prints one line of JSON with its logins. */
async function main(): Promise<void> {
  const { databaseUrl, demoPassword } = readConfig(process.env);
  if (demoPassword === null) throw new Error('Set DEMO_PASSWORD: the password of every demo login, 12 characters or more.');
  const demo = await withTenantDatabase(databaseUrl, (database) => ensureDemoOrganisation(database, demoPassword));
  process.stdout.write(`${JSON.stringify(demo)}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
