import type { EstimateFormat } from '@assay/estimate-export/export-estimate';
import type { ExportedEstimate } from '@assay/estimate-export/exported-estimate';

/** What the threads of `EstimateExportThreads` work on. */
export interface ExportTask {
  readonly estimate: ExportedEstimate;
  readonly format: EstimateFormat;
}
