import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packFolder } from '@assay/archive/pack-folder';
import { listTaskPacks, loadTaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution, findSolution } from '@assay/task-pack/solution-overlay';
import { descendantsOf, isProject } from '@assay/testing/host-processes';
import type { TestProcess } from '@assay/testing/test-process';
import { waitFor } from '@assay/testing/wait-for';
import { startedCandidate } from './support/candidate-at-work';
import { startGradingWorker } from './support/grading-worker';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

const ROOT = resolve(__dirname, '..');
const GRADED_WITHIN_MS = 120_000;

// Everything is real: the API, the compiled worker as a process of its own, its sandbox and databases, the queue (PostgreSQL engine).
describe('a fault of ours while a submission is graded', () => {
  let api: TestApi;
  let worker: TestProcess;
  let archive: Buffer;

  beforeAll(async () => {
    archive = await packReference();
    api = await startTestApi({}, 'postgres');
    worker = await startGradingWorker(api.queueStore.url);
    // Until then the starters of the packs run in its sandbox.
    const packs = await listTaskPacks(join(ROOT, 'task-packs'));
    await waitFor(() => worker.output().split('Task pack ready').length > packs.length, {
      timeoutMs: 120_000,
      what: 'the packs are ready',
    });
  });
  afterAll(async () => {
    await worker.kill();
    await api.close();
  });

  it('burns no attempt: the run is tried again and graded, once', async () => {
    const candidate = await startedCandidate(api);
    const submitted = await candidate.client
      .post('/candidate/evaluation/submissions')
      .attach('archive', archive, 'a.tar.gz')
      .expect(202);
    const project = await waitFor(() => descendantsOf(worker.pid).find(isProject), {
      timeoutMs: GRADED_WITHIN_MS,
      everyMs: 5,
      what: 'the project runs in its sandbox',
    });
    process.kill(project.pid, 'SIGKILL');
    await waitFor(() => worker.output().includes('attempt-failed'), { what: 'the attempt fails' });
    expect(worker.output()).toMatch(/sandbox-failed: [^"]*killed from outside/);
    const read = async () => (await candidate.client.get(`/candidate/evaluation/submissions/${submitted.body.id}`)).body;
    const meanwhile = await read();
    expect({ ...meanwhile, isOpen: ['queued', 'grading'].includes(meanwhile.status) }).toMatchObject({
      isOpen: true,
      reason: null,
    });
    const ended = await waitFor(
      async () => {
        const body = await read();
        return ['graded', 'infra_fault', 'ungradable', 'timed_out'].includes(body.status) ? body : null;
      },
      { timeoutMs: GRADED_WITHIN_MS, what: 'the run ends' },
    );
    expect({ status: ended.status, reason: ended.reason }).toEqual({ status: 'graded', reason: null });
    const runs = await sql<{ outcome: string; reports: number }>(
      api.database.adminUrl,
      `SELECT run.outcome, (SELECT count(*)::int FROM grading_reports report WHERE report.grading_run_id = run.id) AS reports
         FROM grading_runs run WHERE run.submission_id = $1`,
      [submitted.body.id],
    );
    expect(runs).toEqual([{ outcome: 'graded', reports: 1 }]);
    const recruiter = await api.signIn('recruiter');
    const { body: card } = await recruiter.get(`/evaluations/${candidate.evaluationId}/scorecard`).expect(200);
    expect(card.composite).toBe(100);
  }, 300_000);
});

async function packReference(): Promise<Buffer> {
  const pack = await loadTaskPack(join(ROOT, 'task-packs', 'django', 'bookshop'));
  const solution = findSolution(pack, 'reference');
  if (!solution) throw new Error('The bookshop pack has no reference solution');
  const folder = await mkdtemp(join(tmpdir(), 'assay-reference-'));
  try {
    await buildSolution(pack, solution, join(folder, 'project'));
    return await packFolder(join(folder, 'project'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
