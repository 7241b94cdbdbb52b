/**
 * From the start of the upload to the scorecard, through the whole platform, beside the same number of checks run bare by pytest in the
 * same interleaved run, and beside the grading engine alone.
 */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { startedCandidate, startPlatform } from './support/platform.mjs';
import { preparePytest } from './support/pytest-suite.mjs';
import { referenceProject } from './support/reference-project.mjs';
import { median, summarise } from './support/statistics.mjs';
import { milliseconds, table } from './support/table.mjs';

const require = createRequire(import.meta.url);
const LOOK_EVERY_MS = 5;
const GIVE_UP_MS = 120_000;
const SLOWEST_CHECKS = 5;

/** @returns `{ checks, cold, rounds, summary }`, milliseconds throughout; every round has a sample of each of the three */
export async function run({ rounds, runtime, resources, onProgress }) {
  const reference = await referenceProject(resources);
  const engine = await prepareEngine({ ...reference, runtime, resources });
  const pytest = await preparePytest({ ...reference, runtime, resources, onProgress });
  const platform = await preparePlatform({ ...reference, resources, onProgress });

  // The worker has only just said that it is ready: this one waits for its database server and the template.
  const cold = { platform: await platform(), pytest: await timed(pytest), engine: await engine() };
  const samples = [];
  for (let round = 1; round <= rounds; round += 1) {
    onProgress(`  round ${round} of ${rounds}`);
    samples.push({ platform: await platform(), pytest: await timed(pytest), engine: await engine() });
  }
  return { checks: reference.pack.definition.checks.length, cold, rounds: samples, summary: summaryOf(samples) };
}

/** Whole platform: upload until the API answers with the scorecard. */
async function preparePlatform({ archive, resources, onProgress }) {
  const platform = await startPlatform({ resources, onProgress });
  const { Client } = require('pg');
  const observer = resources.keep(new Client({ connectionString: platform.adminUrl }), (client) => client.end());
  await observer.connect();
  return async () => {
    const { evaluationId, client } = await startedCandidate(platform);
    const begin = performance.now();
    const beginTime = Date.now();
    const { id } = await client.upload('/candidate/evaluation/submissions', archive);
    const uploadMs = performance.now() - begin;
    const requestedAt = await untilGraded(observer, id);
    const scorecard = await platform.recruiter.get(`/evaluations/${evaluationId}/scorecard`);
    const totalMs = performance.now() - begin;
    if (scorecard.composite !== 100) throw new Error(`The reference solution scored ${scorecard.composite}, not 100.`);
    const { queueMs, startMs, runMs, totalMs: gradeMs } = scorecard.provenance.timings;
    const beforeQueueMs = Math.max(0, requestedAt - beginTime);
    // Unpacking up to the first check is `startMs`, the checks and the end of the sandbox are `runMs`; the rest is the way back.
    return {
      totalMs,
      phases: { uploadMs, queueMs, startMs, runMs, reportMs: Math.max(0, totalMs - beforeQueueMs - queueMs - gradeMs) },
    };
  };
}

/**
 * Looks for the outcome past the API, which must not be busy with being asked.
 * @returns when the run was asked for, in milliseconds since 1970
 */
async function untilGraded(observer, submissionId) {
  const end = Date.now() + GIVE_UP_MS;
  for (;;) {
    const { rows } = await observer.query('SELECT outcome, requested_at, reason FROM grading_runs WHERE submission_id = $1', [
      submissionId,
    ]);
    const [{ outcome, requested_at: requestedAt, reason }] = rows;
    if (outcome === 'graded') return requestedAt.getTime();
    if (outcome !== null) throw new Error(`The run ended as ${outcome}: ${JSON.stringify(reason)}`);
    if (Date.now() > end) throw new Error(`The run had no outcome after ${GIVE_UP_MS / 1000} seconds.`);
    await sleep(LOOK_EVERY_MS);
  }
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

async function timed(work) {
  const begin = performance.now();
  await work();
  return { totalMs: performance.now() - begin };
}

function summaryOf(samples) {
  const totals = (name) => summarise(samples.map((round) => round[name].totalMs));
  const phases = (name) =>
    Object.fromEntries(
      Object.keys(samples[0][name].phases).map((phase) => [phase, median(samples.map((round) => round[name].phases[phase]))]),
    );
  const checks = Object.keys(samples[0].engine.checksMs).map((id) => ({
    id,
    medianMs: median(samples.map((round) => round.engine.checksMs[id])),
  }));
  const [platform, pytest, engine] = [totals('platform'), totals('pytest'), totals('engine')];
  return {
    platform: { ...platform, phases: phases('platform') },
    pytest,
    engine: { ...engine, phases: phases('engine') },
    slowestChecks: checks.sort((a, b) => b.medianMs - a.medianMs).slice(0, SLOWEST_CHECKS),
    ratio: {
      pytestToPlatform: pytest.median / platform.median,
      pytestToEngine: pytest.median / engine.median,
    },
  };
}

export function format({ checks, cold, rounds, summary }) {
  const row = (title, name) => {
    const { median: middle, p90, min, max } = summary[name];
    return [title, ...[cold[name].totalMs, middle, p90, min, max].map(milliseconds)];
  };
  const figures = table(
    ['ms', 'first', 'median', 'p90', 'min', 'max'],
    [
      row('Platform: upload to scorecard', 'platform'),
      row('pytest, bare and in process', 'pytest'),
      row('Grading engine alone', 'engine'),
    ],
  );
  const phases = (name) =>
    Object.entries(summary[name].phases)
      .map(([phase, value]) => `${phase.replace(/Ms$/, '')} ${milliseconds(value)}`)
      .join(' · ');
  const { pytestToPlatform, pytestToEngine } = summary.ratio;
  return [
    `Submit to scorecard: ${checks} checks of the bookshop pack's reference solution beside ${checks} tests, ${rounds.length} interleaved rounds`,
    figures,
    `The platform takes ${times(pytestToPlatform)} of bare pytest's time, the engine alone ${times(pytestToEngine)} (medians).`,
    `Platform, where the time goes (medians): ${phases('platform')}`,
    `Engine, where the time goes (medians):   ${phases('engine')}`,
    `Slowest checks: ${summary.slowestChecks.map(({ id, medianMs }) => `${id} ${milliseconds(medianMs)}`).join(' · ')}`,
    '',
  ].join('\n');
}

function times(ratio) {
  return `1/${ratio.toFixed(2)}`;
}
