import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { GradingReport } from '@assay/contracts/grading-report';
import { createGrader } from '@assay/grader/grader';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import { prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { sampleCheck, sampleReport } from '@assay/testing/sample-report';
import { compareWith, readEarlierReport } from './against';
import { formatAgainst } from './against-format';
import { UsageError } from './grade-arguments';
import { gradeCommand } from './grade-command';

jest.setTimeout(120_000);

const PACK = path.join(__dirname, '..', '..', '..', 'libs', 'grader', 'fixtures', 'tiny-notes');

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

async function fileOf(content: unknown): Promise<string> {
  const file = path.join(scratch, 'report.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const BEFORE = sampleReport({ checks: [sampleCheck({ id: 'one' }), sampleCheck({ id: 'two', level: 2 })] });
const PROVENANCE = BEFORE.provenance;

describe('an earlier report', () => {
  it('is read from what --json printed, and by itself', async () => {
    expect(await readEarlierReport(await fileOf({ report: BEFORE, scorecard: null }), 'bookshop')).toEqual(BEFORE);
    expect(await readEarlierReport(await fileOf(BEFORE), 'bookshop')).toEqual(BEFORE);
  });

  it.each<[unknown, RegExp]>([
    ['{', /holds no JSON/],
    ['[]', /holds no grading report/],
    [{ report: { ...BEFORE, checks: [{ id: 'x' }] } }, /holds no grading report: checks\.0\./],
    [{ report: { ...BEFORE, version: 2 } }, /holds no grading report: version: /],
    [{ ...BEFORE, checks: [...BEFORE.checks, ...BEFORE.checks] }, /holds no grading report: checks: /],
    [
      { ...BEFORE, provenance: { ...PROVENANCE, pack: { ...PROVENANCE.pack, slug: 'other' } } },
      /on the task "other", not on "bookshop"/,
    ],
  ])('that cannot be used is refused in one line: %#', async (content, message) => {
    const failure = await readEarlierReport(await fileOf(content), 'bookshop').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toMatch(message);
    expect((failure as UsageError).message).not.toContain('\n');
  });

  it('that is not there is refused in one line', async () => {
    await expect(readEarlierReport(path.join(scratch, 'none.json'), 'bookshop')).rejects.toThrow(
      /^The report .*none\.json cannot be read \(ENOENT\)\.$/,
    );
  });
});

describe('comparing with it', () => {
  const with_ = (fields: Partial<GradingReport['provenance']>): GradingReport => ({
    ...BEFORE,
    provenance: { ...PROVENANCE, ...fields },
  });
  const newPack = { ...PROVENANCE.pack, version: '1.1.0', contentHash: '1'.repeat(64) };

  it('refuses another submission, but for a solution of a pack that changed', () => {
    const other = { submissionHash: '2'.repeat(64) };
    expect(() => compareWith(BEFORE, with_(other), false)).toThrow(UsageError);
    expect(() => compareWith(BEFORE, with_(other), true)).toThrow(/another submission \(000000000000\)/);
    expect(() => compareWith(BEFORE, with_({ ...other, pack: newPack }), false)).toThrow(UsageError);
    expect(compareWith(BEFORE, with_({ ...other, pack: newPack }), true).changed).toBe(false);
  });

  it('prints what differs, the provenance too', () => {
    const checks = [sampleCheck({ id: 'one' }), sampleCheck({ id: 'two', level: 2, status: 'failed' })];
    const later = { ...with_({ pack: newPack, runtimeLockHash: '3'.repeat(64), sandboxDriver: 'bubblewrap' }), checks };
    expect(formatAgainst(compareWith(BEFORE, later, false))).toBe(`Against the earlier report:
  composite: 100.0 -> 50.0 (-50.0)
  area B Django REST Framework: 100.0 -> 50.0 (-50.0), -50.0 of the composite
  B1 serializers, viewsets: level 2 -> 1, 4/4 -> 2/4 points
  check two: passed; B1 level 2, 2 points -> failed; B1 level 2, 2 points
  pack.contentHash: ${'0'.repeat(64)} -> ${'1'.repeat(64)}
  pack.version: 1.0.0 -> 1.1.0
  runtimeLockHash: ${'0'.repeat(64)} -> ${'3'.repeat(64)}
  sandboxDriver: zygote -> bubblewrap
`);
  });

  it('says so when nothing differs', () => {
    expect(formatAgainst(compareWith(BEFORE, BEFORE, false))).toBe('Against the earlier report: the same result.\n');
  });
});

/** Real engine, real sandbox, real PostgreSQL; only the output is collected instead of printed. */
describe('assay grade --against', () => {
  async function run(...words: string[]): Promise<{ code: number; text: string }> {
    let text = '';
    const open = async () =>
      createGrader({
        sandbox: new BubblewrapDriver(),
        runtime: await prepareRuntime({ home: assayHome(process.env, os.homedir()) }),
      });
    const output = { result: (more: string) => (text += more), progress: () => undefined };
    return { code: await gradeCommand(words, open, output, new AbortController().signal), text };
  }

  it('exits 0 when the grade is the same, 1 when it is another, and refuses another submission', async () => {
    const first = await run(PACK, 'reference', '--json');
    expect(first.code).toBe(0);
    const same = await run(PACK, 'reference', '--against', await fileOf(first.text));
    expect(same.code).toBe(0);
    expect(same.text).toMatch(/\nAgainst the earlier report: the same result\.\n$/);

    const { report } = JSON.parse(first.text) as { report: GradingReport };
    const [check, ...rest] = report.checks;
    const doctored = { ...report, checks: [{ ...check, status: 'failed' }, ...rest] };
    const other = await run(PACK, 'reference', '--json', '--against', await fileOf(doctored));
    expect(other.code).toBe(1);
    expect(JSON.parse(other.text).against).toMatchObject({
      changed: true,
      comparison: { checks: [{ id: check?.id, changes: ['verdict'] }], otherEvidence: [], provenance: [] },
    });
    await expect(run(PACK, 'broken/open-door', '--against', await fileOf(report))).rejects.toThrow(/of another submission/);
  });

  it('goes with neither --verify nor --format', async () => {
    await expect(run(PACK, '--verify', '--against', 'x')).rejects.toThrow(/goes with neither --verify nor --format/);
    await expect(run(PACK, 'reference', '--format', 'junit', '--against', 'x')).rejects.toThrow(/goes with neither/);
  });
});
