import { createHash } from 'node:crypto';
import { ESTIMATE_FORMATS, ESTIMATE_MEDIA_TYPES, type EstimateFormat } from '@assay/estimate-export/export-estimate';
import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

/** Which file of an estimate is asked for. */
export class EstimateFormatQuery {
  @ApiProperty({ enum: ESTIMATE_FORMATS, description: 'docs/ESTIMATE-EXPORTS.md says what each holds.' })
  @IsIn(ESTIMATE_FORMATS)
  format!: EstimateFormat;
}

/** Describes an answer that is a file to save. */
export function ApiEstimateFile(): MethodDecorator {
  const schema = { type: 'string', format: 'binary' };
  const types = Object.values(ESTIMATE_MEDIA_TYPES).map((type) => type.split(';', 1)[0] as string);
  return applyDecorators(
    ApiOkResponse({ content: Object.fromEntries(types.map((type) => [type, { schema }])) }),
    ApiResponse({ status: 304, description: 'The file is the one that `If-None-Match` names.' }),
  );
}

/** A name of these bytes and no others, strong. */
export function entityTag(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 32)}"`;
}

/** `attachment` with a name of any signs (RFC 6266): as it is for clients that know RFC 8187, and in ASCII for others. */
export function attachment(fileName: string): string {
  const ascii = fileName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]+|["\\%]/gu, '_');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
