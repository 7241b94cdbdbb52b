/**
 * The demo: what a recruiter and candidates would do, through the public API and nothing else. Every step first looks whether it was
 * done, so an interrupted demo goes on where it stopped and a finished one is only read.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ROOT } from './setup/paths.mjs';

const require = createRequire(import.meta.url);

const PACK = path.join(ROOT, 'task-packs', 'django', 'bookshop');
/** Solutions of the pack that stand for candidates: a full one, a middling one, and one slip in each ticket. */
const SAMPLES = ['reference', 'broken/hurried', 'broken/join-multiplication', 'broken/n-plus-one', 'broken/open-orders'];
const AREAS = ['A', 'B', 'C', 'D', 'E'];
const FINAL = ['graded', 'ungradable', 'timed_out', 'infra_fault', 'cancelled'];
const GRADING_TIMEOUT_MS = 10 * 60_000;
/** The worked example of docs/COST-MODEL.md, as a hiring manager would ask for it: 3 engineers x 6 months x 150 hours. */
const ESTIMATE = {
  name: 'Demo: three senior Django developers for half a year',
  need: {
    role: 'Senior Django developer',
    seats: 3,
    scope: { teamSize: 3, months: 6 },
    hoursPerMonth: 150,
    situation: { isCoreProduct: true, startWithinMonths: 2 },
    framework: { needs: ['authentication', 'admin', 'orm_and_migrations', 'security_protections'], flags: ['ml_serving'] },
  },
  simulation: { draws: 100_000, seed: 1 },
};
/** Assumptions told of each model. */
const MOVERS = 2;

