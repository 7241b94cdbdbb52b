import type { ExportedEstimate } from '../exported-estimate';
import { assumptionRows, claimRows } from './assumption-rows';
import { COLUMNS } from './columns';
import { csvText } from './csv-text';
import { headRows } from './head-rows';
import { adviceRows, breakEvenRows, cashFlowRows, costRows } from './result-rows';
import { histogramRows, simulationRows } from './simulation-rows';

/**
 * An estimate as one tidy table: a row for every figure, its kind in `section` and `item`, so that a spreadsheet can filter and pivot it.
 * `value`, `low` and `high` hold numbers only; words stand in `note`.
 */
export function estimateCsv(estimate: ExportedEstimate): string {
  const { report } = estimate;
  const rows = [
    ...headRows(estimate),
    ...costRows(report),
    ...simulationRows(report),
    ...breakEvenRows(report),
    ...adviceRows(report),
    ...claimRows(report),
    ...assumptionRows(report),
    ...cashFlowRows(report),
    ...histogramRows(report),
  ];
  return csvText([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column] ?? null))]);
}
