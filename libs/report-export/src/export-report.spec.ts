import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GradingReport } from '@assay/contracts/grading-report';
import Ajv, { type ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { validateXML } from 'xmllint-wasm';
import { HOSTILE_TEXTS, hostileFailure, hostileReport, MIXED_REPORT, UNGRADED_REPORTS } from '../fixtures/sample-views';
import { EXPORT_FORMATS, type ExportFormat, exportReport } from './export-report';
import { type Viewer, viewReport } from './view-report';

const FIXTURES = path.join(__dirname, '..', 'fixtures');
const read = (name: string): string => readFileSync(path.join(FIXTURES, name), 'utf8');

/** Published schemas say more than these validators know of; what they know must hold. */
const OPTIONS = { strict: false, allErrors: true } as const;
const schemaOf: Readonly<Record<Exclude<ExportFormat, 'junit'>, ValidateFunction>> = {
  ctrf: addFormats(new Ajv(OPTIONS)).compile(JSON.parse(read('ctrf-schema-0.0.json'))),
  sarif: addFormats(new Ajv2020(OPTIONS)).compile(JSON.parse(read('sarif-2.1.0.json'))),
  gradescope: new Ajv2020(OPTIONS).compile(JSON.parse(read('gradescope-results.schema.json'))),
};

const CANDIDATE: Viewer = { policy: 'after_submission', submitted: true, decided: true };
const exported = (report: GradingReport, format: ExportFormat, viewer: Viewer = 'staff'): string =>
  exportReport(viewReport(report, viewer), format, 1_700_000_000_000).text;
const parsed = (report: GradingReport, format: Exclude<ExportFormat, 'junit'>, viewer?: Viewer) =>
  JSON.parse(exported(report, format, viewer));

interface SarifResult {
  readonly ruleId: string;
  readonly level: string;
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region?: { readonly startLine: number };
      };
    },
  ];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

async function problemsOf(text: string, format: ExportFormat): Promise<unknown> {
  if (format === 'junit') {
    const result = await validateXML({
      xml: [{ fileName: 'junit.xml', contents: text }],
      schema: [{ fileName: 'junit-10.xsd', contents: read('junit-10.xsd') }],
    });
    return result.valid ? [] : result.errors;
  }
  return schemaOf[format](JSON.parse(text)) ? [] : schemaOf[format].errors;
}

describe.each(EXPORT_FORMATS)('a %s file', (format) => {
  it.each<[string, Viewer]>([
    ['staff', 'staff'],
    ['a candidate', CANDIDATE],
    ['a candidate who may read nothing', { ...CANDIDATE, policy: 'none' }],
  ])('for %s is valid by the published schema', async (_who, viewer) => {
    for (const report of [MIXED_REPORT, ...UNGRADED_REPORTS])
      expect([report.outcome, await problemsOf(exported(report, format, viewer), format)]).toEqual([report.outcome, []]);
  });

  it.each(HOSTILE_TEXTS.map((text, index) => [index, text] as const))(
    'stays valid and bounded with hostile text %i in it',
    async (_index, text) => {
      for (const viewer of ['staff', CANDIDATE] as const) {
        for (const report of [hostileReport(text), hostileFailure(text)]) {
          const file = exported(report, format, viewer);
          expect(await problemsOf(file, format)).toEqual([]);
          expect(file.length).toBeLessThan(400_000);
          expect(Buffer.from(file, 'utf8').toString('utf8')).toBe(file);
          for (const sign of ['\u202e', '\u2066', '\u0000', '\u001b', '<testcase name="forged"'])
            expect(file).not.toContain(sign);
        }
      }
    },
  );

  it('is the same, byte for byte, each time', () => {
    expect(exported(MIXED_REPORT, format)).toBe(exported(structuredClone(MIXED_REPORT), format));
  });
});

describe('the validators', () => {
  it('refuse what is wrong', async () => {
    expect(await problemsOf('<testsuites><testcase/></testsuites>', 'junit')).not.toEqual([]);
    expect(await problemsOf('<testsuites>', 'junit')).not.toEqual([]);
    expect(await problemsOf('{"reportFormat":"CTRF"}', 'ctrf')).not.toEqual([]);
    expect(await problemsOf('{"version":"2.1.0"}', 'sarif')).not.toEqual([]);
    expect(await problemsOf('{"tests":[{"status":"errored"}]}', 'gradescope')).not.toEqual([]);
  });
});

