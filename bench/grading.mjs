/**
 * From the start of the upload to the scorecard, through the whole platform, beside the same number of checks run bare by pytest in the
 * same interleaved run, and beside the grading engine alone.
 */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchRuns } from './support/graded-runs.mjs';
import { startedCandidate, startPlatform } from './support/platform.mjs';
import { cpuTimeOfFamily } from './support/processes.mjs';
import { preparePytest } from './support/pytest-suite.mjs';
import { referenceProject } from './support/reference-project.mjs';
import { median, summarise } from './support/statistics.mjs';
import { milliseconds, table } from './support/table.mjs';

const require = createRequire(import.meta.url);
const SLOWEST_CHECKS = 5;
/** What is tidied up after a sample (a database that is dropped) must not disturb the next one, and counts as CPU time of its own. */
const SETTLE_MS = 400;
const SUBJECTS = ['platform', 'pytest', 'engine'];

/** @returns `{ checks, cold, rounds, summary }`, milliseconds throughout; every round has a sample of each of the three subjects */
export async function run({ rounds, runtime, resources, onProgress }) {
  const reference = await referenceProject(resources);
  const engine = await prepareEngine({ ...reference, runtime, resources });
  const pytest = await preparePytest({ ...reference, runtime, resources, onProgress });
  const platform = await preparePlatform({ ...reference, resources, onProgress });
  const round = async () => {
    const candidate = await platform.invite();
    return {
      platform: await measured(() => platform.submit(candidate)),
      pytest: await measured(pytest),
      engine: await measured(engine),
    };
  };

  // The worker has only just said that it is ready: this one waits for its database server and the template.
  const cold = await round();
  const samples = [];
  for (let number = 1; number <= rounds; number += 1) {
    onProgress(`  round ${number} of ${rounds}`);
    samples.push(await round());
  }
  return { checks: reference.pack.definition.checks.length, cold, rounds: samples, summary: summaryOf(samples) };
}

/** Whole platform: `submit` goes from the upload until the API answers with the scorecard, for a candidate made by `invite`. */
async function preparePlatform({ archive, resources, onProgress }) {
  const platform = await startPlatform({ resources, onProgress });
  const runOf = await watchRuns({ adminUrl: platform.adminUrl, resources });
  const submit = async ({ evaluationId, client }) => {
    const begin = performance.now();
    const beginTime = Date.now();
    const { id } = await client.upload('/candidate/evaluation/submissions', archive);
    const acceptedMs = performance.now() - begin;
    const { outcome, reason, requestedAt } = await runOf(id);
    if (outcome !== 'graded') throw new Error(`The run ended as ${outcome}: ${JSON.stringify(reason)}`);
    const scorecard = await platform.recruiter.get(`/evaluations/${evaluationId}/scorecard`);
    const totalMs = performance.now() - begin;
    if (scorecard.composite !== 100) throw new Error(`The reference solution scored ${scorecard.composite}, not 100.`);
    const { queueMs, startMs, runMs, totalMs: gradeMs } = scorecard.provenance.timings;
    const uploadMs = Math.max(0, requestedAt - beginTime);
    // Up to the first check is `startMs`, the checks and the end of the sandbox are `runMs`; what is left is the way back.
    const reportMs = Math.max(0, totalMs - uploadMs - queueMs - gradeMs);
    return { totalMs, acceptedMs, phases: { uploadMs, queueMs, startMs, runMs, reportMs } };
  };
  return { invite: () => startedCandidate(platform), submit };
}