/** @returns `{ text, json }`: tables for people, and the same as data */
export async function runDemo({ url, demo, onProgress }) {
  const recruiter = new ApiClient(url);
  await recruiter.signIn(demo.logins.find(({ role }) => role === 'recruiter').email, demo.password);
  const { findSolution } = require('@assay/task-pack/solution-overlay');
  const pack = await require('@assay/task-pack/load-task-pack').loadTaskPack(PACK);
  const samples = SAMPLES.map((name) => ({ name: name.replace(/^.*\//, ''), solution: findSolution(pack, name) }));
  const missing = SAMPLES.filter((name) => !findSolution(pack, name));
  if (missing.length > 0) throw new Error(`${PACK} has no ${missing.join(', ')}, which the demo submits.`);

  for (const sample of samples) {
    sample.evaluation = await ensureEvaluation(recruiter, pack, sample);
    await ensureSubmission(recruiter, url, pack, sample);
  }
  const waiting = samples.filter(({ submission }) => !FINAL.includes(submission.status)).length;
  if (waiting > 0) onProgress(`Grading ${waiting} bundled sample submissions`);
  for (const sample of samples) await readResult(recruiter, sample, waiting > 0 ? onProgress : () => undefined);

  const estimate = await ensureEstimate(recruiter);
  return { text: asText(samples, pack, estimate), json: asJson(samples, estimate) };
}

async function ensureEvaluation(recruiter, pack, sample) {
  const email = `${sample.name}@sample.example`;
  const { items: known } = await recruiter.get(`/candidates?email=${encodeURIComponent(email)}`);
  const candidate = known[0] ?? (await recruiter.post('/candidates', { name: `Sample ${sample.name}`, email }));
  sample.candidate = candidate.name;
  const { items: evaluations } = await recruiter.get(`/evaluations?candidateId=${candidate.id}`);
  return evaluations[0] ?? (await recruiter.post('/evaluations', { candidateId: candidate.id, taskSlug: pack.definition.id }));
}

/** Goes the candidate's way unless a submission is there already: opens the magic link, starts the clock, uploads. */
async function ensureSubmission(recruiter, url, pack, sample) {
  sample.submission = await latestSubmission(recruiter, sample);
  if (sample.submission) return;
  const { inviteUrl } = await recruiter.post(`/evaluations/${sample.evaluation.id}/invite`);
  const candidate = new ApiClient(url);
  const session = await candidate.post('/candidate/session', { token: new URL(inviteUrl).hash.slice(1) });
  candidate.token = session.accessToken;
  await candidate.post('/candidate/evaluation/start');
  sample.submission = await candidate.upload('/candidate/evaluation/submissions', await packSolution(pack, sample.solution));
}

async function latestSubmission(recruiter, sample) {
  const { items } = await recruiter.get(`/evaluations/${sample.evaluation.id}/submissions`);
  return items[0];
}

async function packSolution(pack, solution) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-demo-'));
  try {
    const project = path.join(folder, 'project');
    await require('@assay/task-pack/solution-overlay').buildSolution(pack, solution, project);
    return await require('@assay/archive/pack-folder').packFolder(project);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readResult(recruiter, sample, onProgress) {
  const end = Date.now() + GRADING_TIMEOUT_MS;
  for (;;) {
    sample.submission = await latestSubmission(recruiter, sample);
    if (FINAL.includes(sample.submission.status)) break;
    if (Date.now() > end)
      throw new Error(
        `The sample ${sample.name} was not graded within ${GRADING_TIMEOUT_MS / 60_000} minutes: see logs/worker.log in the data folder.`,
      );
    await sleep(500);
  }
  const { status } = sample.submission;
  sample.scorecard = status === 'graded' ? await recruiter.get(`/evaluations/${sample.evaluation.id}/scorecard`) : null;
  onProgress(`  ${sample.candidate}: ${status}${sample.scorecard ? `, ${sample.scorecard.composite}` : ''}`);
}

/** The newest of its name. One that an earlier version made has no simulation: another is made beside it. */
async function ensureEstimate(recruiter) {
  let next = '';
  do {
    const { items, nextCursor } = await recruiter.get(`/estimates?limit=100${next}`);
    const known = items.find(({ name }) => name === ESTIMATE.name);
    const stored = known && (await recruiter.get(`/estimates/${known.id}`));
    if (stored?.simulation) return stored;
    next = nextCursor && `&cursor=${encodeURIComponent(nextCursor)}`;
  } while (next);
  return recruiter.post('/estimates', ESTIMATE);
}

function asText(samples, pack, estimate) {
  const { formatScorecard } = require('@assay/scoring/format-scorecard');
  const cards = samples.map(({ candidate, scorecard, submission }) => {
    const title = `${candidate}, ${pack.definition.title} ${pack.definition.version}`;
    return scorecard
      ? formatScorecard(scorecard, title)
      : `${title}\n${submission.status}: ${submission.reason?.message ?? submission.message}\n`;
  });
  return `\n${[...cards, overview(samples), storedEstimate(estimate)].join('\n')}`;
}

/** One line a candidate: the five areas and the composite, a dash for what was not measured. */
function overview(samples) {
  const line = (name, cells) => `${name.padEnd(34)}${cells.map((cell) => cell.padStart(11)).join('')}\n`;
  const score = (value) => value?.toFixed(1) ?? '-';
  const rows = asEvaluations(samples).map(({ candidate, areas, composite }) =>
    line(candidate, [...areas.map((area) => score(area.score)), score(composite)]),
  );
  return `${line('candidate', [...AREAS, 'composite'])}${'-'.repeat(100)}\n${rows.join('')}`;
}

/** The stored estimate, and whether what it was made from gives the same again: the table shows what can be replayed. */
function storedEstimate(stored) {
  const { formatEstimate } = require('@assay/cost-model/format-estimate');
  const text = formatEstimate(stored, stored.name);
  const differing = differencesOfReplay(stored);
  return differing.length === 0
    ? `${text}  Calculated again from what is stored with it: the same to the last digit\n`
    : `${text}  Totals are the same when calculated again; made by another version, it differs in: ${differing.join(', ')}\n`;
}

/** Fields of the models that this version calculates differently. @throws when totals or their lines are among them */
function differencesOfReplay(stored) {
  const { reportEstimate } = require('@assay/cost-model/report-estimate');
  const { DEFAULT_ASSUMPTIONS } = require('@assay/cost-model/default-assumptions');
  const used = new Map(stored.assumptions.map((assumption) => [assumption.id, assumption]));
  const { need, project, situation, exchangeRate, simulation, framework } = stored;
  const { models } = reportEstimate({
    ...{ need, project, situation, exchangeRate, simulation },
    frameworkNeed: framework && { needs: framework.needs, flags: framework.flags },
    // Those that no number came from are not stored, and change none.
    assumptions: DEFAULT_ASSUMPTIONS.map((assumption) => used.get(assumption.id) ?? assumption),
  });
  const differing = stored.models.flatMap((model) => {
    const again = models.find((each) => each.model === model.model);
    return Object.keys(again).filter((field) => !isDeepStrictEqual(model[field], again[field]));
  });
  const money = ['total', 'breakdown'].filter((field) => differing.includes(field));
  if (money.length > 0) throw new Error(`The stored estimate has another ${money.join(' and ')} than its own assumptions give.`);
  return [...new Set(differing)];
}

function asJson(samples, estimate) {
  const { currency, simulation, models } = estimate;
  return {
    evaluations: asEvaluations(samples),
    estimate: {
      ...{ currency, draws: simulation.draws, seed: simulation.seed },
      models: models.map(({ model, total, deliveryMonths, cost, delivery, tornado }) => ({
        ...{ model, total, deliveryMonths },
        ...{ p10: cost.p10.value, p50: cost.p50.value, p90: cost.p90.value },
        deliveryP10: delivery.p10.value,
        deliveryP50: delivery.p50.value,
        deliveryP90: delivery.p90.value,
        movedMostBy: tornado.slice(0, MOVERS).map(({ inputId, claim, swing }) => ({ inputId, claim, swing })),
      })),
    },
  };
}

function asEvaluations(samples) {
  return samples.map(({ candidate, submission, scorecard }) => ({
    candidate,
    outcome: submission.status,
    areas: AREAS.map((id) => ({ id, score: scorecard?.areas.find((area) => area.id === id)?.score ?? null })),
    composite: scorecard?.composite ?? null,
  }));
}

class ApiClient {
  token = null;

  constructor(url) {
    this.url = url;
  }

  async signIn(email, password) {
    this.token = (await this.post('/auth/login', { email, password })).accessToken;
  }

  get(route) {
    return this.#send('GET', route);
  }

  post(route, body) {
    return this.#send('POST', route, body && JSON.stringify(body), { 'content-type': 'application/json' });
  }

  upload(route, archive) {
    const form = new FormData();
    form.set('archive', new Blob([archive], { type: 'application/gzip' }), 'submission.tar.gz');
    return this.#send('POST', route, form);
  }

  async #send(method, route, body, headers = {}) {
    const authorization = this.token ? { authorization: `Bearer ${this.token}` } : {};
    const answer = await fetch(`${this.url}/api/v1${route}`, {
      method,
      body,
      headers: { ...authorization, ...(body ? headers : {}) },
    });
    const text = await answer.text();
    if (answer.status === 429) {
      await sleep(Number(answer.headers.get('retry-after') ?? 5) * 1000);
      return this.#send(method, route, body, headers);
    }
    if (!answer.ok) throw new Error(`${method} ${route} answered ${answer.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}
