import { SLOTS } from './engine.mjs';
import { startCpuClock } from './processes.mjs';

const LANES = SLOTS;
const BLOCKS = 3;

/**
 * Grades in two slots of one grader, and suites in two processes, of the solution with the starter's schema. Blocks of each subject take
 * turns.
 * @returns by subject (`pytest` and the drivers) `{ runs, seconds, perSecond, cpuMs }`, CPU time for each run
 */
export async function measureThroughput({ engines, pytests, solutions, rounds, onProgress }) {
  const { schema } = solutions;
  const grade = (engine) => async () => {
    const { failed } = await engine.grade(schema);
    return failed;
  };
  const subjects = {
    pytest: { runs: rounds, work: (lane) => pytests.schema.suite(lane) },
    ...Object.fromEntries(Object.values(engines).map((engine) => [engine.name, { runs: 4 * rounds, work: grade(engine) }])),
  };
  const sums = {};
  const expected = (await pytests.schema.suite()).join();
  for (const [name, { work }] of Object.entries(subjects)) {
    await inLanes(2 * LANES, work, expected);
    sums[name] = { runs: 0, seconds: 0, cpuMs: 0 };
  }
  for (let block = 1; block <= BLOCKS; block += 1) {
    onProgress(`  throughput, block ${block} of ${BLOCKS}`);
    for (const [name, { runs, work }] of Object.entries(subjects)) {
      const ofBlock = Math.max(LANES, Math.ceil(runs / BLOCKS / LANES) * LANES);
      const cpuTime = startCpuClock();
      const seconds = await inLanes(ofBlock, work, expected);
      sums[name].runs += ofBlock;
      sums[name].seconds += seconds;
      sums[name].cpuMs += cpuTime();
    }
  }
  return Object.fromEntries(
    Object.entries(sums).map(([name, { runs, seconds, cpuMs }]) => [
      name,
      { runs, seconds, perSecond: runs / seconds, cpuMs: cpuMs / runs },
    ]),
  );
}

/** Seconds until all runs are done, always `LANES` of them at a time. */
async function inLanes(runs, work, expected) {
  const begin = performance.now();
  let left = runs;
  const lane = async (number) => {
    while (left > 0) {
      left -= 1;
      const failed = (await work(number)).join();
      if (failed !== expected) throw new Error(`With another run beside it, what failed was not ${expected} but ${failed}.`);
    }
  };
  await Promise.all([...Array(LANES).keys()].map(lane));
  return (performance.now() - begin) / 1000;
}
