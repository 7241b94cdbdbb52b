import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packFolder } from '@assay/archive/pack-folder';
import { loadTaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution, findSolution } from '@assay/task-pack/solution-overlay';
import type { TestProcess } from '@assay/testing/test-process';
import { TEST_QUEUE_ENGINES } from '@assay/testing/test-queue-store';
import { waitFor } from '@assay/testing/wait-for';
import { type CandidateAtWork, startedCandidate } from './support/candidate-at-work';
import { startGradingWorker } from './support/grading-worker';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

// Everything is real here: the API, the compiled worker as a process of its own, the sandbox, the databases and both queue engines.
const ROOT = resolve(__dirname, '..');
const GRADED_WITHIN_MS = 120_000;

let referenceArchive: Buffer;

beforeAll(async () => {
  referenceArchive = await packReference(async () => undefined);
});

describe.each(TEST_QUEUE_ENGINES)('from upload to scorecard, on the %s queue', (engine) => {
  let api: TestApi;
  const workers: TestProcess[] = [];

  beforeAll(async () => {
    api = await startTestApi({}, engine);
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  });
  afterAll(() => api.close());

  async function startWorker(): Promise<TestProcess> {
    const worker = await startGradingWorker(api.queueStore.url);
    workers.push(worker);
    return worker;
  }

  async function submitReference(): Promise<{ candidate: CandidateAtWork; submissionId: string }> {
    const candidate = await startedCandidate(api);
    const answer = await candidate.client
      .post('/candidate/evaluation/submissions')
      .attach('archive', referenceArchive, 'reference.tar.gz')
      .expect(202);
    return { candidate, submissionId: answer.body.id };
  }

  async function untilStatus(candidate: CandidateAtWork, submissionId: string, ...statuses: string[]): Promise<string> {
    return waitFor(
      async () => {
        const { body } = await candidate.client.get(`/candidate/evaluation/submissions/${submissionId}`).expect(200);
        return statuses.includes(body.status) ? (body.status as string) : null;
      },
      { what: `the submission to be ${statuses.join(' or ')}`, timeoutMs: GRADED_WITHIN_MS, everyMs: 100 },
    );
  }

  /** The runs of a submission and how many reports were stored for them. */
  async function countRuns(submissionId: string): Promise<{ runs: number; reports: number; outcomes: string[] }> {
    const rows = await sql<{ outcome: string; reports: number }>(
      api.database.adminUrl,
      `SELECT run.outcome, (SELECT count(*)::int FROM grading_reports report WHERE report.grading_run_id = run.id) AS reports
         FROM grading_runs run WHERE run.submission_id = $1`,
      [submissionId],
    );
    return {
      runs: rows.length,
      reports: rows.reduce((sum, row) => sum + row.reports, 0),
      outcomes: rows.map((row) => row.outcome),
    };
  }

  async function expectGradedOnce(candidate: CandidateAtWork, submissionId: string): Promise<void> {
    await untilStatus(candidate, submissionId, 'graded', 'infra_fault', 'ungradable', 'timed_out');
    const { body } = await candidate.client.get(`/candidate/evaluation/submissions/${submissionId}`).expect(200);
    expect({ status: body.status, reason: body.reason }).toEqual({ status: 'graded', reason: null });
    expect(await countRuns(submissionId)).toEqual({ runs: 1, reports: 1, outcomes: ['graded'] });
    const recruiter = await api.signIn('recruiter');
    const scorecard = await recruiter.get(`/evaluations/${candidate.evaluationId}/scorecard`).expect(200);
    expect(scorecard.body.composite).toBe(100);
  }

  it('grades the reference solution, streams its status, and shows scorecard, evidence and allowed feedback', async () => {
    await startWorker();
    const { candidate, submissionId } = await submitReference();
    const stream = await fetch(`${api.url}/api/v1/candidate/evaluation/submissions/${submissionId}/events`, {
      headers: { Authorization: `Bearer ${candidate.client.token}` },
    });
    const events = await stream.text();
    expect(events).toContain('event: status');
    expect(events.trimEnd().split('\n').at(-1)).toContain('"status":"graded"');
    await expectGradedOnce(candidate, submissionId);

    const lead = await api.signIn('lead');
    const { body: card } = await lead.get(`/evaluations/${candidate.evaluationId}/scorecard`).expect(200);
    expect(card.areas.map((area: { id: string }) => area.id)).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(card.provenance).toMatchObject({ pack: { slug: 'bookshop' }, submissionId, timings: { totalMs: expect.any(Number) } });
    for (const area of card.areas) {
      for (const criterion of area.criteria) {
        if (criterion.measured) expect(criterion.evidence.length).toBeGreaterThan(0);
        else expect(criterion).toMatchObject({ score: null, level: null, evidence: [] });
      }
    }
    const { body: evidence } = await lead.get(`/grading-runs/${card.provenance.gradingRunId}`).expect(200);
    expect(evidence.checks.every((check: { status: string }) => check.status === 'passed')).toBe(true);
    expect(evidence.checks.some((check: { evidence: { exchanges: unknown[] } }) => check.evidence.exchanges.length > 0)).toBe(
      true,
    );

    const feedback = await candidate.client.get('/candidate/evaluation/feedback').expect(200);
    const hidden = evidence.checks.filter((check: { visibility: string }) => /never|after_decision/.test(check.visibility));
    expect(hidden.length).toBeGreaterThan(0);
    for (const check of hidden) expect(JSON.stringify(feedback.body)).not.toContain(check.title);
    const recruiter = await api.signIn('recruiter');
    expect(
      (await candidate.client.post('/candidate/evaluation/submissions').attach('archive', referenceArchive, 'a.tar.gz')).body
        .code,
    ).toBe('no-attempt-left');

    await recruiter.post(`/evaluations/${candidate.evaluationId}/decision`, { decision: 'advance' }).expect(200);
    const after = await candidate.client.get('/candidate/evaluation/feedback').expect(200);
    expect(after.body.checks).toHaveLength(evidence.checks.length);
    for (const check of evidence.checks) expect(JSON.stringify(after.body)).not.toContain(check.id);

    const regraded = await lead.post(`/grading-runs/${card.provenance.gradingRunId}/regrade`).expect(201);
    await untilStatus(candidate, submissionId, 'graded');
    await waitFor(async () => (await lead.get(`/grading-runs/${regraded.body.id}`)).body.run.status === 'graded', {
      what: 'the regrade',
      timeoutMs: GRADED_WITHIN_MS,
    });
    const { body: again } = await lead.get(`/grading-runs/${regraded.body.id}`).expect(200);
    expect(JSON.stringify(again.checks)).toBe(JSON.stringify(evidence.checks));
    expect(JSON.stringify(again.findings)).toBe(JSON.stringify(evidence.findings));
    const changes = await lead.get(`/regrades/${regraded.body.regradeId}/changes`).expect(200);
    expect(changes.body.items[0]).toMatchObject({
      changed: false,
      evaluationDecision: 'advance',
      comparison: { otherEvidence: [], provenance: [] },
    });
    await lead.post(`/regrades/${regraded.body.regradeId}/decision`, { decision: 'approve', reason: 'the same' }).expect(200);
    const approved = await lead.get(`/evaluations/${candidate.evaluationId}/scorecard`).expect(200);
    expect(approved.body).toMatchObject({ gradingRunId: regraded.body.id, composite: card.composite, areas: card.areas });
  }, 300_000);

  it('loses nothing when the worker is killed in the middle of a grade', async () => {
    const worker = await startWorker();
    const { candidate, submissionId } = await submitReference();
    await untilStatus(candidate, submissionId, 'grading');
    await worker.kill();
    expect((await countRuns(submissionId)).reports).toBe(0);
    await startWorker();
    await expectGradedOnce(candidate, submissionId);
  }, 300_000);

  it('loses nothing when the store of the queue is flushed, before or while a worker is at it', async () => {
    const waiting = await submitReference();
    await untilStatus(waiting.candidate, waiting.submissionId, 'queued');
    await api.queueStore.flush();
    await startWorker();
    await expectGradedOnce(waiting.candidate, waiting.submissionId);

    const running = await submitReference();
    await untilStatus(running.candidate, running.submissionId, 'grading');
    await api.queueStore.flush();
    await expectGradedOnce(running.candidate, running.submissionId);
  }, 300_000);

  it('loses nothing when the API is restarted, before the hand-over and during a grade', async () => {
    await startWorker();
    const first = await submitReference();
    await api.restart();
    await expectGradedOnce(first.candidate, first.submissionId);

    const second = await submitReference();
    await untilStatus(second.candidate, second.submissionId, 'grading');
    await api.restart();
    await expectGradedOnce(second.candidate, second.submissionId);
  }, 300_000);

  it('tells the candidate why a project cannot be graded, leaves the attempt, and goes on with the next one', async () => {
    await startWorker();
    const candidate = await startedCandidate(api);
    const broken = await packReference((project) => appendFile(join(project, 'bookshop', 'settings.py'), '\ndef broken(:\n'));
    const upload = (archive: Buffer) =>
      candidate.client.post('/candidate/evaluation/submissions').attach('archive', archive, 'a.tar.gz');
    const first = await upload(broken).expect(202);
    expect(await untilStatus(candidate, first.body.id, 'ungradable', 'graded', 'infra_fault')).toBe('ungradable');
    const { body } = await candidate.client.get(`/candidate/evaluation/submissions/${first.body.id}`).expect(200);
    expect(body.reason.message).toMatch(/\w/);
    expect(body.reason.log + body.reason.message).toContain('SyntaxError');
    expect(JSON.stringify(body)).not.toContain(ROOT);

    const second = await upload(referenceArchive).expect(202);
    await expectGradedOnce(candidate, second.body.id);
  }, 300_000);
});

/** The pack's reference solution as an archive, changed by `change` first. */
async function packReference(change: (project: string) => Promise<void>): Promise<Buffer> {
  const pack = await loadTaskPack(join(ROOT, 'task-packs', 'django', 'bookshop'));
  const solution = findSolution(pack, 'reference');
  if (!solution) throw new Error('The bookshop pack has no reference solution');
  const folder = await mkdtemp(join(tmpdir(), 'assay-reference-'));
  try {
    const project = join(folder, 'project');
    await buildSolution(pack, solution, project);
    await change(project);
    return await packFolder(project);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
