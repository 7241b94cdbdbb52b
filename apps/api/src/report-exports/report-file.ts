import { EXPORT_FILES, EXPORT_FORMATS, type ExportedReport, type ExportFormat } from '@assay/report-export/export-report';
import { applyDecorators, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

export const REPORT_FORMATS = ['json', ...EXPORT_FORMATS] as const;

/** Query of every answer that can be had in the format of another tool. */
export class ReportFormatQuery {
  @ApiPropertyOptional({ enum: REPORT_FORMATS, default: 'json', description: 'docs/REPORT.md says what each holds.' })
  @IsIn(REPORT_FORMATS)
  format: 'json' | ExportFormat = 'json';
}

/** Describes an answer in JSON, or as a file of another format. @param json schema of the JSON, or the class that describes it */
export function ApiReportFormats(json: object | (new () => object)): MethodDecorator {
  const schema = typeof json === 'function' ? { $ref: getSchemaPath(json) } : json;
  const files = Object.values(EXPORT_FILES).map(({ mediaType }) => [mediaType, { schema: { type: 'string' } }] as const);
  return applyDecorators(ApiOkResponse({ content: { 'application/json': { schema }, ...Object.fromEntries(files) } }));
}

/** An exported report as the answer to a request: a file to save. */
export function asFile({ text, mediaType, fileName }: ExportedReport): StreamableFile {
  const bytes = Buffer.from(text, 'utf8');
  return new StreamableFile(bytes, {
    type: `${mediaType}; charset=utf-8`,
    length: bytes.length,
    disposition: `attachment; filename="${fileName}"`,
  });
}
