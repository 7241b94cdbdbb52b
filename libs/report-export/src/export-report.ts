import { toCtrf } from './ctrf';
import { toGradescope } from './gradescope';
import { toJUnit } from './junit';
import { toSarif } from './sarif';
import type { ReportView } from './view-report';

/** Formats of others that a report can be given in. */
export const EXPORT_FORMATS = ['junit', 'ctrf', 'sarif', 'gradescope'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedReport {
  readonly text: string;
  readonly mediaType: string;
  /** Under which others look for it. */
  readonly fileName: string;
}

/** Type and name of the file of each format. */
export const EXPORT_FILES: Readonly<Record<ExportFormat, Omit<ExportedReport, 'text'>>> = {
  junit: { mediaType: 'application/xml', fileName: 'junit.xml' },
  // Neither has a registered type, and `application/json` says less.
  ctrf: { mediaType: 'application/vnd.ctrf+json', fileName: 'ctrf-report.json' },
  sarif: { mediaType: 'application/sarif+json', fileName: 'results.sarif' },
  gradescope: { mediaType: 'application/vnd.gradescope+json', fileName: 'results.json' },
};

/**
 * A view as a file of another format (docs/REPORT.md has the mapping). Ends in a line break.
 *
 * @param finishedAt milliseconds since 1970 at which the run ended, for formats that say so
 */
export function exportReport(view: ReportView, format: ExportFormat, finishedAt?: number): ExportedReport {
  return { ...EXPORT_FILES[format], text: textOf(view, format, finishedAt) };
}

function textOf(view: ReportView, format: ExportFormat, finishedAt?: number): string {
  switch (format) {
    case 'junit':
      return toJUnit(view);
    case 'ctrf':
      return toCtrf(view, finishedAt);
    case 'sarif':
      return toSarif(view);
    case 'gradescope':
      return toGradescope(view);
  }
}
