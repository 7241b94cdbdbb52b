import { exportEstimate } from '@assay/estimate-export/export-estimate';
import type { ExportedEstimate } from '@assay/estimate-export/exported-estimate';
import { Logger } from '@nestjs/common';
import { sampleEstimate } from '../../../../libs/estimate-export/fixtures/sample-estimates';
import { EstimateExportThreads } from './estimate-export-threads';

// A real thread.
beforeAll(() => Logger.overrideLogger(false));

let threads: EstimateExportThreads;
beforeEach(() => {
  threads = new EstimateExportThreads();
});
afterEach(() => threads.beforeApplicationShutdown());

describe('files made in a thread', () => {
  const estimate = sampleEstimate();

  it.each(['csv', 'pdf'] as const)('are those that would be made here: %s', async (format) => {
    const made = await threads.make(estimate, format, 'one');
    expect(Buffer.compare(made, await exportEstimate(estimate, format))).toBe(0);
  });

  it('leave the event loop free', async () => {
    const done: string[] = [];
    const made = threads.make(estimate, 'pdf', 'one').then(() => done.push('page'));
    await new Promise((resolve) => setImmediate(resolve)).then(() => done.push('turn'));
    await made;
    expect(done).toEqual(['turn', 'page']);
  });

  it.each(['csv', 'pdf'] as const)('leave the others alone when one cannot be made: %s', async (format) => {
    const broken = { ...estimate, report: { ...estimate.report, models: null } } as unknown as ExportedEstimate;
    const [bad, good] = await Promise.allSettled([threads.make(broken, format, 'one'), threads.make(estimate, format, 'one')]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('are refused when an organisation asks for too many at once, and when the API stops', async () => {
    const orders = Array.from({ length: 18 }, () => threads.make(estimate, 'csv', 'one'));
    const settled = Promise.allSettled([...orders, threads.make(estimate, 'csv', 'other')]);
    await expect(orders[17]).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
    expect((await settled).map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
    await threads.beforeApplicationShutdown();
    await expect(threads.make(estimate, 'csv', 'one')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
