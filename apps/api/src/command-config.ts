/** What the operator's commands take from the environment; they need no more of the API's configuration. */
export interface CommandConfig {
  /** Connects as the role `assay_api`. */
  readonly databaseUrl: string;
  /** Password of every demo login; null when it is not given. */
  readonly demoPassword: string | null;
}

/** @throws Error when DATABASE_URL is missing */
export function readConfig(environment: NodeJS.ProcessEnv): CommandConfig {
  const { DATABASE_URL: databaseUrl, DEMO_PASSWORD: demoPassword = null } = environment;
  if (!databaseUrl) throw new Error('Set DATABASE_URL: the platform database, as the role assay_api.');
  return { databaseUrl, demoPassword };
}
