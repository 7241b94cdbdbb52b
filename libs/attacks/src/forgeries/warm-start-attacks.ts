import http from 'node:http';
import type { Attack, Observation } from '../attack';
import type { Stage } from '../stage';
import { describeReport, earned, grade, type Submission } from './court';
import { openDatabase } from './own-database';
import { serveWithoutJudge } from './serve';

interface WarmStartAttack {
  readonly id: string;
  readonly title: string;
  readonly submission: Submission;
  /** Points that the project gets when its own files decide. */
  readonly points: number;
  /** What becomes of it where the starter's files, or what was made of them, decide. */
  readonly careless: (stage: Stage) => Promise<Observation>;
}

/** Something that a warm start, or a database that was copied from the starter's, must not be used for. */
const warmStart = ({ id, title, submission, points, careless }: WarmStartAttack): Attack => ({
  id,
  title,
  breach: "The starter's settings, modules or tables are used in the place of the submission's, so that the verdict is another.",
  layers: ['warm-start-gate'],
  residual: null,
  runs: 'each',
  async attempt(stage, without) {
    if (without.length > 0) return careless(stage);
    const report = await grade(stage, submission);
    return { breached: earned(report) !== points, seen: describeReport(report) };
  },
});

/** The reference without the change: what a gate that overlooks it would have graded. */
async function overlooked(stage: Stage): Promise<Observation> {
  const report = await grade(stage, { base: 'reference' });
  return { breached: earned(report) > 0, seen: `a gate that overlooks it gives ${describeReport(report)}` };
}

const OWN_MODULES: Submission = { base: 'reference', overlays: ['own-migration-modules'] };

/** The starter's migrations ran first, as in a copy of the starter's database. */
async function onTheStartersTables(stage: Stage): Promise<Observation> {
  const { database } = await openDatabase(stage);
  const starter = await serveWithoutJudge(stage, {}, { database, migrate: true });
  await starter.kill();
  const { httpSocket } = await serveWithoutJudge(stage, OWN_MODULES, { database, migrate: true });
  const status = await statusOf(httpSocket, stage.signal);
  return { breached: status !== 201, seen: `on the starter's tables it answers a new note with ${status}` };
}

/** Status of the answer to a new note. */
function statusOf(socketPath: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'localhost', 'content-type': 'application/json', 'x-user': 'bob' };
    const options = { socketPath, path: '/notes/', method: 'POST', headers, agent: false as const, signal };
    const request = http.request(options, (answer) => resolve(answer.resume().statusCode ?? 0));
    request.on('error', reject).end('{"text": "new"}');
  });
}

export const warmStartAttacks: readonly Attack[] = [
  warmStart({
    id: 'changed-settings',
    title: 'Settings with a middleware that refuses everything',
    submission: { base: 'reference', overlays: ['refusing-middleware', 'changed-settings'] },
    points: 0,
    careless: overlooked,
  }),
  warmStart({
    id: 'settings-package-beside-module',
    title: "A package of settings beside the starter's own module of that name",
    submission: { base: 'reference', overlays: ['refusing-middleware', 'settings-package-beside-module'] },
    points: 0,
    careless: overlooked,
  }),
  warmStart({
    id: 'shadowed-package',
    title: 'A package of the project with the name of one that is loaded already',
    submission: { base: 'reference', overlays: ['shadowed-package'] },
    points: 0,
    careless: overlooked,
  }),
  warmStart({
    id: 'changed-migration',
    title: 'A migration after which no note can be stored',
    submission: { base: 'reference', overlays: ['changed-migration'] },
    points: 0,
    careless: overlooked,
  }),
  warmStart({
    id: 'own-migration-modules',
    title: 'Migrations in another place, with the names of the starter',
    submission: OWN_MODULES,
    points: 10,
    careless: onTheStartersTables,
  }),
];
