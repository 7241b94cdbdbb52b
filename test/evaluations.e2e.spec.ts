import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunTokenService } from '@assay/api/grading/run-token.service';
import { SUBMISSION_LIMITS } from '@assay/archive/archive-limits';
import { packFiles } from '@assay/archive/pack-folder';
import { inspectArchive } from '@assay/archive/submission-archive';
import { Client } from 'pg';
import request from 'supertest';
import { type CandidateAtWork, inviteCandidate, startedCandidate } from './support/candidate-at-work';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

// No worker runs here: what is tested ends where the run is handed to the queue.
let api: TestApi;
let recruiter: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  recruiter = await api.signIn('recruiter');
});
afterAll(() => api.close());

const project = () => packFiles([{ path: 'manage.py', content: Buffer.from('print("hello")\n') }]);

async function asAdmin(sql: string, parameters: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: api.database.adminUrl });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

describe('an evaluation', () => {
  it('is created for a candidate with the task and rubric of the moment, and goes from draft to invited to started', async () => {
    const { candidateId } = await inviteCandidate(api);
    const created = await recruiter
      .post('/evaluations', { candidateId, taskSlug: 'bookshop', role: 'Backend developer', attemptsAllowed: 2 })
      .expect(201);
    expect(created.body).toMatchObject({ status: 'draft', taskSlug: 'bookshop', role: 'Backend developer', attemptsAllowed: 2 });
    await recruiter.post(`/evaluations/${created.body.id}/invite`).expect(201);
    const read = await recruiter.get(`/evaluations/${created.body.id}`).expect(200);
    expect(read.body.status).toBe('invited');
    const listed = await recruiter.get(`/evaluations?candidateId=${candidateId}`).expect(200);
    expect(listed.body.items.map((item: { id: string }) => item.id)).toContain(created.body.id);
  });

  it('refuses a candidate, task or rubric that is not there, and times in disorder', async () => {
    const { candidateId } = await inviteCandidate(api);
    const nobody = '018f0000-0000-7000-8000-000000000000';
    const cases: [object, number, string][] = [
      [{ candidateId: nobody, taskSlug: 'bookshop' }, 404, 'not-found'],
      [{ candidateId, taskSlug: 'no-such-task' }, 404, 'not-found'],
      [{ candidateId, taskSlug: 'bookshop', rubricId: nobody }, 404, 'not-found'],
      [{ candidateId, taskSlug: 'bookshop', closesAt: '2001-01-01T00:00:00Z' }, 400, 'invalid-input'],
      [
        { candidateId, taskSlug: 'bookshop', opensAt: '2099-01-02T00:00:00Z', closesAt: '2099-01-01T00:00:00Z' },
        400,
        'invalid-input',
      ],
      [{ candidateId, taskSlug: 'bookshop', attemptsAllowed: -1 }, 400, 'invalid-input'],
      [{ candidateId, taskSlug: 'bookshop', score: 100 }, 400, 'invalid-input'],
    ];
    for (const [body, status, code] of cases) {
      const answer = await recruiter.post('/evaluations', body).expect(status);
      expect(answer.body.code).toBe(code);
    }
  });

  it('is unknown to another organisation, to read, invite for, and list', async () => {
    const { evaluationId, candidateId } = await inviteCandidate(api);
    const stranger = await api.signIn('owner', await api.createOrganisation());
    for (const path of ['', '/submissions', '/scorecard']) {
      const answer = await stranger.get(`/evaluations/${evaluationId}${path}`).expect(404);
      expect(answer.body.code).toBe('not-found');
    }
    await stranger.post(`/evaluations/${evaluationId}/invite`).expect(404);
    await stranger.post('/evaluations', { candidateId, taskSlug: 'bookshop' }).expect(404);
    expect((await stranger.get('/evaluations').expect(200)).body).toEqual({ items: [], nextCursor: null });
  });

  it('is not for an engineering lead to create, nor for a candidate to list', async () => {
    const lead = await api.signIn('lead');
    await lead.post('/evaluations', { candidateId: (await inviteCandidate(api)).candidateId, taskSlug: 'bookshop' }).expect(403);
    const { client } = await startedCandidate(api);
    await client.get('/evaluations').expect(403);
  });
});

