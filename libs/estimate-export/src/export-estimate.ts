import { titleOf } from './asked';
import { estimateCsv } from './csv/estimate-csv';
import type { ExportedEstimate } from './exported-estimate';
import { estimatePdf } from './pdf/estimate-pdf';

export const ESTIMATE_FORMATS = ['csv', 'pdf'] as const;
export type EstimateFormat = (typeof ESTIMATE_FORMATS)[number];

/** Media type of the file of each format. */
export const ESTIMATE_MEDIA_TYPES: Readonly<Record<EstimateFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  pdf: 'application/pdf',
};

/** An estimate as a file. The same estimate gives the same bytes. */
export async function exportEstimate(estimate: ExportedEstimate, format: EstimateFormat): Promise<Uint8Array> {
  return format === 'csv' ? new TextEncoder().encode(estimateCsv(estimate)) : estimatePdf(estimate);
}

const LONGEST_TITLE = 80;

/** Name of the file: title, day and format, without what file systems refuse: `Checkout rebuild, cost estimate 2026-11-23.pdf`. */
export function estimateFileName(estimate: ExportedEstimate, format: EstimateFormat): string {
  const title = titleOf(estimate)
    .replace(/[\p{C}\s/\\:*?"<>|]+/gu, ' ')
    .replace(/^[\s.]+/, '');
  const short = [...title].slice(0, LONGEST_TITLE).join('').trim();
  return `${short === '' ? 'Cost' : `${short}, cost`} estimate ${estimate.createdAt.slice(0, 10)}.${format}`;
}
