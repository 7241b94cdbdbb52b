import { type MessagePort, parentPort } from 'node:worker_threads';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import { EstimateInputError } from '@assay/cost-model/input-error';
import { reportEstimate } from '@assay/cost-model/report-estimate';
import type { SimulationMessage } from './simulation-messages';

// The body of a thread of `SimulationThreads`: one estimate after the other. What it does not expect ends the thread.
const port = parentPort as MessagePort;

port.on('message', (input: EstimateInput) => {
  const say = (message: SimulationMessage): void => port.postMessage(message);
  try {
    say({ kind: 'report', report: reportEstimate(input, (share) => say({ kind: 'progress', share })) });
  } catch (error) {
    if (!(error instanceof EstimateInputError)) throw error;
    say({ kind: 'refused', problems: error.problems });
  }
});
