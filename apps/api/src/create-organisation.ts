import { parseArgs } from 'node:util';
import { readConfig } from './command-config';
import { withTenantDatabase } from './database/with-tenant-database';
import { foundOrganisation } from './organisations/found-organisation';
import { readSecret } from './organisations/read-secret';

const USAGE = `Usage: create-organisation --name "Acme" --email owner@acme.example [--owner-name "Olive Owner"]

Makes an organisation with its first owner. DATABASE_URL (as the role assay_api) is taken from the environment, the owner's password
(12 characters or more) is asked for, or read from the standard input when that is no terminal.`;

/** Command: makes the first organisation of an installation, or a further one. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, email: { type: 'string' }, 'owner-name': { type: 'string' } },
  });
  const { name, email, 'owner-name': ownerName = email } = values;
  if (!name || !email || !ownerName) throw new Error(USAGE);
  const { databaseUrl } = readConfig(process.env);
  const password = await readSecret(`Password of ${email}: `);
  const id = await withTenantDatabase(databaseUrl, (database) =>
    foundOrganisation(database, name, [{ name: ownerName, email, role: 'owner', password }]),
  );
  process.stdout.write(`${JSON.stringify({ organisationId: id, name, owner: email })}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
