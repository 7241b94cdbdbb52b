import { type MessagePort, parentPort } from 'node:worker_threads';
import { exportEstimate } from '@assay/estimate-export/export-estimate';
import type { ThreadMessage } from '../threads/pooled-thread';
import type { ExportTask } from './estimate-export-messages';

// The body of a thread of `EstimateExportThreads`: one task after the other. What it does not expect ends the thread.
const port = parentPort as MessagePort;

port.on('message', ({ estimate, format }: ExportTask) => {
  const say = (message: ThreadMessage<Uint8Array>): void => port.postMessage(message);
  void exportEstimate(estimate, format).then((result) => say({ kind: 'done', result }));
});
