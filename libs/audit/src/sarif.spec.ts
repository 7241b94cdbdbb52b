import { readFileSync } from 'node:fs';
import path from 'node:path';
import { auditReportSchema } from '@assay/contracts/audit-report';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { auditOf } from '../fixtures/audited-tree';
import { auditToSarif } from './sarif';

jest.setTimeout(60_000);

const SCHEMA = path.join(__dirname, '..', '..', 'report-export', 'fixtures', 'sarif-2.1.0.json');

/** Held against the schema that OASIS publishes. */
describe('SARIF of an audit', () => {
  const validate = addFormats(new Ajv2020({ strict: false, allErrors: true })).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));

  it('is valid, with place, level, weakness and fingerprint of every finding', async () => {
    const report = await auditOf({
      'shop/a b%é.py': 'def view(request):\n    return eval(request.GET["x"])\n',
      Dockerfile: 'FROM python:latest\nCMD ["gunicorn"]\n',
    });
    expect(auditReportSchema.parse(report)).toEqual(report);
    const log = JSON.parse(auditToSarif(report));
    expect(validate(log) ? [] : validate.errors).toEqual([]);
    const result = log.runs[0].results.find((one: { ruleId: string }) => one.ruleId === 'code/eval');
    expect(result).toMatchObject({
      level: 'error',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'shop/a%20b%25%C3%A9.py' }, region: { startLine: 2 } } }],
      partialFingerprints: { 'assayAudit/v1': expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(log.runs[0].tool.driver.rules[result.ruleIndex]).toMatchObject({
      id: 'code/eval',
      properties: { tags: ['C5', 'security', 'external/cwe/cwe-95'] },
    });
    expect(log.runs[0].results).toHaveLength(report.findings.length);
  });

  it('names an address and a commit where there is one', async () => {
    const report = await auditOf({});
    const source = { kind: 'repository', name: 'https://example.org/a.git', commit: 'a'.repeat(40) } as const;
    const log = JSON.parse(auditToSarif({ ...report, source }));
    expect(validate(log) ? [] : validate.errors).toEqual([]);
    expect(log.runs[0].versionControlProvenance).toEqual([{ repositoryUri: source.name, revisionId: source.commit }]);
  });

  it('is valid for what cannot be judged', async () => {
    const log = JSON.parse(auditToSarif(await auditOf({ 'a.py': '' }, {})));
    expect(validate(log)).toBe(true);
    expect(log.runs[0].invocations).toEqual([{ executionSuccessful: false }]);
  });

  it('is the same for the same files', async () => {
    const files = { 'shop/views.py': 'import pdb\npdb.set_trace()\n' };
    expect(auditToSarif(await auditOf(files))).toBe(auditToSarif(await auditOf(files)));
  });
});
