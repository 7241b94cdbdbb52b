import type { Worker } from 'node:worker_threads';
import { exportEstimate } from '@assay/estimate-export/export-estimate';
import type { ExportedEstimate } from '@assay/estimate-export/exported-estimate';
import { Logger } from '@nestjs/common';
import { sampleEstimate } from '../../../../libs/estimate-export/fixtures/sample-estimates';
import { EstimateExportWorker } from './estimate-export-worker';

// A real thread.
beforeAll(() => Logger.overrideLogger(false));

const opened: EstimateExportWorker[] = [];
const open = (): EstimateExportWorker => {
  const worker = new EstimateExportWorker();
  opened.push(worker);
  return worker;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((worker) => worker.beforeApplicationShutdown()));
});

const threadOf = (worker: EstimateExportWorker): Worker => (worker as unknown as { worker: Worker }).worker;

describe('files made in a thread', () => {
  const estimate = sampleEstimate();

  it('are those that would be made here, and nothing stands still meanwhile', async () => {
    let turns = 0;
    const clock = setInterval(() => {
      turns += 1;
    }, 1);
    const made = await open().make(estimate, 'pdf');
    clearInterval(clock);
    expect(turns).toBeGreaterThan(5);
    expect(Buffer.compare(made, await exportEstimate(estimate, 'pdf'))).toBe(0);
  });

  it('leave the others alone when one cannot be made', async () => {
    const worker = open();
    const broken = { ...estimate, report: { ...estimate.report, models: null } } as unknown as ExportedEstimate;
    const [bad, good] = await Promise.allSettled([worker.make(broken, 'csv'), worker.make(estimate, 'csv')]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('are refused beyond a bound, and when the API stops', async () => {
    const worker = open();
    const orders = Array.from({ length: 33 }, () => worker.make(estimate, 'csv'));
    const settled = Promise.allSettled(orders);
    await expect(orders[32]).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
    await worker.beforeApplicationShutdown();
    for (const order of await settled)
      if (order.status === 'rejected') expect(order.reason).toMatchObject({ code: 'unavailable' });
    await expect(worker.make(estimate, 'csv')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('are refused when their thread dies, and the next one has a new thread', async () => {
    const worker = open();
    const lost = worker.make(estimate, 'pdf');
    void threadOf(worker).terminate();
    await expect(lost).rejects.toMatchObject({ code: 'unavailable' });
    expect((await worker.make(estimate, 'csv')).length).toBeGreaterThan(1000);
  });
});
