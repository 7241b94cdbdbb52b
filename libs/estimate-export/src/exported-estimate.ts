import type { EstimateReport } from '@assay/cost-model/estimate-report';

/** An estimate with what identifies it, ready to leave the platform. Plain data. */
export interface ExportedEstimate {
  readonly id: string;
  /** Null when nobody named it. */
  readonly name: string | null;
  /** When it was made, RFC 3339 in UTC. */
  readonly createdAt: string;
  /** Set of own assumptions that it was made with; null when it was made with the model's defaults. */
  readonly assumptionSet: { readonly name: string; readonly version: number } | null;
  readonly report: EstimateReport;
}
