import { type MessagePort, parentPort } from 'node:worker_threads';
import { exportEstimate } from '@assay/estimate-export/export-estimate';
import type { ExportAnswer, ExportOrder } from './estimate-export-messages';

// The body of the thread of `EstimateExportThread`.
const port = parentPort as MessagePort;

port.on('message', async ({ order, estimate, format }: ExportOrder) => {
  const answer = await exportEstimate(estimate, format).then(
    (bytes): ExportAnswer => ({ order, bytes }),
    (error: unknown): ExportAnswer => ({ order, error }),
  );
  port.postMessage(answer);
});
