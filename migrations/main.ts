import { migrate } from './migrate';

/** Command line entry point: DATABASE_URL (owner) and ASSAY_API_PASSWORD in the environment. */
async function main(): Promise<number> {
  const { DATABASE_URL: ownerUrl, ASSAY_API_PASSWORD: apiRolePassword } = process.env;
  if (!ownerUrl || !apiRolePassword) {
    process.stderr.write('Set DATABASE_URL (owner of the database) and ASSAY_API_PASSWORD (password of the role assay_api).\n');
    return 64;
  }
  const ran = await migrate(ownerUrl, { apiRolePassword });
  process.stdout.write(ran.length === 0 ? 'The schema is up to date.\n' : `Ran ${ran.join(', ')}.\n`);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
