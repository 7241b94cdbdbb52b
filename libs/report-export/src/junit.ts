import { type AreaOfChecks, checksByArea } from './areas';
import { MAX_TEXT, plainName, plainText } from './plain-text';
import type { ReportView, ViewedCheck } from './view-report';

/**
 * JUnit XML: an area is a `testsuite`, a check a `testcase` of the class of its criterion. Points are properties of the suite
 * (`points:<id>`, `earned:<id>`), since the schema of JUnit's readers knows none of a test case. A run without a grade is one suite with
 * one error. Valid against `junit-10.xsd` of the Jenkins xUnit plugin.
 */
export function toJUnit(view: ReportView): string {
  const suites = view.outcome === 'graded' ? checksByArea(view).map(suiteOfArea) : [suiteOfReason(view)];
  const sum = (of: (suite: Suite) => number): number => suites.reduce((total, suite) => total + of(suite), 0);
  const { slug, version } = view.task;
  const head = attributes({
    name: plainName(`Assay: ${slug} ${version}`),
    tests: sum((suite) => suite.tests),
    failures: sum((suite) => suite.failures),
    errors: sum((suite) => suite.errors),
    ...(view.totalMs === null ? {} : { time: seconds(view.totalMs) }),
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites.map(({ xml }) => xml).join('')}</testsuites>\n`;
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly xml: string;
}

function suiteOfArea({ id, name, checks }: AreaOfChecks): Suite {
  const count = (status: ViewedCheck['status']): number => checks.filter((check) => check.status === status).length;
  const figures = { tests: checks.length, failures: count('failed'), errors: count('errored') };
  const head = attributes({
    name,
    ...figures,
    skipped: count('skipped'),
    time: seconds(checks.reduce((sum, check) => sum + (check.forStaff?.durationMs ?? 0), 0)),
    id,
  });
  const properties = checks.flatMap(propertiesOf);
  const listed = properties.length > 0 ? `    <properties>\n${properties.join('')}    </properties>\n` : '';
  return { ...figures, xml: `  <testsuite${head}>\n${listed}${checks.map(caseOf).join('')}  </testsuite>\n` };
}

function propertiesOf({ key, status, forStaff }: ViewedCheck): string[] {
  if (forStaff === null) return [];
  const property = (name: string, value: string | number): string =>
    `      <property${attributes({ name: `${name}:${plainName(key)}`, value })}/>\n`;
  return [
    property('points', forStaff.points),
    property('earned', status === 'passed' ? forStaff.points : 0),
    property('visibility', forStaff.visibility),
  ];
}

const ELEMENTS = { failed: 'failure', errored: 'error', skipped: 'skipped' } as const;

function caseOf(check: ViewedCheck): string {
  const head = attributes({
    name: plainName(check.title),
    classname: `${check.criterion.charAt(0)}.${check.criterion}`,
    time: seconds(check.forStaff?.durationMs ?? 0),
  });
  if (check.status === 'passed') return `    <testcase${head}/>\n`;
  const element = ELEMENTS[check.status];
  const about = attributes({ message: plainName(check.message), type: check.status });
  return `    <testcase${head}>\n      <${element}${about}>${escaped(plainText(check.message, MAX_TEXT))}</${element}>\n    </testcase>\n`;
}

function suiteOfReason({ outcome, reason }: ReportView): Suite {
  const figures = { tests: 1, failures: 0, errors: 1 };
  const message = reason?.message ?? outcome;
  const text = escaped(plainText(`${message}\n${reason?.log ?? ''}`.trimEnd(), MAX_TEXT));
  const about = attributes({ message: plainName(message), type: plainName(reason?.code ?? outcome) });
  const head = attributes({ name: 'Run', ...figures });
  return {
    ...figures,
    xml: `  <testsuite${head}>\n    <testcase${attributes({ name: `The run is ${outcome}`, classname: 'run' })}>\n      <error${about}>${text}</error>\n    </testcase>\n  </testsuite>\n`,
  };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}

/** `>` too: `]]>` may stand nowhere in a text. */
function escaped(text: string): string {
  return text.replace(/[<>&"\t\n\r]/g, (sign) => ESCAPES[sign] ?? sign);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
