import { StartReport } from './start-report';

function reportOf(...chunks: string[]): StartReport {
  const report = new StartReport();
  for (const chunk of chunks) report.push(Buffer.from(chunk));
  return report;
}
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

test('follows the steps, also when lines arrive in pieces', () => {
  const report = reportOf('{"phase":"se', 'tup"}\n{"phase":"migrate"}\n', line({ phase: 'wsgi' }));
  expect(report).toMatchObject({ step: 'wsgi', isServing: false, failure: null });
  report.push(Buffer.from(line({ phase: 'serving' })));
  expect(report.isServing).toBe(true);
});

test('nothing counts before the harness ran', () => {
  expect(reportOf(line({ phase: 'serving' }), line({ phase: 'failed' }))).toMatchObject({
    step: null,
    isServing: false,
    failure: null,
  });
});

test('bounds and checks what the submission may have written', () => {
  const wild = {
    phase: 'failed',
    step: 'serving',
    error: ['x'],
    message: 'm'.repeat(9000),
    traceback: 'a\0b',
    location: { file: '../../etc/passwd', line: 1 },
  };
  expect(reportOf(line({ phase: 'setup' }), line(wild)).failure).toEqual({
    outcome: 'failed',
    step: 'setup',
    error: '',
    message: 'm'.repeat(2000),
    traceback: 'ab',
    location: null,
  });
});

test.each([
  [
    { file: 'a/b.py', line: 3 },
    { file: 'a/b.py', line: 3 },
  ],
  [{ file: '/etc/passwd', line: 1 }, null],
  [{ file: 'a.py', line: 0 }, null],
  [{ file: 'a.py', line: 1e300 }, null],
  [{ file: 7, line: 1 }, null],
  ['a.py', null],
])('a place %j', (location, expected) => {
  expect(reportOf(line({ phase: 'setup' }), line({ phase: 'failed', location })).failure?.location).toEqual(expected);
});

test('is not filled by garbage', () => {
  const report = reportOf(
    line({ phase: 'setup' }),
    'null\n[]\n"x"\n{\n',
    'x'.repeat(10_000_000),
    `\n${line({ phase: 'serving' })}`,
  );
  expect(report).toMatchObject({ step: 'setup', isServing: false });
});
