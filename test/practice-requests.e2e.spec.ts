import { randomUUID } from 'node:crypto';
import { RunTokenService } from '@assay/api/grading/run-token.service';
import { packFiles } from '@assay/archive/pack-folder';
import { openQueue } from '@assay/queue/job-queue';
import { openWorker } from '@assay/queue/job-worker';
import { waitFor } from '@assay/testing/wait-for';
import { type CandidateAtWork, inviteCandidate, startedCandidate } from './support/candidate-at-work';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

// What may be asked for and when. No worker of ours runs: a stand-in takes jobs where a test needs one, on the real queue.
const PRACTICE = '/candidate/evaluation/practice-runs';
const PER_HOUR = 2;

let api: TestApi;
let archive: Buffer;
beforeAll(async () => {
  api = await startTestApi({ practiceRunsPerHour: PER_HOUR });
  archive = await packFiles([{ path: 'manage.py', content: Buffer.from('print(1)\n') }]);
});
afterAll(() => api.close());

function practise({ client }: Pick<CandidateAtWork, 'client'>) {
  return client.post(PRACTICE).attach('archive', archive, 'project.tar.gz');
}

/** Ends the candidate's open run as a report would. */
async function end({ evaluationId }: CandidateAtWork, outcome: string): Promise<void> {
  await sql(
    api.database.adminUrl,
    'UPDATE practice_runs SET outcome = $2, finished_at = now() WHERE evaluation_id = $1 AND outcome IS NULL',
    [evaluationId, outcome],
  );
}

