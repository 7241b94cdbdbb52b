import { type MessagePort, parentPort } from 'node:worker_threads';
import { explainDifference } from '@assay/cost-model/explain-difference';
import { EstimateInputError } from '@assay/cost-model/input-error';
import { reportEstimate } from '@assay/cost-model/report-estimate';
import type { ThreadMessage } from '../threads/pooled-thread';
import type { SimulationTask } from './simulation-messages';

// The body of a thread of `SimulationThreads`: one task after the other. What it does not expect ends the thread.
const port = parentPort as MessagePort;

port.on('message', (task: SimulationTask) => {
  const say = (message: ThreadMessage): void => port.postMessage(message);
  try {
    say({ kind: 'done', result: work(task, (share) => say({ kind: 'progress', share })) });
  } catch (error) {
    if (!(error instanceof EstimateInputError)) throw error;
    say({ kind: 'refused', problems: error.problems });
  }
});

function work(task: SimulationTask, onProgress: (share: number) => void): unknown {
  return task.kind === 'report' ? reportEstimate(task.input, onProgress) : explainDifference(task.before, task.after);
}