describe('an invitation', () => {
  it('is mailed and shown once, and its token is stored as a hash only', async () => {
    const { evaluationId, token } = await inviteCandidate(api);
    const mails = await Promise.all((await readdir(api.mailFolder)).map((name) => readFile(join(api.mailFolder, name), 'utf8')));
    expect(
      mails.some((mail) =>
        mail
          .replace(/=\r?\n/g, '')
          .replace(/=3D/g, '=')
          .includes(token),
      ),
    ).toBe(true);
    const [stored] = await asAdmin('SELECT token_hash FROM invitations WHERE evaluation_id = $1', [evaluationId]);
    expect(stored?.token_hash).toBe(createHash('sha256').update(token).digest('hex'));
  });

  it('opens the evaluation again and again until it expires', async () => {
    const { token, evaluationId } = await inviteCandidate(api);
    await api.client().post('/candidate/session', { token }).expect(200);
    await api.client().post('/candidate/session', { token }).expect(200);
    await asAdmin(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE evaluation_id = $1`, [evaluationId]);
    expect((await api.client().post('/candidate/session', { token }).expect(401)).body.code).toBe('token-expired');
  });

  it('is replaced by the next one, and a forged one opens nothing', async () => {
    const { token, evaluationId } = await inviteCandidate(api);
    const second = await recruiter.post(`/evaluations/${evaluationId}/invite`).expect(201);
    const answer = await api.client().post('/candidate/session', { token }).expect(401);
    expect(answer.body).toMatchObject({ code: 'invalid-token', detail: expect.stringContaining('newer') });
    await api
      .client()
      .post('/candidate/session', { token: second.body.inviteUrl.split('#')[1] })
      .expect(200);
    expect((await api.client().post('/candidate/session', { token: 'invite_forged' }).expect(401)).body.code).toBe(
      'invalid-token',
    );
  });

  it('given again for the same idempotency key shows no link', async () => {
    const { evaluationId } = await inviteCandidate(api);
    const send = () =>
      recruiter.post(`/evaluations/${evaluationId}/invite`).set('Idempotency-Key', 'same-invitation').expect(201);
    expect((await send()).body.inviteUrl).toMatch(/#invite_/);
    expect((await send()).body.inviteUrl).toBeNull();
  });
});

describe('a candidate', () => {
  it('sees the task and its starter only after the start, and then the time left', async () => {
    const { token } = await inviteCandidate(api);
    const session = await api.client().post('/candidate/session', { token }).expect(200);
    const client = api.client(session.body.accessToken);
    expect((await client.get('/candidate/evaluation').expect(200)).body).toMatchObject({
      status: 'invited',
      task: null,
      secondsLeft: null,
    });
    expect((await client.get('/candidate/evaluation/starter').expect(409)).body.code).toBe('evaluation-not-started');

    const started = await client.post('/candidate/evaluation/start').expect(200);
    expect(started.body).toMatchObject({ status: 'started', task: { slug: 'bookshop' }, timeBoxMinutes: 180 });
    expect(started.body.secondsLeft).toBeGreaterThan(179 * 60);
    const again = await client.post('/candidate/evaluation/start').expect(200);
    expect(again.body.startedAt).toBe(started.body.startedAt);

    const starter = await client.get('/candidate/evaluation/starter').buffer(true).parse(collect).expect(200);
    const { files } = await inspectArchive(starter.body as Buffer, SUBMISSION_LIMITS);
    expect(files.map((file) => file.path)).toContain('manage.py');
    expect(files.some((file) => /hidden|reference|broken|expect\.json|task\.yaml/.test(file.path))).toBe(false);
  });

  it('cannot start before the evaluation opens or after it closes', async () => {
    const early = await inviteCandidate(api, { opensAt: '2099-01-01T00:00:00Z' });
    expect((await early.client.post('/candidate/evaluation/start').expect(409)).body.code).toBe('evaluation-not-open');
    const late = await inviteCandidate(api, { closesAt: '2099-01-01T00:00:00Z' });
    await asAdmin(`UPDATE evaluations SET closes_at = now() - interval '1 minute' WHERE id = $1`, [late.evaluationId]);
    expect((await late.client.post('/candidate/evaluation/start').expect(409)).body.code).toBe('evaluation-closed');
  });

  it('reaches no other evaluation and no staff endpoint', async () => {
    const one = await startedCandidate(api);
    const other = await startedCandidate(api);
    const submission = await upload(one, await project()).expect(202);
    await other.client.get(`/candidate/evaluation/submissions/${submission.body.id}`).expect(404);
    await other.client.get(`/candidate/evaluation/submissions/${submission.body.id}/events`).expect(404);
    await one.client.get(`/evaluations/${one.evaluationId}`).expect(403);
    await one.client.get(`/evaluations/${one.evaluationId}/scorecard`).expect(403);
    await (await api.signIn('recruiter')).get('/candidate/evaluation').expect(403);
  });
});

describe('a submission', () => {
  it('is stored with its run and outbox row, byte for byte, and handed to the queue', async () => {
    const candidate = await startedCandidate(api);
    const archive = await project();
    const answer = await upload(candidate, archive).expect(202);
    expect(answer.body).toMatchObject({ fileCount: 1, archiveBytes: archive.length, reason: null });
    const [stored] = await asAdmin('SELECT content FROM submission_archives WHERE submission_id = $1', [answer.body.id]);
    expect(archive.equals(stored?.content as Buffer)).toBe(true);
    const runs = await recruiter.get(`/submissions/${answer.body.id}/runs`).expect(200);
    expect(runs.body.items).toHaveLength(1);
    await waitForStatus(candidate, answer.body.id, 'queued');
    expect((await recruiter.get(`/evaluations/${candidate.evaluationId}`).expect(200)).body.status).toBe('submitted');
    expect((await recruiter.get(`/evaluations/${candidate.evaluationId}/scorecard`).expect(409)).body.code).toBe('not-graded');
  });

  it('is not taken before the start, after the deadline, or while another one is being graded', async () => {
    const invited = await inviteCandidate(api);
    expect((await upload(invited, await project()).expect(409)).body.code).toBe('evaluation-not-started');
    const late = await startedCandidate(api);
    await asAdmin(`UPDATE evaluations SET started_at = now() - interval '181 minutes' WHERE id = $1`, [late.evaluationId]);
    expect((await upload(late, await project()).expect(409)).body.code).toBe('evaluation-closed');
    const twice = await startedCandidate(api);
    await upload(twice, await project()).expect(202);
    expect((await upload(twice, await project()).expect(409)).body.code).toBe('submission-in-grading');
  });

  it('sent twice at the same time is taken once', async () => {
    const candidate = await startedCandidate(api);
    const archive = await project();
    const answers = await Promise.all([upload(candidate, archive), upload(candidate, archive), upload(candidate, archive)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, 409, 409]);
  });

  it('sent again with the same idempotency key gets the first answer', async () => {
    const candidate = await startedCandidate(api);
    const archive = await project();
    const first = await upload(candidate, archive).set('Idempotency-Key', 'upload-1').expect(202);
    const second = await upload(candidate, archive).set('Idempotency-Key', 'upload-1').expect(202);
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('is refused with the reason when the archive is none, empty, missing or too large', async () => {
    const candidate = await startedCandidate(api);
    const refused = await upload(candidate, Buffer.from('not an archive')).expect(422);
    expect(refused.body).toMatchObject({ code: 'archive-refused', detail: expect.stringMatching(/tar\.gz|zip/) });
    expect((await upload(candidate, await packFiles([])).expect(422)).body.code).toBe('archive-refused');
    await candidate.client.post('/candidate/evaluation/submissions').expect(400);
    expect((await upload(candidate, Buffer.alloc(SUBMISSION_LIMITS.archiveBytes + 1, 1)).expect(413)).body.code).toBe(
      'payload-too-large',
    );
    const listed = await recruiter.get(`/evaluations/${candidate.evaluationId}/submissions`).expect(200);
    expect(listed.body.items).toEqual([]);
  });
});

describe('a decision', () => {
  it('waits for work or for the end of the time, is taken once, and ends what the candidate can do', async () => {
    const candidate = await startedCandidate(api);
    const path = `/evaluations/${candidate.evaluationId}/decision`;
    expect((await recruiter.post(path, { decision: 'advance' }).expect(409)).body.code).toBe('conflict');
    await upload(candidate, await project()).expect(202);
    await recruiter.post(path, { decision: 'maybe' }).expect(400);
    await (await api.signIn('lead')).post(path, { decision: 'advance' }).expect(403);
    await (await api.signIn('owner', await api.createOrganisation())).post(path, { decision: 'advance' }).expect(404);
    const decided = await recruiter.post(path, { decision: 'advance' }).expect(200);
    expect(decided.body).toMatchObject({ status: 'decided', decision: 'advance', decidedAt: expect.any(String) });
    expect((await recruiter.post(path, { decision: 'decline' }).expect(409)).body.code).toBe('evaluation-closed');
    expect((await upload(candidate, await project()).expect(409)).body.code).toBe('evaluation-closed');
  });

  it('is not needed to call an evaluation off', async () => {
    const candidate = await startedCandidate(api);
    const cancelled = await recruiter.post(`/evaluations/${candidate.evaluationId}/cancel`).expect(200);
    expect(cancelled.body.status).toBe('cancelled');
    expect((await upload(candidate, await project()).expect(409)).body.code).toBe('evaluation-closed');
    await recruiter.post(`/evaluations/${candidate.evaluationId}/cancel`).expect(409);
    await recruiter.post(`/evaluations/${candidate.evaluationId}/invite`).expect(409);
  });
});

describe("a run's archive", () => {
  it('is handed to who has the token of this very run, and to nobody else', async () => {
    const candidate = await startedCandidate(api);
    const archive = await project();
    await upload(candidate, archive).expect(202);
    const [run] = await asAdmin(
      `SELECT run.id, run.organisation_id FROM grading_runs run JOIN submissions s ON s.id = run.submission_id WHERE s.evaluation_id = $1`,
      [candidate.evaluationId],
    );
    const tokens = api.app.get(RunTokenService, { strict: false });
    const path = `/api/v1/internal/organisations/${run?.organisation_id}/grading-runs/${run?.id}/archive`;
    const token = tokens.issue(String(run?.organisation_id), String(run?.id));
    const answer = await request(api.url)
      .get(path)
      .set('Authorization', `Bearer ${token}`)
      .buffer(true)
      .parse(collect)
      .expect(200);
    expect((answer.body as Buffer).equals(archive)).toBe(true);
    await request(api.url).get(path).expect(401);
    await request(api.url).get(path).set('Authorization', `Bearer ${recruiter.token}`).expect(401);
    const another = tokens.issue(String(run?.organisation_id), '018f0000-0000-7000-8000-000000000000');
    await request(api.url).get(path).set('Authorization', `Bearer ${another}`).expect(401);
  });
});

function upload(candidate: CandidateAtWork, archive: Buffer) {
  return candidate.client.post('/candidate/evaluation/submissions').attach('archive', archive, 'submission.tar.gz');
}

async function waitForStatus(candidate: CandidateAtWork, submissionId: string, status: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await candidate.client.get(`/candidate/evaluation/submissions/${submissionId}`).expect(200);
    if (answer.body.status === status) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`The submission did not become ${status}`);
}

function collect(answer: unknown, done: (error: Error | null, body: unknown) => void): void {
  const response = answer as NodeJS.ReadableStream;
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => done(null, Buffer.concat(chunks)));
}
