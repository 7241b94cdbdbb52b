import { randomUUID } from 'node:crypto';
import { packFiles } from '@assay/archive/pack-folder';
import type { GradingReport } from '@assay/contracts/grading-report';
import { GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import { type JobQueue, openQueue } from '@assay/queue/job-queue';
import { EXPORT_FILES, EXPORT_FORMATS } from '@assay/report-export/export-report';
import { sampleCheck, sampleReport } from '@assay/testing/sample-report';
import { waitFor } from '@assay/testing/wait-for';
import { type CandidateAtWork, startedCandidate } from './support/candidate-at-work';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

// The test stands in for the worker, as in grading-reports.e2e.spec.ts.
const FEEDBACK = '/candidate/evaluation/feedback';
const HOSTILE = 'said ]]> <b>& \u202e"\u0007';

let api: TestApi;
let reports: JobQueue<typeof GRADING_REPORTS_QUEUE>;
let candidate: CandidateAtWork;
let runId: string;
let report: GradingReport;

beforeAll(async () => {
  api = await startTestApi();
  reports = await openQueue(GRADING_REPORTS_QUEUE, api.queueStore.url, { onError: () => undefined });
  candidate = await startedCandidate(api);
  const archive = await packFiles([{ path: 'manage.py', content: Buffer.from('print(1)\n') }]);
  const { body } = await candidate.client
    .post('/candidate/evaluation/submissions')
    .attach('archive', archive, 'a.tar.gz')
    .expect(202);
  const [run] = await sql<{ id: string; organisation_id: string }>(
    api.database.adminUrl,
    'SELECT id, organisation_id FROM grading_runs WHERE submission_id = $1',
    [body.id],
  );
  if (!run) throw new Error('The submission has no run');
  runId = run.id;
  const organisationId = run.organisation_id;
  report = sampleReport({
    checks: [
      sampleCheck({ id: 'b1-open', title: 'Open title', messageForCandidate: 'Well done.' }),
      sampleCheck({
        id: 'b2-hidden',
        criterion: 'B2',
        title: 'Hidden title',
        visibility: 'never',
        status: 'failed',
        messageForReviewer: HOSTILE,
      }),
    ],
  });
  const lead = await api.signIn('lead');
  expect((await lead.get(`/grading-runs/${runId}/report`).expect(409)).body.code).toBe('not-graded');
  await reports.addJob({ version: 1, runId, organisationId, report });
  await waitFor(async () => (await lead.get(`/grading-runs/${runId}`)).body.run.status === 'graded', {
    what: 'the run to be graded',
  });
}, 60_000);
afterAll(async () => {
  await reports.close();
  await api.close();
});

const textOf = (answer: { text?: string; body: unknown }): string =>
  answer.text ?? (Buffer.isBuffer(answer.body) ? answer.body.toString('utf8') : JSON.stringify(answer.body));

describe('the report of a run', () => {
  it('is given to staff as it was stored, and as a file of each format', async () => {
    const recruiter = await api.signIn('recruiter');
    expect((await recruiter.get(`/grading-runs/${runId}/report`).expect(200)).body).toEqual({
      ...report,
      checks: report.checks.map((check) => ({ ...check })),
    });
    expect((await recruiter.get(`/grading-runs/${runId}/report?format=json`).expect(200)).body.version).toBe(1);
    for (const format of EXPORT_FORMATS) {
      const answer = await recruiter.get(`/grading-runs/${runId}/report?format=${format}`).buffer(true).expect(200);
      const { mediaType, fileName } = EXPORT_FILES[format];
      expect([answer.type, answer.headers['content-disposition']]).toEqual([mediaType, `attachment; filename="${fileName}"`]);
      expect(textOf(answer).length).toBeGreaterThan(300);
    }
    const junit = textOf(await recruiter.get(`/grading-runs/${runId}/report?format=junit`).buffer(true));
    expect(junit).toContain('<failure message="said ]]&gt; &lt;b&gt;&amp; &lt;U+202E&gt;&quot;\ufffd" type="failed">');
  });

  it('is not given in a format that nobody knows, of another organisation, or to a candidate', async () => {
    const lead = await api.signIn('lead');
    for (const format of ['xml', '', 'junit&format=ctrf']) {
      expect((await lead.get(`/grading-runs/${runId}/report?format=${format}`).expect(400)).body.code).toBe('invalid-input');
    }
    await lead.get(`/grading-runs/${randomUUID()}/report`).expect(404);
    const stranger = await api.signIn('lead', await api.createOrganisation());
    await stranger.get(`/grading-runs/${runId}/report?format=junit`).expect(404);
    await candidate.client.get(`/grading-runs/${runId}/report?format=junit`).expect(403);
  });
});

describe('feedback as a file', () => {
  it('holds what the candidate may read, and nothing else', async () => {
    for (const format of EXPORT_FORMATS) {
      const answer = await candidate.client.get(`${FEEDBACK}?format=${format}`).buffer(true).expect(200);
      expect(answer.type).toBe(EXPORT_FILES[format].mediaType);
      const text = textOf(answer);
      if (format !== 'sarif') expect(text).toContain('Open title');
      for (const secret of ['Hidden title', 'b1-open', 'b2-hidden', 'said', runId, report.provenance.runtimeLockHash])
        expect(text).not.toContain(secret);
    }
  });

  it.each([
    ['none', 'The organisation gives no feedback on this task.'],
    ['after_decision', 'Feedback is given once the organisation has decided.'],
  ])('is refused with the policy "%s", saying why', async (policy, detail) => {
    const owner = await api.signIn('owner');
    await owner.patch('/organisation', { candidateFeedback: policy }).expect(200);
    const { body } = await candidate.client.get(`${FEEDBACK}?format=junit`).expect(409);
    expect(body).toMatchObject({ code: 'conflict', detail });
  });

  it('is refused before there is a grade, and in a format that nobody knows', async () => {
    const owner = await api.signIn('owner');
    await owner.patch('/organisation', { candidateFeedback: 'after_submission' }).expect(200);
    const waiting = await startedCandidate(api);
    expect((await waiting.client.get(`${FEEDBACK}?format=ctrf`).expect(409)).body.detail).toBe('There is no grade yet.');
    expect((await candidate.client.get(`${FEEDBACK}?format=html`).expect(400)).body.code).toBe('invalid-input');
  });
});
