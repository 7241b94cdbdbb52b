import { ProgramReport } from './program-report';

function read(chunks: readonly string[], limits = { longest: 10, total: 40 }): { report: ProgramReport; lines: string[] } {
  const lines: string[] = [];
  const report = new ProgramReport(limits, (line) => lines.push(line));
  for (const chunk of ['{"phase":"program","startedFrom":"cold"}\n', ...chunks]) report.push(Buffer.from(chunk));
  return { report, lines };
}

test('hands on lines whole, whatever the chunks', () => {
  const { report, lines } = read(['one\ntw', 'o\n', '\n', 'no end']);
  expect(lines).toEqual(['one', 'two', '']);
  expect(report).toMatchObject({ step: 'setup', startedFrom: 'cold', hasDropped: false, isServing: false });
});

test('a character on the border of two chunks stays whole', () => {
  const lines: string[] = [];
  const report = new ProgramReport({ longest: 10, total: 40 }, (line) => lines.push(line));
  const bytes = Buffer.from('{"phase":"program"}\né\n');
  for (const byte of bytes) report.push(Buffer.from([byte]));
  expect(lines).toEqual(['é']);
});

test('cuts long lines, and is silent after the last byte it may hand on', () => {
  const { report, lines } = read(['x'.repeat(30), '\n', 'a\n', 'y'.repeat(9), '\n', 'z'.repeat(9), '\n', 'last-one\n', 'b\n']);
  expect(lines).toEqual(['x'.repeat(10), 'a', 'y'.repeat(9), 'z'.repeat(9)]);
  expect(report.hasDropped).toBe(true);
});

test('nothing counts before the harness spoke, and nothing that follows is taken for its words', () => {
  const lines: string[] = [];
  const report = new ProgramReport({ longest: 100, total: 400 }, (line) => lines.push(line));
  report.push(Buffer.from('{"phase":"setup"}\nnot json\n'));
  expect([report.step, lines]).toEqual([null, []]);
  report.push(Buffer.from('{"phase":"program","startedFrom":"shallow"}\n{"phase":"program","startedFrom":"deep"}\n'));
  expect([report.startedFrom, lines]).toEqual(['shallow', ['{"phase":"program","startedFrom":"deep"}']]);
});
