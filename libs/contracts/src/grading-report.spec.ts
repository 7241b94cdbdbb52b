import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { type GradingReport, gradingReportSchema, REPORT_SCHEMA_ID } from './grading-report';
import { reportJsonSchema } from './report-json-schema';

const PUBLISHED = path.join(__dirname, '..', '..', '..', 'docs', 'schema', 'grading-report-v1.schema.json');
const HASH = 'a'.repeat(64);

/** A report as the first graders stored them. */
function oldReport(fields: object = {}): unknown {
  return {
    version: 1,
    outcome: 'graded',
    reason: null,
    checks: [check('b1-a')],
    findings: [],
    provenance: {
      pack: { slug: 'bookshop', version: '1.0.0', contentHash: HASH },
      submissionHash: HASH,
      runtimeLockHash: HASH,
      graderVersion: '0.1.0',
      sandboxDriver: 'bubblewrap',
      python: '3.11.2',
      postgres: '18.4',
    },
    timings: { queueMs: null, startMs: 1, runMs: 2, totalMs: 3, checksMs: { 'b1-a': 2 } },
    ...fields,
  };
}

function check(id: string): unknown {
  return {
    id,
    title: 'Title',
    criterion: 'B1',
    level: 1,
    points: 2,
    status: 'passed',
    visibility: 'always',
    messageForCandidate: 'Good.',
    messageForReviewer: 'Good.',
    evidence: { exchanges: [], measurements: {}, findings: [], locations: [] },
  };
}

const REASON = { code: 'no-manage-py', messageForCandidate: 'a', messageForReviewer: 'b', log: '' };
const parse = (fields: object): GradingReport => gradingReportSchema.parse(oldReport(fields));
const issuesOf = (fields: object): string[] =>
  gradingReportSchema
    .safeParse(oldReport(fields))
    .error?.issues.map(({ path: where, message }) => `${where.join('.')}: ${message}`) ?? [];

describe('a report', () => {
  it('of an older grader is read in the form of today, with what nobody knows as null', () => {
    const report = parse({});
    expect(report.schema).toBe(REPORT_SCHEMA_ID);
    expect(report.checks[0]?.evidence.records).toEqual([]);
    expect(report.provenance).toMatchObject({ archiveSha256: null, django: null, limits: null, sandboxLayersMissing: null });
    expect(gradingReportSchema.parse(report)).toEqual(report);
  });

  it.each(['ungradable', 'timed_out', 'infra_fault', 'cancelled'])('that ended as %s has a reason and no checks', (outcome) => {
    expect(issuesOf({ outcome, reason: REASON, checks: [] })).toEqual([]);
    expect(issuesOf({ outcome, checks: [] })).toEqual([`reason: a run that ended as "${outcome}" needs a reason`]);
    expect(issuesOf({ outcome, reason: REASON })).toEqual([`checks: a run that ended as "${outcome}" has no checks`]);
  });

  it('that is graded has no reason, and each check once', () => {
    expect(issuesOf({ reason: REASON })).toEqual(['reason: a graded run has no reason for having no grade']);
    expect(issuesOf({ checks: [check('b1-a'), check('b1-a')] })).toEqual(['checks: an id is there twice']);
  });

  it('of another version or with a field that nobody knows is refused', () => {
    expect(issuesOf({ version: 2 })).toHaveLength(1);
    expect(issuesOf({ schema: 'urn:assay:schema:grading-report:v2' })).toHaveLength(1);
    expect(issuesOf({ score: 100 })).toEqual([': Unrecognized key: "score"']);
  });
});

describe('the published JSON Schema', () => {
  const valid = new Ajv2020({ strict: true, strictTypes: false }).compile(reportJsonSchema());

  it('is that of the code; `node tools/report-schema.mjs` writes it', () => {
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
  });

  it('takes reports as they are written today, and says the same of outcomes as the code', () => {
    expect([valid(parse({})), valid.errors]).toEqual([true, null]);
    expect(valid(parse({ outcome: 'ungradable', reason: REASON, checks: [] }))).toBe(true);
    const graded = parse({});
    for (const wrong of [
      { ...graded, reason: REASON },
      { ...graded, outcome: 'ungradable' },
      { ...graded, outcome: 'ungradable', checks: [] },
      { ...graded, outcome: 'lost' },
      { ...graded, score: 1 },
      { ...graded, provenance: { ...graded.provenance, node: undefined } },
    ]) {
      expect(valid(JSON.parse(JSON.stringify(wrong)))).toBe(false);
    }
  });
});
