import { createRequire } from 'node:module';
import { countRequests } from './counted-requests.mjs';

const require = createRequire(import.meta.url);

/** Grades that may run at once. */
export const SLOTS = 2;

/**
 * The grader of the worker as a library, without API and queue, on one driver.
 * @param driver its name
 * @param databases what `noteDatabases` gave for the cluster
 * @returns `{ name, grade, gradeAlone }`: `grade(solution)` gives `{ totalMs, phases, checksMs, failed }`; `gradeAlone`, beside which no
 *   other may run, also `path`, the way that it really took, as seen where the grader asks for sandbox and database
 */
export async function openEngine({ driver, workRoot, cluster, databases, pack, runtime, resources }) {
  const { createGrader } = require('@assay/grader/grader');
  const { chooseDriver } = require('@assay/sandbox/choose-driver');
  const sandboxes = [];
  const counting = { isOn: false };
  const chosen = await chooseDriver({ workRoot, runtime, atOnce: SLOTS, only: driver });
  const sandbox = resources.keep(noteSandboxes(chosen, sandboxes, counting), (started) => started.close());
  const grader = resources.keep(createGrader({ sandbox, runtime, cluster, workRoot }), (started) => started.close());
  await grader.prepare(pack);

  const grade = async (solution) => {
    const begin = performance.now();
    const at = { starting: begin, first: begin, last: begin };
    const report = await grader.grade({
      pack,
      archivePath: solution.archivePath,
      onPhase: (progress) => {
        const now = performance.now();
        if (progress.phase === 'starting') at.starting = now;
        else if (progress.done === 0) at.first = now;
        else at.last = now;
      },
    });
    const end = performance.now();
    if (report.outcome !== 'graded')
      throw new Error(`${solution.title} was not graded but ${report.outcome}: ${JSON.stringify(report.reason)}`);
    return {
      totalMs: end - begin,
      phases: {
        prepareMs: at.starting - begin,
        startMs: at.first - at.starting,
        checksMs: at.last - at.first,
        endMs: end - at.last,
      },
      checksMs: report.timings.checksMs,
      failed: report.checks.flatMap(({ id, status }) => (status === 'passed' ? [] : [id])).sort(),
    };
  };
  return {
    name: driver,
    async gradeAlone(solution) {
      sandboxes.length = 0;
      databases.length = 0;
      const sample = await grade(solution);
      if (sandboxes.length !== 1 || databases.length !== 1)
        throw new Error(`One grade started ${sandboxes.length} sandboxes and took ${databases.length} databases.`);
      const [{ sandbox: started, migrates }] = sandboxes;
      return { ...sample, path: { startedFrom: started.startedFrom, migrates, database: databases[0] } };
    },
    /** How many requests a grade sends to the project. */
    async requestsOf(solution) {
      sandboxes.length = 0;
      counting.isOn = true;
      await grade(solution);
      counting.isOn = false;
      return sandboxes[0].counted.requests();
    },
    grade,
  };
}

/** The same driver, which notes what it starts. */
function noteSandboxes(driver, sandboxes, counting) {
  return {
    name: driver.name,
    probe: () => driver.probe(),
    warm: (start) => driver.warm(start),
    close: () => driver.close(),
    async start(spec) {
      const sandbox = await driver.start(spec);
      const counted = counting.isOn ? await countRequests(sandbox) : null;
      if (counted) sandbox.exited.then(counted.close);
      sandboxes.push({ sandbox, migrates: spec.migrate, counted });
      return counted?.sandbox ?? sandbox;
    },
  };
}

/**
 * Makes a `GradingCluster` note for each grade whether it gets a copy of the starter's database or an empty one.
 * @returns the notes, `template` or `empty`, of all graders that use it
 */
export function noteDatabases(cluster) {
  const databases = [];
  const noting = new WeakSet();
  const lease = cluster.lease.bind(cluster);
  cluster.lease = async () => {
    const leased = await lease();
    const { pool } = leased.server;
    if (!noting.has(pool)) {
      noting.add(pool);
      const take = pool.take.bind(pool);
      pool.take = (template) => {
        databases.push(template === null ? 'empty' : 'template');
        return take(template);
      };
    }
    return leased;
  };
  return databases;
}
