import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { noteDatabases, openEngine } from './engine.mjs';
import { openFloor } from './floor.mjs';
import { preparePytest } from './pytest-suite.mjs';

const require = createRequire(import.meta.url);

/** How far ahead a sandbox may be, and which database it gets, for each solution: a measurement of another way is none. */
const WAYS = {
  zygote: {
    reference: { startedFrom: 'shallow', database: 'empty' },
    schema: { startedFrom: 'shallow', database: 'template' },
    settings: { startedFrom: 'deep', database: 'template' },
  },
  bubblewrap: {
    reference: { startedFrom: 'cold', database: 'empty' },
    schema: { startedFrom: 'cold', database: 'template' },
    settings: { startedFrom: 'cold', database: 'template' },
  },
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
  const expected = WAYS[driver][solution.name];
  for (const [what, value] of Object.entries(expected)) {
    if (sample.path[what] !== value)
      throw new Error(
        `The ${solution.title} was to be measured with ${what} "${value}" on ${driver}, but it was "${sample.path[what]}".`,
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
