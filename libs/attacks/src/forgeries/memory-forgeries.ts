import http from 'node:http';
import type { Attack, Observation } from '../attack';
import type { Stage } from '../stage';
import { describeReport, grade, type Submission } from './court';
import { gradedForgery, isFree, looseChecks } from './graded-forgery';
import { openDatabase } from './own-database';
import { serveWithoutJudge } from './serve';

/** A project that knows the published rows and nothing else, and does not ask its database. */
const byHeart = (id: string, title: string): Attack =>
  gradedForgery({
    id,
    title,
    breach: 'A project that never looks at new rows gets points.',
    layer: 'fresh-data',
    submission: { overlays: ['with-middleware', id] },
    proof: looseChecks,
  });

const EARLIER_RUNS: Submission = { overlays: ['with-middleware', 'remembered-from-earlier-runs'] };

const rememberedFromEarlierRuns: Attack = {
  id: 'remembered-from-earlier-runs',
  title: 'What one run saw kept for the next, in files, shared memory and every corner of the database',
  breach: 'The second of two gradings finds something that the first left behind.',
  layers: ['database-role'],
  residual: null,
  runs: 'each',
  async attempt(stage, without) {
    if (without.length > 0) return twiceInOneDatabase(stage);
    const first = await grade(stage, EARLIER_RUNS);
    const second = await grade(stage, EARLIER_RUNS);
    const answers = [first, second].map((report) => report.checks[0]?.evidence.exchanges[0]?.response?.body);
    if (answers.includes(undefined)) throw new Error(`The project did not answer: ${describeReport(second)}`);
    const breached = answers.some((answer) => answer !== '{"found": []}') || isFree(first) || isFree(second);
    return { breached, seen: `it found ${answers[1]}` };
  },
};

/** Two projects after each other in one database, as a judge does that makes no fresh role and database. */
async function twiceInOneDatabase(stage: Stage): Promise<Observation> {
  const { database } = await openDatabase(stage);
  const answers: string[] = [];
  for (let run = 1; run <= 2; run += 1) {
    const sandbox = await serveWithoutJudge(stage, EARLIER_RUNS, { database });
    answers.push(await get(sandbox.httpSocket, stage.signal));
    await sandbox.kill();
  }
  return { breached: answers[1] !== '{"found": []}', seen: `in the database of the run before it found ${answers[1]}` };
}

function get(socketPath: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { socketPath, path: '/notes/', headers: { host: 'localhost' }, agent: false as const, signal };
    const request = http.get(options, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
  });
}

export const memoryForgeries: readonly Attack[] = [
  byHeart('table-of-answers', 'Answers by heart'),
  byHeart('recognised-by-headers', 'A judge recognised by its headers'),
  byHeart('recognised-by-order', 'Answers of an earlier run played in the order of its requests'),
  byHeart('recognised-by-timing', 'A judge recognised by its pace'),
  byHeart('swapped-urls', 'ROOT_URLCONF and request.urlconf swapped after the start'),
  byHeart('rows-remembered-at-start', 'Rows remembered in a class attribute'),
  rememberedFromEarlierRuns,
];
