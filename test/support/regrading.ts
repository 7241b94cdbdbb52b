import { packFiles } from '@assay/archive/pack-folder';
import type { CheckResult, GradingReport, RunOutcome } from '@assay/contracts/grading-report';
import { GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import { type JobQueue, openQueue } from '@assay/queue/job-queue';
import { sampleReport } from '@assay/testing/sample-report';
import { waitFor } from '@assay/testing/wait-for';
import { type CandidateAtWork, startedCandidate } from './candidate-at-work';
import { sql } from './sql';
import type { TestApi } from './test-api';
import type { TestClient } from './test-client';

const SUBMISSIONS = '/candidate/evaluation/submissions';

/** A submission with its first run. */
export interface SubmittedWork {
  readonly candidate: CandidateAtWork;
  readonly evaluationId: string;
  readonly submissionId: string;
  readonly runId: string;
}

/** Which of the checks `a2-one`, `a2-two` and so on pass. */
export type Verdicts = readonly boolean[];

/** Checks of criterion A2, level by level. */
export function checksOf(verdicts: Verdicts): CheckResult[] {
  return verdicts.map((passed, index) => ({
    id: `a2-${index + 1}`,
    title: `Check ${index + 1}`,
    criterion: 'A2',
    level: Math.min(index + 1, 3) as 1 | 2 | 3,
    points: 2,
    status: passed ? 'passed' : 'failed',
    visibility: 'always',
    messageForCandidate: passed ? 'Well done' : 'Look again',
    messageForReviewer: 'what came',
    evidence: { exchanges: [], records: [], measurements: {}, findings: [], locations: [] },
  }));
}

/** Stands in for the workers: hands in reports of runs. */
export class StandInWorker {
  private constructor(
    private readonly api: TestApi,
    private readonly reports: JobQueue<typeof GRADING_REPORTS_QUEUE>,
  ) {}

  static async open(api: TestApi): Promise<StandInWorker> {
    return new StandInWorker(api, await openQueue(GRADING_REPORTS_QUEUE, api.queueStore.url, { onError: () => undefined }));
  }

  close(): Promise<void> {
    return this.reports.close();
  }

  /** Hands in a report and waits until it is stored. */
  async finish(runId: string, verdicts: Verdicts | RunOutcome): Promise<void> {
    const [run] = await sql<{ organisation_id: string }>(
      this.api.database.adminUrl,
      'SELECT organisation_id FROM grading_runs WHERE id = $1',
      [runId],
    );
    const report = reportOf(verdicts);
    await this.reports.addJob({ version: 1, runId, organisationId: run?.organisation_id ?? '', report });
    await waitFor(
      async () => {
        const [row] = await sql<{ outcome: string | null }>(
          this.api.database.adminUrl,
          'SELECT outcome FROM grading_runs WHERE id = $1',
          [runId],
        );
        return row?.outcome;
      },
      { what: 'the report to be stored' },
    );
  }

  /** A submission of a new candidate, or another one of this candidate. */
  async submit(candidate?: CandidateAtWork, fields: object = {}): Promise<SubmittedWork> {
    const whose = candidate ?? (await startedCandidate(this.api, fields));
    const archive = await packFiles([{ path: 'manage.py', content: Buffer.from('print(1)\n') }]);
    const { body } = await whose.client.post(SUBMISSIONS).attach('archive', archive, 'a.tar.gz').expect(202);
    const [run] = await sql<{ id: string }>(this.api.database.adminUrl, 'SELECT id FROM grading_runs WHERE submission_id = $1', [
      body.id,
    ]);
    return { candidate: whose, evaluationId: whose.evaluationId, submissionId: body.id, runId: run?.id ?? '' };
  }

  async submitAndFinish(verdicts: Verdicts | RunOutcome, candidate?: CandidateAtWork, fields?: object): Promise<SubmittedWork> {
    const work = await this.submit(candidate, fields);
    await this.finish(work.runId, verdicts);
    return work;
  }
}

function reportOf(verdicts: Verdicts | RunOutcome): GradingReport {
  if (typeof verdicts !== 'string') return sampleReport({ outcome: 'graded', checks: checksOf(verdicts) });
  const reason = { code: 'some-code', messageForCandidate: `This was ${verdicts}`, messageForReviewer: 'r', log: '' };
  return sampleReport({ outcome: verdicts, reason });
}

/** Everything that a candidate can ask about a submission, as one text. */
export async function readAsCandidate(api: TestApi, { candidate, submissionId }: SubmittedWork): Promise<string> {
  const paths = ['/candidate/evaluation', '/candidate/evaluation/feedback', `${SUBMISSIONS}/${submissionId}`];
  const answers: unknown[] = [];
  for (const path of paths) {
    const { body } = await candidate.client.get(path).expect(200);
    answers.push({ ...body, secondsLeft: null });
  }
  const stream = await fetch(`${api.url}/api/v1${SUBMISSIONS}/${submissionId}/events`, {
    headers: { Authorization: `Bearer ${candidate.client.token}` },
  });
  return `${JSON.stringify(answers)}\n${await stream.text()}`;
}

/** Asks for a regrade of these and gives its id and the new run of each evaluation. */
export async function requestRegrade(
  lead: TestClient,
  evaluations: readonly SubmittedWork[],
): Promise<{ id: string; runOf: (work: SubmittedWork) => string }> {
  const evaluationIds = evaluations.map(({ evaluationId }) => evaluationId);
  const { body } = await lead.post('/regrades', { taskSlug: 'bookshop', reason: 'a new pack', evaluationIds }).expect(201);
  const changes = await lead.get(`/regrades/${body.id}/changes?limit=100`).expect(200);
  const runs = new Map<string, string>(
    changes.body.items.map((item: { submissionId: string; newRunId: string }) => [item.submissionId, item.newRunId]),
  );
  return { id: body.id, runOf: (work) => runs.get(work.submissionId) ?? '' };
}
