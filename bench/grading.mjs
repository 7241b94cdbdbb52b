/**
 * What a grade costs beside the same checks run bare by pytest: latency, CPU time, throughput and memory of the grading engine on both
 * drivers, the floor under all of them, and the whole platform from upload to scorecard.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { formatGrading } from './support/format-grading.mjs';
import { measureMemory } from './support/memory-of-grades.mjs';
import { startCpuClock } from './support/processes.mjs';
import { solutions as buildSolutions } from './support/solutions.mjs';
import { median, summarise } from './support/statistics.mjs';
import { checkAgreement, prepareSubjects } from './support/subjects.mjs';
import { preparePlatform } from './support/submit.mjs';
import { measureThroughput } from './support/throughput.mjs';

/** What is tidied up after a sample (a database that is dropped) must not disturb the next one, and counts as CPU time of its own. */
const SETTLE_MS = 400;
/** The default driver, whose figures the ratios are. */
const DRIVER = 'zygote';

/**
 * @returns `{ ratios, checks, solutions, cold, rounds, summary, floor, throughput, memory, platform }`, milliseconds throughout. `rounds`
 *   has one sample of every subject each; `ratios` say how many times as much bare pytest takes.
 */
export async function run({ rounds, runtime, resources, onProgress }) {
  const solutions = await buildSolutions(resources);
  const { subjects, engines, pytests } = await prepareSubjects({ solutions, runtime, resources, onProgress });
  const measureAll = async (chosen) => {
    const samples = [];
    for (const subject of chosen) samples.push([subject, await measured(subject.sample)]);
    checkAgreement(samples);
    return Object.fromEntries(samples.map(([{ name }, sample]) => [name, sample]));
  };
  const cold = await measureAll(subjects);
  const samples = [];
  for (let number = 1; number <= rounds; number += 1) {
    onProgress(`  round ${number} of ${rounds}`);
    samples.push(await measureAll(subjects));
  }
  const summary = Object.fromEntries(subjects.map(({ name }) => [name, summaryOf(samples.map((round) => round[name]))]));

  const floor = floorOf(summary, cold, await engines[DRIVER].requestsOf(solutions.schema));
  const throughput = await measureThroughput({ engines, pytests, solutions, rounds, onProgress });
  const memory = await measureMemory({ engines, pytests, solutions, onProgress });
  const platform = await measurePlatform({ solutions, pytest: pytests.reference, rounds, resources, onProgress });
  return {
    ratios: ratiosOf(summary, throughput),
    checks: solutions.pack.definition.checks.length,
    solutions: Object.fromEntries(
      ['schema', 'reference', 'settings'].map((name) => [
        name,
        { title: solutions[name].title, failed: cold[`${DRIVER}-${name}`].failed },
      ]),
    ),
    subjects: subjects.map(({ name, title, solution }) => ({ name, title, solution })),
    cold,
    rounds: samples,
    summary,
    floor,
    throughput,
    memory,
    platform,
  };
}

/** The worker has only just said that it is ready in `cold`, and waits for its database server and the template. */
async function measurePlatform({ solutions, pytest, rounds, resources, onProgress }) {
  const platform = await preparePlatform({ archive: solutions.reference.archive, resources, onProgress });
  const round = async () => {
    const candidate = await platform.invite();
    return { platform: await measured(() => platform.submit(candidate)), pytest: await measured(() => pytest.suite()) };
  };
  const cold = await round();
  const samples = [];
  for (let number = 1; number <= rounds; number += 1) {
    onProgress(`  round ${number} of ${rounds} of the platform`);
    samples.push(await round());
  }
  const summary = {
    platform: summaryOf(samples.map((one) => one.platform)),
    pytest: summaryOf(samples.map((one) => one.pytest)),
  };
  return { cold, rounds: samples, summary, ratio: summary.pytest.median / summary.platform.median };
}

async function measured(work) {
  const cpuTime = startCpuClock();
  const begin = performance.now();
  const sample = await work();
  const totalMs = performance.now() - begin;
  await sleep(SETTLE_MS);
  return { totalMs, ...sample, cpuMs: cpuTime() };
}

function summaryOf(samples) {
  const medians = (part) =>
    samples[0][part] &&
    Object.fromEntries(Object.keys(samples[0][part]).map((key) => [key, median(samples.map((sample) => sample[part][key]))]));
  return {
    ...summarise(samples.map(({ totalMs }) => totalMs)),
    cpuMs: median(samples.map(({ cpuMs }) => cpuMs)),
    path: samples[0].path,
    phases: medians('phases'),
    checksMs: medians('checksMs'),
  };
}

function ratiosOf(summary, throughput) {
  const latency = (solution) => summary[`pytest-${solution}`].median / summary[`${DRIVER}-${solution}`].median;
  const cpu = (solution) => summary[`pytest-${solution}`].cpuMs / summary[`${DRIVER}-${solution}`].cpuMs;
  return {
    latencyTemplate: latency('schema'),
    latencyMigrate: latency('reference'),
    cpuTemplate: cpu('schema'),
    cpuMigrate: cpu('reference'),
    throughput: throughput[DRIVER].perSecond / throughput.pytest.perSecond,
  };
}

/** A grade sends fewer requests than the suite, whose tests share nothing: the floor under it is that of as many requests. */
function floorOf(summary, cold, requestsOfGrade) {
  const { forkMs, loadMs, testsMs } = summary['floor-schema'].phases;
  const { requests } = cold['floor-schema'];
  const perRequestMs = testsMs / requests;
  return {
    requests: { suite: requests, grade: requestsOfGrade },
    perRequestMs,
    forAGradeMs: forkMs + loadMs + requestsOfGrade * perRequestMs,
  };
}

export const format = formatGrading;
