import type { GradingReport } from '@assay/contracts/grading-report';
import type { Attack } from '../attack';
import { type GradedForgery, gradedForgery, isFree } from './graded-forgery';
import { type Belief, naiveJudge } from './naive-judge';

const POINTS = 'A project that does nothing right gets points, or a run that costs no attempt.';

/** Code of the project that would deceive a judge in its own process; before ours it is a project that does nothing right. */
const deceive = (
  id: string,
  title: string,
  believes: Belief,
  more: Partial<Pick<GradedForgery, 'submission' | 'isBreach' | 'breach'>> & { tests?: string } = {},
): Attack =>
  gradedForgery({
    id,
    title,
    breach: more.breach ?? POINTS,
    layer: 'outside-judge',
    submission: more.submission ?? { overlays: ['with-forge', id] },
    ...(more.isBreach ? { isBreach: more.isBreach } : {}),
    proof: naiveJudge(believes, more.tests),
  });

/** The reference asks the database for every row: only the count of statements is forged. */
const hidesStatements = {
  breach: 'The list asks the database for every row, and the check of its statements passes.',
  isBreach: (report: GradingReport): boolean =>
    isFree(report) || report.checks.some(({ id, status }) => id === 'd2-statements-do-not-grow' && status === 'passed'),
};

export const inProcessForgeries: readonly Attack[] = [
  deceive('exit-at-once', 'os._exit(0) when the URLs are imported', 'exit'),
  deceive('exit-politely', 'sys.exit(0) when the URLs are imported', 'exit'),
  deceive('exit-hook', 'An atexit hook that exits with 0', 'exit'),
  deceive('results-on-stdout', 'Results of passed tests printed on stdout', 'stdout'),
  deceive('results-on-stderr', 'Results of passed tests printed on stderr', 'stderr'),
  deceive(
    'results-on-channels',
    'Results of passed tests written to every descriptor, the channel of the start among them',
    'channel',
  ),
  deceive('own-junit-report', 'A JUnit report of its own', 'junit'),
  deceive('own-conftest', 'A conftest.py that makes every report one of success', 'junit', {
    submission: { overlays: ['own-conftest'] },
  }),
  deceive('own-pytest-plugin', 'A pytest plugin that pytest.ini loads', 'junit', {
    submission: { overlays: ['own-pytest-plugin'] },
  }),
  deceive('own-sitecustomize', 'sitecustomize.py and usercustomize.py', 'exit', {
    submission: { overlays: ['own-sitecustomize'] },
  }),
  deceive('patched-json', 'json.loads gives what equals everything', 'stdout'),
  deceive('patched-client', "Django's test client answers by itself", 'stdout'),
  deceive('patched-sockets', 'http.client, socket and wsgiref answer by themselves', 'stdout', { tests: 'naive_live_tests' }),
  deceive('patched-settings', 'Settings that patch Django, with a test runner and a table of answers', 'stdout', {
    submission: { overlays: ['with-forge', 'patched-settings'] },
  }),
  deceive('judge-functions-replaced', "The judge's functions replaced, found through sys.modules and gc", 'stdout'),
  deceive('expected-values-from-frames', 'Answers made of what stands in the frames that compare them', 'stdout'),
  deceive('patched-queries', 'connection.queries always empty', 'stdout', hidesStatements),
  deceive('patched-cursor', "Statements sent past Django's cursor", 'stdout', hidesStatements),
];