describe('a practice run', () => {
  it('is taken in, handed to its own queue, and uses no attempt', async () => {
    const candidate = await startedCandidate(api);
    const { body } = await practise(candidate).expect(202);
    expect(body).toMatchObject({
      status: 'received',
      fileCount: 1,
      checks: [],
      output: null,
      reason: null,
      allowance: { perHour: PER_HOUR, left: PER_HOUR - 1, nextAt: null },
      notice: expect.stringContaining('never enter your score'),
    });
    const queued = await waitFor(
      async () => {
        const read = await candidate.client.get(`${PRACTICE}/${body.id}`).expect(200);
        return read.body.status === 'queued' && read.body.queue ? read.body : null;
      },
      { what: 'the run is on the queue' },
    );
    const evaluation = await candidate.client.get('/candidate/evaluation').expect(200);
    expect(evaluation.body.practice).toEqual({ perHour: PER_HOUR, left: PER_HOUR - 1, nextAt: null });
    // Nothing was measured yet: no time is named.
    expect(queued.queue).toEqual({ ahead: expect.any(Number), estimate: null });
    await candidate.client.post('/candidate/evaluation/submissions').attach('archive', archive, 'project.tar.gz').expect(202);
  });

  it('is refused before the start, after the deadline and after the decision, as a submission is', async () => {
    const invited = await inviteCandidate(api);
    expect((await practise(invited).expect(409)).body.code).toBe('evaluation-not-started');
    const late = await startedCandidate(api);
    await sql(api.database.adminUrl, `UPDATE evaluations SET started_at = now() - interval '30 days' WHERE id = $1`, [
      late.evaluationId,
    ]);
    expect((await practise(late).expect(409)).body).toMatchObject({
      code: 'evaluation-closed',
      detail: expect.stringContaining('deadline'),
    });
    const recruiter = await api.signIn('recruiter');
    await recruiter.post(`/evaluations/${late.evaluationId}/decision`, { decision: 'decline' }).expect(200);
    expect((await practise(late).expect(409)).body.detail).toContain('decision');
  });

  it('is one at a time and a number of them in an hour; what failed on our side does not count', async () => {
    const candidate = await startedCandidate(api);
    await practise(candidate).expect(202);
    const open = await practise(candidate).expect(409);
    expect(open.body).toMatchObject({ code: 'practice-run-open', detail: expect.stringContaining('1 of 2') });
    expect(Number(open.headers['retry-after'])).toBeGreaterThan(0);

    await end(candidate, 'infra_fault');
    expect((await practise(candidate).expect(202)).body.allowance.left).toBe(1);
    await end(candidate, 'finished');
    expect((await practise(candidate).expect(202)).body.allowance).toMatchObject({ left: 0, nextAt: expect.any(String) });
    await end(candidate, 'unstartable');
    const refused = await practise(candidate).expect(429);
    expect(refused.body).toMatchObject({ code: 'practice-limit-reached', detail: expect.stringContaining('0 are left') });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_000);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(3_600);

    await sql(
      api.database.adminUrl,
      `UPDATE practice_runs SET requested_at = requested_at - interval '1 hour' WHERE evaluation_id = $1`,
      [candidate.evaluationId],
    );
    await practise(candidate).expect(202);
    // Another candidate has their own.
    await practise(await startedCandidate(api)).expect(202);
  });

  it('is counted once when two requests come together', async () => {
    const candidate = await startedCandidate(api);
    const answers = await Promise.all([practise(candidate), practise(candidate), practise(candidate)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
  });

  it('is given again under its key, and not run twice', async () => {
    const candidate = await startedCandidate(api);
    const send = () => practise(candidate).set('Idempotency-Key', 'again');
    const [first, second] = [await send().expect(202), await send().expect(202)];
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it.each([
    ['that is no archive', Buffer.from('nothing'), 422, 'archive-refused'],
    ['that is missing', null, 400, 'malformed-request'],
  ])('of a file %s is refused', async (_what, content, status, code) => {
    const candidate = await startedCandidate(api);
    const request = candidate.client.post(PRACTICE);
    const { body } = await (content ? request.attach('archive', content, 'a.tar.gz') : request.field('x', 'y')).expect(status);
    expect(body.code).toBe(code);
  });

  it('is listed page by page, newest first, to its own candidate alone', async () => {
    const candidate = await startedCandidate(api);
    const ids: string[] = [];
    for (let count = 0; count < PER_HOUR; count += 1) {
      ids.unshift((await practise(candidate).expect(202)).body.id);
      await end(candidate, 'finished');
    }
    const first = await candidate.client.get(`${PRACTICE}?limit=1`).expect(200);
    expect(first.body.items.map((run: { id: string }) => run.id)).toEqual(ids.slice(0, 1));
    const second = await candidate.client.get(`${PRACTICE}?limit=1&cursor=${first.body.nextCursor}`).expect(200);
    expect(second.body).toMatchObject({ items: [{ id: ids[1] }], nextCursor: null });

    const other = await startedCandidate(api);
    expect((await other.client.get(PRACTICE).expect(200)).body.items).toEqual([]);
    await other.client.get(`${PRACTICE}/${ids[0]}`).expect(404);
    await other.client.get(`${PRACTICE}/${ids[0]}/events`).expect(404);
    await other.client.get(`${PRACTICE}/${randomUUID()}`).expect(404);
    await other.client.get(`${PRACTICE}/none/events`).expect(404);
  });

  it('hands its archive to the bearer of its own token, until it has ended', async () => {
    const candidate = await startedCandidate(api);
    const { body } = await practise(candidate).expect(202);
    const organisationId = (await api.organisation()).id;
    const tokens = api.app.get(RunTokenService, { strict: false });
    const fetchWith = async (token: string) =>
      fetch(`${api.url}/api/v1/internal/organisations/${organisationId}/practice-runs/${body.id}/archive`, {
        headers: { Authorization: `Bearer ${token}` },
      });
    const opened = await fetchWith(tokens.issue(organisationId, body.id));
    expect(Buffer.from(await opened.arrayBuffer()).equals(archive)).toBe(true);
    for (const token of ['', tokens.issue(organisationId, randomUUID()), String(candidate.client.token)])
      expect((await fetchWith(token)).status).toBe(401);
    await end(candidate, 'finished');
    expect((await fetchWith(tokens.issue(organisationId, body.id))).status).toBe(404);
  });

  it('is seen by staff as a number', async () => {
    const candidate = await startedCandidate(api);
    const lead = await api.signIn('lead');
    const read = async () => (await lead.get(`/evaluations/${candidate.evaluationId}/practice`).expect(200)).body;
    expect(await read()).toEqual({ runs: 0, lastAt: null });
    await practise(candidate).expect(202);
    expect(await read()).toEqual({ runs: 1, lastAt: expect.any(String) });
    const elsewhere = await api.signIn('lead', await api.createOrganisation());
    await elsewhere.get(`/evaluations/${candidate.evaluationId}/practice`).expect(404);
  });

  it('ends as our fault, with its archive deleted, when every worker gives it up', async () => {
    const candidate = await startedCandidate(api);
    const { body } = await practise(candidate).expect(202);
    const settings = { attempts: 1, backoffMs: 10 };
    const worker = await openWorker(
      'practice-jobs',
      api.queueStore.url,
      async () => {
        throw new Error('no');
      },
      { workerName: 'spec', concurrency: 4, onNotice: () => undefined, settings },
    );
    try {
      const ended = await waitFor(
        async () => {
          const read = await candidate.client.get(`${PRACTICE}/${body.id}`).expect(200);
          return read.body.status === 'infra_fault' ? read.body : null;
        },
        { what: 'the run is given up', timeoutMs: 25_000 },
      );
      expect(ended).toMatchObject({ allowance: { left: PER_HOUR }, message: expect.stringContaining('does not count') });
      expect(await sql(api.database.adminUrl, 'SELECT 1 FROM practice_archives WHERE practice_run_id = $1', [body.id])).toEqual(
        [],
      );
    } finally {
      await worker.close(0);
    }
  });
});

it('keeps the results of the newest runs only, and none for longer than its days', async () => {
  const candidate = await startedCandidate(api);
  const organisationId = (await api.organisation()).id;
  const reports = await openQueue('practice-reports', api.queueStore.url, { onError: () => undefined });
  try {
    const first = (await practise(candidate).expect(202)).body.id as string;
    const report = {
      version: 1 as const,
      outcome: 'finished' as const,
      reason: null,
      faultDetail: null,
      checks: [{ id: 'test_a.py::test_a', outcome: 'passed' as const, durationMs: 3, message: '' }],
      unlistedChecks: 0,
      output: '1 passed\u0000',
      provenance: {
        pack: { slug: 'bookshop', version: '1.0.0', contentHash: 'a'.repeat(64) },
        runtimeLockHash: 'b'.repeat(64),
        graderVersion: '1',
        sandboxDriver: 'zygote',
        python: '3.11',
      },
      timings: { queueMs: 1, startMs: 2, totalMs: 3 },
    };
    await reports.addJob({ version: 1, runId: first, organisationId, report });
    const read = async (id: string) => (await candidate.client.get(`${PRACTICE}/${id}`).expect(200)).body;
    const ended = await waitFor(async () => ((await read(first)).status === 'finished' ? read(first) : null), {
      what: 'the report',
    });
    expect(ended).toMatchObject({ resultKept: true, done: 1, total: 1, checks: report.checks, output: '1 passed\ufffd' });
    expect(JSON.stringify(ended)).not.toContain('provenance');

    await sql(
      api.database.adminUrl,
      `INSERT INTO practice_runs (organisation_id, evaluation_id, task_version_id, archive_sha256, archive_bytes, file_count, requested_at, finished_at, outcome)
       SELECT organisation_id, evaluation_id, task_version_id, archive_sha256, 1, 1, now() - interval '2 hours', now(), 'finished'
         FROM practice_runs, generate_series(1, 20) WHERE id = $1`,
      [first],
    );
    const next = (await practise(candidate).expect(202)).body.id as string;
    await reports.addJob({ version: 1, runId: next, organisationId, report });
    await waitFor(async () => (await read(next)).status === 'finished', { what: 'the next report' });
    expect(await read(first)).toMatchObject({ status: 'finished', resultKept: false, checks: [], output: null });
    expect((await read(next)).resultKept).toBe(true);

    await sql(
      api.database.adminUrl,
      `UPDATE practice_outbox SET settled_at = now() - interval '31 days' WHERE practice_run_id = $1`,
      [next],
    );
    await api.restart();
    await waitFor(async () => !(await read(next)).resultKept, { what: 'the result is deleted' });
    expect(await sql(api.database.adminUrl, 'SELECT 1 FROM practice_outbox WHERE practice_run_id = $1', [next])).toEqual([]);
  } finally {
    await reports.close();
  }
});
