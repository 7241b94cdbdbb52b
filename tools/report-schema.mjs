/** node tools/report-schema.mjs: writes the JSON Schema of grading reports as it is published (docs/REPORT.md). Build `contracts` first. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const { reportJsonSchema } = createRequire(import.meta.url)('@assay/contracts/report-json-schema');
const file = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'schema', 'grading-report-v1.schema.json');
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
