import { join, resolve } from 'node:path';
import { freePort } from '@assay/testing/free-port';
import { startProcess, type TestProcess } from '@assay/testing/test-process';

const ROOT = resolve(__dirname, '..', '..');

/**
 * Starts the compiled worker as a process of its own, for the queue of a test API, and waits until it takes jobs.
 *
 * @param environment variables to set otherwise
 */
export async function startGradingWorker(
  queueUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestProcess> {
  const port = await freePort();
  return startProcess({
    entry: join(ROOT, 'apps', 'worker', 'dist', 'main.js'),
    environment: {
      QUEUE_URL: queueUrl,
      TASK_PACKS: join(ROOT, 'task-packs'),
      CONCURRENCY: '1',
      HEALTH_PORT: String(port),
      ...(process.env.ASSAY_HOME ? { ASSAY_HOME: process.env.ASSAY_HOME } : {}),
      ...environment,
    },
    readyWhen: { url: `http://127.0.0.1:${port}/health/ready` },
    timeoutMs: 120_000,
  });
}
