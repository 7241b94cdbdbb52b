import { z } from 'zod';
import { gradingReportSchema, REPORT_SCHEMA_ID } from './grading-report';

/**
 * The report as JSON Schema (draft 2020-12), as it is published in `docs/schema/grading-report-v1.schema.json`. Describes reports as they
 * are written today; older ones are read by `gradingReportSchema`, which completes them. That ids of checks differ it cannot say.
 */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(gradingReportSchema, { target: 'draft-2020-12', io: 'output' });
  return {
    $schema,
    $id: REPORT_SCHEMA_ID,
    title: 'Assay grading report, version 1',
    description: 'Evidence of one grading run. See docs/REPORT.md.',
    ...schema,
    if: { properties: { outcome: { const: 'graded' } } },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema; nothing awaits this object
    then: { properties: { reason: { type: 'null' } } },
    else: { properties: { reason: { type: 'object' }, checks: { maxItems: 0 } } },
  };
}
