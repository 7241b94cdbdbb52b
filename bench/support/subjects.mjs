import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { noteDatabases, openEngine } from './engine.mjs';
import { openFloor } from './floor.mjs';
import { preparePytest } from './pytest-suite.mjs';

const require = createRequire(import.meta.url);

/**
 * The way that a grade of each solution takes: a measurement of another way is none. What it starts from, and whether its database is a copy
 * of the starter's, or of one with the migrations that both begin with, after which `migrate` runs the rest.
 */
const DATABASE = {
  reference: { database: 'template', migrates: true },
  // `migrate` may have to look whether other settings bring other apps.
  schema: { database: 'template' },
  settings: { database: 'template', migrates: false },
};
const STARTED_FROM = {
  zygote: { reference: 'shallow', schema: 'shallow', settings: 'deep' },
  bubblewrap: { reference: 'cold', schema: 'cold', settings: 'cold' },
};

/**
 * All that is compared, on one database server, ready to be measured.
 * @param solutions what `solutions()` gave
 * @returns `{ subjects, engines, pytests }`: a subject is `{ name, title, solution, isCompared, sample }`; `sample()` gives one sample
 */
export async function prepareSubjects({ solutions, runtime, resources, onProgress }) {
  const { pack } = solutions;
  const { GradingCluster } = require('@assay/grader/grading-cluster');
  const { DRIVER_NAMES } = require('@assay/sandbox/choose-driver');
  const cluster = resources.keep(new GradingCluster(onProgress), (started) => started.close());
  const databases = noteDatabases(cluster);
  const workRoot = resources.keep(await require('@assay/grader/work-root').makeWorkRoot(), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
  const server = await cluster.get();
  const all = [solutions.schema, solutions.reference, solutions.settings];
  const compared = [solutions.schema, solutions.reference];
  const pytests = {};
  const engines = {};
  for (const solution of compared) pytests[solution.name] = await preparePytest({ pack, solution, runtime, server });
  for (const driver of DRIVER_NAMES)
    engines[driver] = await openEngine({ driver, workRoot, cluster, databases, pack, runtime, resources });
  const floor = await openFloor({ pack, runtime, server, pytest: pytests.schema, resources });
  const of = ({ name }) => ({ solution: name, isCompared: name !== 'settings' });
  const subjects = compared.map((solution) => ({
    ...of(solution),
    name: `pytest-${solution.name}`,
    title: 'pytest, bare',
    sample: async () => ({ failed: await pytests[solution.name].suite() }),
  }));
  for (const solution of all) {
    const graded = DRIVER_NAMES.map((name) => ({
      ...of(solution),
      name: `${name}-${solution.name}`,
      title: name,
      sample: async () => checkWay(await engines[name].gradeAlone(solution), name, solution),
    }));
    subjects.push(...graded);
  }
  subjects.push({ ...of(solutions.schema), name: 'floor-schema', title: 'floor', sample: floor });
  return { subjects, engines, pytests };
}

function checkWay(sample, driver, solution) {
  const expected = { startedFrom: STARTED_FROM[driver][solution.name], ...DATABASE[solution.name] };
  for (const [what, value] of Object.entries(expected)) {
    if (sample.path[what] !== value)
      throw new Error(
        `${solution.title}: was to be measured on ${driver} with ${what} "${value}", but it was "${sample.path[what]}".`,
      );
  }
  return sample;
}

/**
 * Refuses a comparison of unlike things: whatever judges a solution, the same checks must fail. On the starter's settings much of the
 * reference does not work, and tests end early where checks go on: it shows what the way costs and is not compared.
 */
export function checkAgreement(samples) {
  const bySolution = new Map();
  for (const [{ name, solution }, { failed }] of samples.filter(([subject]) => subject.isCompared)) {
    const known = bySolution.get(solution) ?? { name, failed };
    bySolution.set(solution, known);
    if (known.failed.join() !== failed.join())
      throw new Error(
        `${known.name} and ${name} do not agree on what fails: ${known.failed.join(', ')} and ${failed.join(', ')}`,
      );
  }
}
