import type { EstimateInput } from '@assay/cost-model/estimate-input';
import type { ComparedEstimate } from '@assay/cost-model/explain-difference/estimate-difference';

/** What the threads of `SimulationThreads` work on. */
export type SimulationTask =
  | { readonly kind: 'report'; readonly input: EstimateInput }
  | { readonly kind: 'explain'; readonly before: ComparedEstimate; readonly after: ComparedEstimate };
