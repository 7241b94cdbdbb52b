import 'reflect-metadata';
import { createApp } from './app';
import { readConfig } from './config';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const app = await createApp(config);
  await app.listen(config.port, config.host);
}

main().catch((error: Error) => {
  process.stderr.write(`The API did not start: ${error.message}\n`);
  process.exit(1);
});
