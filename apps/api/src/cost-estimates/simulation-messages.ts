import type { EstimateReport } from '@assay/cost-model/estimate-report';
import type { InputProblem } from '@assay/cost-model/input-error';

/** What a simulation thread says of the estimate that it was sent. The last one of an estimate is never `progress`. */
export type SimulationMessage =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'report'; readonly report: EstimateReport }
  /** The input cannot be estimated with. */
  | { readonly kind: 'refused'; readonly problems: readonly InputProblem[] };
