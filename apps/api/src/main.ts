import 'reflect-metadata';
import { createApp } from './app';
import { readConfig } from './config';

/** Supervisors kill after 10 seconds and more; nothing is lost by ending before, every change is a transaction. */
const STOP_WITHIN_MS = 9_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const app = await createApp(config);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, endInTime);
  await app.listen(config.port, config.host);
}

/** A database or queue store that hangs must not keep a stopping process. */
function endInTime(): void {
  setTimeout(() => end(`The API did not stop within ${STOP_WITHIN_MS / 1000} seconds and was ended`), STOP_WITHIN_MS).unref();
}

function end(why: string): void {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

main().catch((error: Error) => end(`The API did not start: ${error.message}`));
