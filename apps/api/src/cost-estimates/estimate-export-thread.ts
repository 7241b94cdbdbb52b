import { type MessagePort, parentPort } from 'node:worker_threads';
import { exportEstimate } from '@assay/estimate-export/export-estimate';
import type { ExportAnswer, ExportOrder } from './estimate-export-messages';

// The body of the thread of `EstimateExportThread`.
const port = parentPort as MessagePort;

port.on('message', ({ order, estimate, format }: ExportOrder) => {
  const say = (answer: ExportAnswer): void => port.postMessage(answer);
  exportEstimate(estimate, format).then(
    (bytes) => say({ order, bytes }),
    (error: unknown) => say({ order, error }),
  );
});