describe('what the files say', () => {
  it('JUnit: an area is a suite, points are properties', () => {
    expect(exported(MIXED_REPORT, 'junit')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Assay: bookshop 1.0.0" tests="4" failures="1" errors="1" time="1.650">
  <testsuite name="Area A" tests="1" failures="0" errors="1" skipped="0" time="0.003" id="A">
    <properties>
      <property name="points:a2-three" value="0.5"/>
      <property name="earned:a2-three" value="0"/>
      <property name="visibility:a2-three" value="after_decision"/>
    </properties>
    <testcase name="Three" classname="A.A2" time="0.003">
      <error message="(unnamed)" type="errored"></error>
    </testcase>
  </testsuite>
  <testsuite name="Area B" tests="2" failures="1" errors="0" skipped="0" time="1.244" id="B">
    <properties>
      <property name="points:b1-one" value="2"/>
      <property name="earned:b1-one" value="2"/>
      <property name="visibility:b1-one" value="always"/>
      <property name="points:b2-two" value="3"/>
      <property name="earned:b2-two" value="0"/>
      <property name="visibility:b2-two" value="after_submission"/>
    </properties>
    <testcase name="One" classname="B.B1" time="0.010"/>
    <testcase name="Two" classname="B.B2" time="1.234">
      <failure message="expected 200, got 403" type="failed">expected 200, got 403</failure>
    </testcase>
  </testsuite>
  <testsuite name="Area D" tests="1" failures="0" errors="0" skipped="1" time="0.000" id="D">
    <properties>
      <property name="points:d2-four" value="2"/>
      <property name="earned:d2-four" value="0"/>
      <property name="visibility:d2-four" value="never"/>
    </properties>
    <testcase name="Four" classname="D.D2" time="0.000">
      <skipped message="Not run." type="skipped">Not run.</skipped>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('CTRF: statuses, suites, places and what CTRF has no word for', () => {
    const { results } = parsed(MIXED_REPORT, 'ctrf');
    expect(results.summary).toEqual({
      tests: 4,
      passed: 1,
      failed: 2,
      skipped: 1,
      pending: 0,
      other: 0,
      suites: 4,
      start: 1_699_999_998_350,
      stop: 1_700_000_000_000,
      duration: 1_650,
    });
    expect(results.tests.map((test: { status: string; rawStatus: string }) => [test.status, test.rawStatus])).toEqual([
      ['failed', 'errored'],
      ['passed', 'passed'],
      ['failed', 'failed'],
      ['skipped', 'skipped'],
    ]);
    expect(results.tests[2]).toEqual({
      name: 'Two',
      status: 'failed',
      duration: 1_234,
      suite: ['Area B', 'B2'],
      message: 'expected 200, got 403',
      rawStatus: 'failed',
      tags: ['B2'],
      filePath: 'shop/views.py',
      line: 12,
      testId: 'b2-two',
      extra: { criterion: 'B2', level: 2, points: 3, earned: 0, visibility: 'after_submission' },
    });
    expect(results.environment.extra.provenance).toEqual(MIXED_REPORT.provenance);
  });

  it('SARIF: findings and checks with a place, with fingerprints that moved lines do not change', () => {
    const [run] = parsed(MIXED_REPORT, 'sarif').runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['ruff/B006', 'ruff/S324', 'b2-two']);
    expect(
      run.results.map((result: SarifResult) => [
        result.ruleId,
        result.level,
        result.locations[0].physicalLocation.artifactLocation.uri,
        result.locations[0].physicalLocation.region?.startLine,
        result.partialFingerprints['assayOccurrence/v1'],
      ]),
    ).toEqual([
      ['ruff/B006', 'warning', 'shop/views.py', 3, 'ruff/B006:shop/views.py:1'],
      ['ruff/B006', 'warning', 'shop/views.py', 30, 'ruff/B006:shop/views.py:2'],
      ['ruff/S324', 'warning', 'shop/hash.py', 1, 'ruff/S324:shop/hash.py:1'],
      ['b2-two', 'error', 'shop/views.py', 12, 'b2-two:shop/views.py:1'],
      ['b2-two', 'error', 'shop/my%20urls.py', undefined, 'b2-two:shop/my urls.py:1'],
    ]);
    const moved = { ...MIXED_REPORT, findings: MIXED_REPORT.findings.map((one) => ({ ...one, line: one.line + 7 })) };
    const printsOf = (log: { runs: [{ results: { partialFingerprints: object }[] }] }) =>
      log.runs[0].results.map(({ partialFingerprints }) => partialFingerprints);
    expect(printsOf(parsed(moved, 'sarif'))).toEqual(printsOf(parsed(MIXED_REPORT, 'sarif')));
  });

  it('Gradescope: students get the texts that are meant for candidates', () => {
    const { tests } = parsed(MIXED_REPORT, 'gradescope');
    expect(tests[1]).toEqual({
      score: 0,
      max_score: 3,
      status: 'failed',
      name: 'Two',
      name_format: 'text',
      number: '2',
      output: 'Look at two.',
      output_format: 'text',
      tags: ['B2'],
      visibility: 'visible',
      extra_data: { id: 'b2-two', level: 2, status: 'failed' },
    });
    expect(tests.map(({ visibility }: { visibility: string }) => visibility)).toEqual([
      'visible',
      'visible',
      'after_published',
      'hidden',
    ]);
    expect(UNGRADED_REPORTS.map((report) => [report.outcome, parsed(report, 'gradescope').score])).toEqual([
      ['ungradable', 0],
      ['timed_out', 0],
      ['infra_fault', undefined],
      ['cancelled', undefined],
    ]);
  });

  it('of a run without a grade: why', () => {
    const [ungradable] = UNGRADED_REPORTS;
    for (const format of ['junit', 'ctrf', 'gradescope'] as const) {
      if (!ungradable) throw new Error('there is no such report');
      expect(exported(ungradable, format)).toContain('It is broken.');
      expect(exported(ungradable, format, CANDIDATE)).toContain('Mend it.');
      expect(exported(ungradable, format, CANDIDATE)).not.toContain('It is broken.');
    }
  });
});
