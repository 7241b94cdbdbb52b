import { GRADING_JOBS_QUEUE } from '@assay/contracts/queues';
import { openWorker } from '../src/job-worker';

/** Takes a job, says so, and never finishes it. */
async function main(): Promise<void> {
  const settings = JSON.parse(process.env.SETTINGS ?? '{}') as object;
  await openWorker(
    GRADING_JOBS_QUEUE,
    process.env.QUEUE_URL ?? '',
    async (job) => {
      process.stdout.write(`took ${job.payload.runId}\n`);
      await new Promise(() => undefined);
    },
    { workerName: 'hanging', concurrency: 1, settings, onNotice: () => undefined },
  );
  process.stdout.write('ready\n');
}

void main();