/** The grader of the worker as a library, without API and queue. */
async function prepareEngine({ pack, folder, runtime, resources }) {
  const { BubblewrapDriver } = require('@assay/sandbox/bubblewrap');
  const { createGrader } = require('@assay/grader/grader');
  const grader = resources.keep(createGrader({ sandbox: new BubblewrapDriver(), runtime }), (started) => started.close());
  return async () => {
    const begin = performance.now();
    const at = { starting: begin, first: begin, last: begin };
    const report = await grader.grade({
      pack,
      folder,
      onPhase: (progress) => {
        const now = performance.now();
        if (progress.phase === 'starting') at.starting = now;
        else if (progress.done === 0) at.first = now;
        else at.last = now;
      },
    });
    const end = performance.now();
    if (report.outcome !== 'graded' || report.checks.some(({ status }) => status !== 'passed')) {
      throw new Error(`The reference solution was not graded as it must be: ${report.outcome} ${JSON.stringify(report.reason)}`);
    }
    return {
      totalMs: end - begin,
      phases: {
        prepareMs: at.starting - begin,
        startMs: at.first - at.starting,
        checksMs: at.last - at.first,
        endMs: end - at.last,
      },
      checksMs: report.timings.checksMs,
    };
  };
}

async function measured(work) {
  const before = cpuTimeOfFamily();
  const begin = performance.now();
  const sample = await work();
  const totalMs = performance.now() - begin;
  await sleep(SETTLE_MS);
  return { totalMs, ...sample, cpuMs: cpuTimeOfFamily() - before };
}

function summaryOf(samples) {
  const summary = Object.fromEntries(SUBJECTS.map((name) => [name, summaryOfOne(samples.map((round) => round[name]))]));
  const ratiosTo = (name) => ({
    medians: summary.pytest.median / summary[name].median,
    cpuMedians: summary.pytest.cpuMs / summary[name].cpuMs,
    medianOfRounds: median(samples.map((round) => round.pytest.totalMs / round[name].totalMs)),
  });
  return { ...summary, pytestTakesTimes: { platform: ratiosTo('platform'), engine: ratiosTo('engine') } };
}

function summaryOfOne(samples) {
  const medians = (part) =>
    samples[0][part] &&
    Object.fromEntries(Object.keys(samples[0][part]).map((key) => [key, median(samples.map((sample) => sample[part][key]))]));
  return {
    ...summarise(samples.map(({ totalMs }) => totalMs)),
    cpuMs: median(samples.map(({ cpuMs }) => cpuMs)),
    phases: medians('phases'),
    checksMs: medians('checksMs'),
  };
}

export function format({ checks, cold, rounds, summary }) {
  const row = (title, name) => {
    const { median: middle, p90, min, max, cpuMs } = summary[name];
    return [title, ...[cold[name].totalMs, middle, p90, min, max, cpuMs].map(milliseconds)];
  };
  const phases = (name) =>
    Object.entries(summary[name].phases)
      .map(([phase, value]) => `${phase.replace(/Ms$/, '')} ${milliseconds(value)}`)
      .join(' · ');
  const slowest = Object.entries(summary.engine.checksMs)
    .sort(([, a], [, b]) => b - a)
    .slice(0, SLOWEST_CHECKS);
  const { platform, engine } = summary.pytestTakesTimes;
  return [
    `Submit to scorecard: ${checks} checks of the bookshop pack's reference solution beside ${checks} tests, ${rounds.length} interleaved rounds`,
    table(
      ['ms', 'first', 'median', 'p90', 'min', 'max', 'CPU'],
      [
        row('Platform: upload to scorecard', 'platform'),
        row('pytest, bare and in process', 'pytest'),
        row('Grading engine alone', 'engine'),
      ],
    ),
    `Bare pytest takes ${platform.medians.toFixed(2)} times as long as the platform and ${engine.medians.toFixed(2)} times as long as the engine alone (medians);`,
    `of CPU time ${platform.cpuMedians.toFixed(2)} times and ${engine.cpuMedians.toFixed(2)} times as much.`,
    `Platform, where the time goes (medians): ${phases('platform')}`,
    `Engine, where the time goes (medians):   ${phases('engine')}`,
    `Slowest checks: ${slowest.map(([id, value]) => `${id} ${milliseconds(value)}`).join(' · ')}`,
    '',
  ].join('\n');
}
