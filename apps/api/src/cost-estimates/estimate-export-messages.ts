import type { EstimateFormat } from '@assay/estimate-export/export-estimate';
import type { ExportedEstimate } from '@assay/estimate-export/exported-estimate';

/** A file that the thread is to make. */
export interface ExportOrder {
  /** Number by which the answer is known. */
  readonly order: number;
  readonly estimate: ExportedEstimate;
  readonly format: EstimateFormat;
}

export type ExportAnswer =
  | { readonly order: number; readonly bytes: Uint8Array }
  | { readonly order: number; readonly error: unknown };
