import type { INestApplication } from '@nestjs/common';
import { LOG, type Log } from './log';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Over the time that running jobs have: putting jobs back, closing connections, stopping the grading database. */
const CLOSING_MS = 15_000;

/**
 * Lets SIGTERM and SIGINT drain the worker and end the process with code 0; with code 1 when that takes too long. The jobs that are
 * left then are taken over by another worker, as after SIGKILL.
 *
 * @param drainMs time that running jobs have to finish
 */
export function stopOnSignal(app: INestApplication, drainMs: number): void {
  const log = app.get<Log>(LOG);
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping');
    const tooLate = setTimeout(() => {
      log.error('Stopping took too long');
      process.exit(1);
    }, drainMs + CLOSING_MS);
    app
      .close()
      .catch((error: unknown) => {
        log.error({ err: error }, 'Stopping failed');
        process.exitCode = 1;
      })
      .finally(() => {
        clearTimeout(tooLate);
        process.exit();
      });
  };
  for (const signal of SIGNALS) process.on(signal, () => stop(signal));
}
