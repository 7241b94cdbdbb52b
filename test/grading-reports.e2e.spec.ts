import { packFiles } from '@assay/archive/pack-folder';
import type { GradingReport, RunOutcome, Visibility } from '@assay/contracts/grading-report';
import { GRADING_JOBS_QUEUE, GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import { type JobQueue, openQueue } from '@assay/queue/job-queue';
import { openWorker } from '@assay/queue/job-worker';
import { createEngineQueue, queueConnection } from '@assay/queue/queue-connection';
import { SAMPLE_PROVENANCE, sampleReport } from '@assay/testing/sample-report';
import { waitFor } from '@assay/testing/wait-for';
import { type CandidateAtWork, startedCandidate } from './support/candidate-at-work';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

// The test stands in for the worker: it puts reports on the queue, good and bad ones.
const SUBMISSIONS = '/candidate/evaluation/submissions';

let api: TestApi;
let reports: JobQueue<typeof GRADING_REPORTS_QUEUE>;
beforeAll(async () => {
  api = await startTestApi();
  reports = await openQueue(GRADING_REPORTS_QUEUE, api.queueStore.url, { onError: () => undefined });
});
afterAll(async () => {
  await reports.close();
  await api.close();
});

interface WaitingRun {
  readonly candidate: CandidateAtWork;
  readonly submissionId: string;
  readonly runId: string;
  readonly organisationId: string;
}

async function startRun(): Promise<WaitingRun> {
  const candidate = await startedCandidate(api);
  const archive = await packFiles([{ path: 'manage.py', content: Buffer.from('print(1)\n') }]);
  const { body } = await candidate.client.post(SUBMISSIONS).attach('archive', archive, 'a.tar.gz').expect(202);
  const [run] = await sql<{ id: string; organisation_id: string }>(
    api.database.adminUrl,
    'SELECT id, organisation_id FROM grading_runs WHERE submission_id = $1',
    [body.id],
  );
  if (!run) throw new Error('The submission has no run');
  return { candidate, submissionId: body.id, runId: run.id, organisationId: run.organisation_id };
}

function report(run: WaitingRun, content: GradingReport): Promise<void> {
  return reports.addJob({ version: 1, runId: run.runId, organisationId: run.organisationId, report: content });
}

async function untilStatus({ candidate, submissionId }: WaitingRun, status: string) {
  return waitFor(
    async () => {
      const { body } = await candidate.client.get(`${SUBMISSIONS}/${submissionId}`).expect(200);
      return body.status === status ? body : null;
    },
    { what: `the submission to be ${status}` },
  );
}

const HASH = SAMPLE_PROVENANCE.runtimeLockHash;
const SECRET = {
  id: 'hidden-check-id',
  title: 'Hidden title',
  reviewer: 'hidden expected value 4711',
  path: '/hidden/path',
  body: 'hidden answer',
  statement: 'SELECT hidden',
  finding: 'hidden finding',
};

function check(visibility: Visibility): GradingReport['checks'][number] {
  return {
    id: `${SECRET.id}-${visibility}`,
    title: `Title ${visibility}`,
    criterion: 'A2',
    level: 2,
    points: 3,
    status: 'failed',
    visibility,
    messageForCandidate: `Message ${visibility}`,
    messageForReviewer: SECRET.reviewer,
    evidence: {
      exchanges: [
        {
          request: { method: 'GET', path: SECRET.path, as: null, body: null },
          response: { status: 200, contentType: null, body: SECRET.body, truncated: false },
          error: null,
          statementCount: 1,
          statements: [SECRET.statement],
        },
      ],
      records: [],
      measurements: {},
      findings: [],
      locations: [],
    },
  };
}

function contentOf(outcome: RunOutcome, fields: Partial<GradingReport> = {}): GradingReport {
  const reason = { code: 'some-reason', messageForCandidate: 'some reason', messageForReviewer: SECRET.reviewer, log: '' };
  return sampleReport({
    outcome,
    reason: outcome === 'graded' ? null : reason,
    findings: [{ tool: 'ruff', rule: 'X', message: SECRET.finding, file: 'a.py', line: 1 }],
    ...fields,
  });
}

describe('what a candidate reads of a grade', () => {
  const VISIBILITIES = ['always', 'after_submission', 'after_decision', 'never'] as const;
  let run: WaitingRun;
  beforeAll(async () => {
    run = await startRun();
    await report(run, contentOf('graded', { checks: VISIBILITIES.map(check) }));
    await untilStatus(run, 'graded');
  });

  async function readEverything(): Promise<{ titles: string[]; text: string }> {
    const { client } = run.candidate;
    const paths = ['/candidate/evaluation', '/candidate/evaluation/feedback', `${SUBMISSIONS}/${run.submissionId}`];
    const answers = [];
    for (const path of paths) answers.push(await client.get(path).expect(200));
    const stream = await fetch(`${api.url}/api/v1${SUBMISSIONS}/${run.submissionId}/events`, {
      headers: { Authorization: `Bearer ${client.token}` },
    });
    const text = [...answers.map((answer) => answer.text), await stream.text()].join('\n');
    const feedback = answers[1]?.body as { checks: { title: string }[] };
    return { titles: feedback.checks.map(({ title }) => title), text };
  }

  it.each<[string, boolean, string[]]>([
    ['none', false, []],
    ['after_submission', false, ['Title always', 'Title after_submission']],
    ['after_decision', false, []],
    ['none', true, []],
    ['after_submission', true, ['Title always', 'Title after_submission', 'Title after_decision']],
    ['after_decision', true, ['Title always', 'Title after_submission', 'Title after_decision']],
  ])('with feedback "%s", decided: %s', async (policy, decided, titles) => {
    const owner = await api.signIn('owner');
    await owner.patch('/organisation', { candidateFeedback: policy }).expect(200);
    await sql(
      api.database.adminUrl,
      'UPDATE evaluations SET decided_at = CASE WHEN $2 THEN now() END, decision = CASE WHEN $2 THEN $3 END WHERE id = $1',
      [run.candidate.evaluationId, decided, 'advance'],
    );
    const read = await readEverything();
    expect(read.titles).toEqual(titles);
    for (const secret of [...Object.values(SECRET), 'Title never', 'Message never', run.runId, HASH])
      expect(read.text).not.toContain(secret);
  });
});

describe('a report', () => {
  it('is stored whatever the project printed, and read by candidate and staff', async () => {
    const run = await startRun();
    const log = `Traceback \0 ${'🦊'.slice(0, 1)} end`;
    const reason = { code: 'syntax-error', messageForCandidate: 'Mend it.', messageForReviewer: SECRET.reviewer, log };
    await report(run, contentOf('ungradable', { reason }));
    const submission = await untilStatus(run, 'ungradable');
    expect(submission.reason).toEqual({ code: 'syntax-error', message: 'Mend it.', log: 'Traceback \ufffd \ufffd end' });
    const lead = await api.signIn('lead');
    expect((await lead.get(`/grading-runs/${run.runId}`).expect(200)).body.run.reason.messageForReviewer).toBe(SECRET.reviewer);
  });

  it('counts once, whatever comes after it', async () => {
    const run = await startRun();
    await report(run, contentOf('graded', { checks: [check('always')] }));
    await untilStatus(run, 'graded');
    await reports.replaceJob({
      version: 1,
      runId: run.runId,
      organisationId: run.organisationId,
      report: contentOf('infra_fault'),
    });
    const next = await startRun();
    await report(
      next,
      contentOf('timed_out', { reason: { code: 'x', messageForCandidate: 'm', messageForReviewer: 'r', log: '' } }),
    );
    await untilStatus(next, 'timed_out');
    await untilStatus(run, 'graded');
    const stored = await sql(api.database.adminUrl, 'SELECT report FROM grading_reports WHERE grading_run_id = $1', [run.runId]);
    expect(stored).toEqual([{ report: expect.objectContaining({ outcome: 'graded' }) }]);
  });

  it('of a run that is not there, or is of another organisation, changes nothing', async () => {
    const run = await startRun();
    const { id: elsewhere } = await api.createOrganisation();
    await report({ ...run, organisationId: elsewhere }, contentOf('graded', { checks: [check('always')] }));
    const next = await startRun();
    await report(next, contentOf('graded', { checks: [check('always')] }));
    await untilStatus(next, 'graded');
    const [row] = await sql(api.database.adminUrl, 'SELECT outcome FROM grading_runs WHERE id = $1', [run.runId]);
    expect(row).toEqual({ outcome: null });
  });

  it('that cannot be stored sends the run to the workers again, and in the end to a person', async () => {
    const raw = createEngineQueue(queueConnection(api.queueStore.url), GRADING_REPORTS_QUEUE, {});
    const taken: string[] = [];
    const worker = await openWorker(
      GRADING_JOBS_QUEUE,
      api.queueStore.url,
      async ({ payload: { runId } }) => {
        taken.push(runId);
        await raw.remove(runId);
        await raw.add(GRADING_REPORTS_QUEUE, { not: 'a report' }, { jobId: runId });
      },
      { workerName: 'test', concurrency: 1, onNotice: () => undefined },
    );
    try {
      const run = await startRun();
      const submission = await untilStatus(run, 'infra_fault');
      expect(submission.reason).toMatchObject({ code: 'worker-lost' });
      expect(taken.filter((runId) => runId === run.runId)).toHaveLength(3);
    } finally {
      await worker.close(1_000);
      await raw.close();
    }
  }, 60_000);
});
