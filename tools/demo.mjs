/**
 * The demo: what a recruiter and candidates would do, through the public API and nothing else. Every step first looks whether it was
 * done, so an interrupted demo goes on where it stopped and a finished one is only read.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './setup/paths.mjs';

const require = createRequire(import.meta.url);

const PACK = path.join(ROOT, 'task-packs', 'django', 'bookshop');
/** Solutions of the pack that stand for candidates: a full one, a middling one, and one slip in each ticket. */
const SAMPLES = ['reference', 'broken/hurried', 'broken/join-multiplication', 'broken/n-plus-one', 'broken/open-orders'];
const AREAS = ['A', 'B', 'C', 'D', 'E'];
const FINAL = ['graded', 'ungradable', 'timed_out', 'infra_fault', 'cancelled'];
const GRADING_TIMEOUT_MS = 10 * 60_000;
const ESTIMATE = { name: 'Demo: three engineers, 2,700 hours', project: { hours: 2700, seats: 3, hoursPerMonth: 150 } };

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

async function ensureEstimate(recruiter) {
  const { items } = await recruiter.get('/estimates');
  const known = items.find(({ name }) => name === ESTIMATE.name);
  return known ? recruiter.get(`/estimates/${known.id}`) : recruiter.post('/estimates', ESTIMATE);
}

function asText(samples, pack, estimate) {
  const { formatScorecard } = require('@assay/scoring/format-scorecard');
  const cards = samples.map(({ candidate, scorecard, submission }) => {
    const title = `${candidate}, ${pack.definition.title} ${pack.definition.version}`;
    return scorecard
      ? formatScorecard(scorecard, title)
      : `${title}\n${submission.status}: ${submission.reason?.message ?? submission.message}\n`;
  });
  return `\n${[...cards, overview(samples), replayedEstimate(estimate)].join('\n')}`;
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

/** The stored estimate, calculated again with its own copy of the assumptions it used: the table shows what can be replayed. */
function replayedEstimate(stored) {
  const { estimateProject } = require('@assay/cost-model/estimate');
  const { formatEstimate } = require('@assay/cost-model/format-estimate');
  const { DEFAULT_ASSUMPTIONS } = require('@assay/cost-model/default-assumptions');
  const project = { ...stored.project, models: stored.models.map(({ model }) => model) };
  const used = new Map(stored.assumptions.map((assumption) => [assumption.id, assumption]));
  const assumptions = DEFAULT_ASSUMPTIONS.map((assumption) => used.get(assumption.id) ?? assumption);
  const replayed = estimateProject(project, assumptions);
  for (const { model, total } of stored.models) {
    const again = replayed.models.find((one) => one.model === model).total;
    if (again !== total) throw new Error(`The stored estimate says ${total} for ${model}, its own assumptions give ${again}.`);
  }
  return formatEstimate(replayed);
}

function asJson(samples, estimate) {
  return {
    evaluations: asEvaluations(samples),
    estimate: { models: estimate.models.map(({ model, total, deliveryMonths }) => ({ model, total, deliveryMonths })) },
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
