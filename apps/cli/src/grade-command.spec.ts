import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gradingReportSchema } from '@assay/contracts/grading-report';
import { createGrader } from '@assay/grader/grader';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import type { DriverName } from '@assay/sandbox/choose-driver';
import { prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { UsageError } from './grade-arguments';
import { gradeCommand } from './grade-command';

jest.setTimeout(120_000);

const PACK = path.join(__dirname, '..', '..', '..', 'libs', 'grader', 'fixtures', 'tiny-notes');

/** Real engine, real sandbox, real PostgreSQL; only the output is collected instead of printed. */
describe('assay grade', () => {
  let scratch: string;
  let driver: BubblewrapDriver;
  let askedFor: DriverName | null;

  beforeAll(async () => {
    await prepareRuntime({ home: assayHome(process.env, os.homedir()) });
  }, 600_000);
  beforeEach(async () => {
    driver = new BubblewrapDriver();
    scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  async function run(...words: string[]): Promise<{ code: number; text: string }> {
    let text = '';
    const open = async (sandbox: DriverName | null) => {
      askedFor = sandbox;
      return createGrader({ sandbox: driver, runtime: await prepareRuntime({ home: assayHome(process.env, os.homedir()) }) });
    };
    const output = { result: (more: string) => (text += more), progress: () => undefined };
    return { code: await gradeCommand(words, open, output, new AbortController().signal), text };
  }

  it('prints a scorecard with what failed and why, and exits 0', async () => {
    const { code, text } = await run(PACK, 'broken/open-door');
    expect(askedFor).toBeNull();
    expect(code).toBe(0);
    expect(text).toContain('broken/open-door, Tiny notes');
    expect(text).toMatch(/Composite: \d+\.\d of 100/);
    expect(text).toContain('D2 N+1 prevention');
    expect(text).toContain('1 of 4 checks passed; these did not:');
    expect(text).toContain('seen: the notes of bob: expected ["three"], got ["one","two","three"');
  });

  it('prints one JSON object with --json', async () => {
    const { code, text } = await run(PACK, 'reference', '--json', '--sandbox', 'bubblewrap');
    expect(askedFor).toBe('bubblewrap');
    const { report, scorecard } = JSON.parse(text);
    expect(code).toBe(0);
    expect(gradingReportSchema.parse(report).outcome).toBe('graded');
    expect(scorecard).toMatchObject({ composite: 100 });
  });

  it('prints a file of another format with --format, and exits as ever', async () => {
    const { code, text } = await run(PACK, 'broken/open-door', '--format', 'junit');
    expect(code).toBe(0);
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="Assay: tiny-notes 1\.0\.0" tests="4"/);
    expect(text).toContain('<property name="points:b2-notes-of-others-are-hidden" value="3"/>');
    await mkdir(path.join(scratch, 'empty'));
    const empty = await run(PACK, path.join(scratch, 'empty'), '--format', 'ctrf');
    expect([empty.code, JSON.parse(empty.text).results.summary.other]).toEqual([2, 1]);
  });

  it('exits 2 and says what to do when the submission cannot be graded', async () => {
    await mkdir(path.join(scratch, 'project'));
    await writeFile(path.join(scratch, 'project', 'readme.txt'), 'nothing here');
    const { code, text } = await run(PACK, path.join(scratch, 'project'));
    expect(code).toBe(2);
    expect(text).toContain('Not graded: ungradable (no-manage-py)');
    expect(text).toContain('Archive the project folder itself');
  });

  it('exits 3 when the machine cannot grade', async () => {
    driver = new BubblewrapDriver({ program: '/nonexistent/bwrap' });
    const { code, text } = await run(PACK, 'reference', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(text)).toMatchObject({ report: { outcome: 'infra_fault' }, scorecard: null });
  });

  it("--verify holds the pack's solutions against what they say of themselves", async () => {
    const { code, text } = await run(PACK, '--verify');
    expect(code).toBe(0);
    expect(text).toMatch(/^ok {3}reference \(graded, \d+ ms\)\nok {3}broken\/open-door \(graded, \d+ ms\)\n$/);
  });

  it.each([
    [['bookshop'], /Name what is to be graded/],
    [[], /^Usage/],
    [['bookshop', 'a', 'b'], /^Usage/],
    [['bookshop', 'reference', '--jsno'], /Unknown option '--jsno'/],
    [['bookshop', 'reference', '--sandbox', 'none'], /no sandbox driver "none", but there are zygote and bubblewrap/],
    [['bookshop', 'reference', '--verify'], /takes no submission/],
    [['bookshop', 'reference', '--format', 'xml'], /no format "xml", but there are junit, ctrf, sarif, gradescope/],
    [['bookshop', 'reference', '--format', 'junit', '--json'], /--format goes with neither --json nor --verify/],
    [['nowhere', 'reference'], /no task pack "nowhere".*bookshop/],
    [['bookshop', 'broken/nothing'], /no folder, archive or solution of bookshop called "broken\/nothing"/],
  ])('refuses %j as wrong usage, in one line', async (words, message) => {
    const failure = await run(...words).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String((failure as UsageError).message)).toMatch(message);
    expect((failure as UsageError).message).not.toContain('\n');
  });
});
