import { randomUUID } from 'node:crypto';
import { collide } from './support/collide';
import { readAsCandidate, requestRegrade, StandInWorker, type SubmittedWork } from './support/regrading';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

// Real API, database and queue; the test stands in for the workers by handing in their reports.
let api: TestApi;
let worker: StandInWorker;
let lead: TestClient;
beforeAll(async () => {
  api = await startTestApi();
  worker = await StandInWorker.open(api);
  lead = await api.signIn('lead');
});
afterAll(async () => {
  await worker.close();
  await api.close();
});

const GOOD = [true, true, true];
const WORSE = [true, false, true];

async function scorecard(work: SubmittedWork) {
  return (await lead.get(`/evaluations/${work.evaluationId}/scorecard`).expect(200)).body;
}

async function changes(id: string, query = '') {
  return (await lead.get(`/regrades/${id}/changes${query}`).expect(200)).body.items;
}

async function auditOf(action: string) {
  const owner = await api.signIn('owner');
  const { body } = await owner.get('/audit-events?limit=100').expect(200);
  return body.items.filter((event: { action: string }) => event.action === action);
}

describe('a regrade', () => {
  it('makes new runs beside the old ones, counts its progress, and changes nothing until it is approved', async () => {
    const [same, other] = [await worker.submitAndFinish(GOOD), await worker.submitAndFinish(GOOD)];
    const before = [await readAsCandidate(api, same), await readAsCandidate(api, other)];
    const { id, runOf } = await requestRegrade(lead, [same, other]);
    expect((await lead.get(`/regrades/${id}`).expect(200)).body).toMatchObject({
      status: 'grading',
      taskSlug: 'bookshop',
      reason: 'a new pack',
      progress: { total: 2, waiting: 2, graded: 0, changed: 0, undecided: 2 },
    });
    expect([await readAsCandidate(api, same), await readAsCandidate(api, other)]).toEqual(before);
    await worker.finish(runOf(same), GOOD);
    await worker.finish(runOf(other), WORSE);

    const { body } = await lead.get(`/regrades/${id}`).expect(200);
    expect(body).toMatchObject({
      status: 'awaiting_decision',
      closedAt: null,
      progress: { total: 2, waiting: 0, graded: 2, changed: 1, unchanged: 1, undecided: 2 },
    });
    const card = await scorecard(other);
    expect(card).toMatchObject({ composite: 100, gradingRunId: other.runId, others: [] });
    expect(card.pending).toEqual([
      expect.objectContaining({ gradingRunId: runOf(other), regradeId: id, standing: 'pending', composite: 66.7 }),
    ]);
    expect([await readAsCandidate(api, same), await readAsCandidate(api, other)]).toEqual(before);
    const unapproved = await lead.get(`/evaluations/${other.evaluationId}/scorecard?runId=${runOf(other)}`).expect(200);
    expect(unapproved.body).toMatchObject({
      gradingRunId: runOf(other),
      countingRunId: other.runId,
      composite: 66.7,
      pending: [],
      others: [{ gradingRunId: other.runId, standing: 'counts' }],
    });
    await lead.get(`/evaluations/${other.evaluationId}/scorecard?runId=${same.runId}`).expect(404);
    const runs = (await lead.get(`/submissions/${other.submissionId}/runs`).expect(200)).body.items;
    expect(runs).toEqual([
      expect.objectContaining({ id: runOf(other), regradeId: id, taskSlug: 'bookshop', taskVersion: body.toVersion }),
      expect.objectContaining({ id: other.runId, regradeId: null, taskVersion: body.toVersion }),
    ]);

    await lead.post(`/regrades/${id}/decision`, { decision: 'approve', reason: 'looked at it' }).expect(200);
    expect(await scorecard(other)).toMatchObject({
      composite: 66.7,
      gradingRunId: runOf(other),
      pending: [],
      others: [{ gradingRunId: other.runId, standing: 'replaced', composite: 100, regradeId: null }],
    });
    expect((await lead.get(`/regrades/${id}`).expect(200)).body).toMatchObject({
      status: 'decided',
      closedAt: expect.any(String),
      progress: { approved: 2, undecided: 0 },
    });
    const feedback = await other.candidate.client.get('/candidate/evaluation/feedback').expect(200);
    expect(feedback.body.checks.map(({ status }: { status: string }) => status)).toEqual(['passed', 'failed', 'passed']);
    expect(await auditOf('scorecard.replaced')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          subjectId: other.evaluationId,
          detail: expect.objectContaining({ newRunId: runOf(other), counts: true }),
        }),
      ]),
    );
    expect((await auditOf('regrade.approved'))[0]).toMatchObject({ subjectId: id, detail: { reason: 'looked at it' } });
  });

  it('tells what it changes: verdicts, levels, areas and composite, and only the changed ones when asked', async () => {
    const [same, other] = [await worker.submitAndFinish(GOOD), await worker.submitAndFinish(GOOD)];
    const { id, runOf } = await requestRegrade(lead, [same, other]);
    await worker.finish(runOf(same), GOOD);
    expect(await changes(id, '?changed=true')).toEqual([]);
    await worker.finish(runOf(other), WORSE);
    const [change, ...more] = await changes(id, '?changed=true');
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      evaluationId: other.evaluationId,
      candidateId: other.candidate.candidateId,
      earlierRunId: other.runId,
      newRunId: runOf(other),
      status: 'graded',
      evaluationDecision: null,
      changed: true,
      decision: null,
      comparison: {
        outcome: null,
        composite: { earlier: 100, later: 66.7, delta: -33.3 },
        areas: [{ id: 'A', earlier: 100, later: 66.7, delta: -33.3, contribution: -33.3 }],
        criteria: [{ id: 'A2', levelDelta: -2, earlier: { level: 3 }, later: { level: 1, evidence: ['a2-1', 'a2-2', 'a2-3'] } }],
        checks: [{ id: 'a2-2', changes: ['verdict'], earlier: { status: 'passed' }, later: { status: 'failed' } }],
        otherEvidence: [],
        provenance: [],
      },
    });
    expect(await changes(id, '?changed=false')).toEqual([
      expect.objectContaining({
        submissionId: same.submissionId,
        comparison: expect.objectContaining({ checks: [], composite: null }),
      }),
    ]);
    const first = await lead.get(`/regrades/${id}/changes?limit=1`).expect(200);
    const second = await lead.get(`/regrades/${id}/changes?limit=1&cursor=${first.body.nextCursor}`).expect(200);
    expect(new Set([first, second].map(({ body }) => body.items[0].submissionId))).toEqual(
      new Set([same.submissionId, other.submissionId]),
    );
    const compared = await lead.get(`/grading-runs/${runOf(other)}/comparison?with=${other.runId}`).expect(200);
    expect(compared.body).toEqual({
      earlierRunId: other.runId,
      laterRunId: runOf(other),
      submissionId: other.submissionId,
      changed: true,
      comparison: change.comparison,
    });
    const strange = await lead.get(`/grading-runs/${runOf(other)}/comparison?with=${same.runId}`).expect(400);
    expect(strange.body.errors[0].path).toBe('with');
    await lead.post(`/regrades/${id}/cancel`).expect(200);
  });

  it('is decided candidate by candidate too, and rejecting keeps the old scorecard', async () => {
    const [kept, taken] = [await worker.submitAndFinish(GOOD), await worker.submitAndFinish(GOOD)];
    const { id, runOf } = await requestRegrade(lead, [kept, taken]);
    await worker.finish(runOf(taken), WORSE);
    const decide = (decision: string, works?: SubmittedWork[]) =>
      lead.post(`/regrades/${id}/decision`, {
        decision,
        reason: 'because',
        ...(works ? { evaluationIds: works.map(({ evaluationId }) => evaluationId) } : {}),
      });
    expect((await decide('approve').expect(409)).body.code).toBe('conflict');
    await decide('approve', [taken]).expect(200);
    expect(await scorecard(taken)).toMatchObject({ gradingRunId: runOf(taken) });
    expect((await decide('reject', [taken]).expect(409)).body.code).toBe('regrade-decided');
    expect((await decide('reject', [kept]).expect(409)).body.detail).toContain('still being graded');
    await worker.finish(runOf(kept), WORSE);
    await decide('reject', [kept]).expect(200);
    expect(await scorecard(kept)).toMatchObject({
      gradingRunId: kept.runId,
      pending: [],
      others: [{ gradingRunId: runOf(kept), standing: 'rejected' }],
    });
    expect((await decide('approve').expect(409)).body.code).toBe('regrade-decided');
    expect((await auditOf('scorecard.kept'))[0]).toMatchObject({ subjectId: kept.evaluationId });
    expect(await changes(id)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ decision: 'rejected', decisionReason: 'because', decidedAt: expect.any(String) }),
      ]),
    );
  });

  it.each(['infra_fault', 'ungradable', 'timed_out'] as const)(
    'that ends as %s is none of the candidate’s business and cannot be approved',
    async (outcome) => {
      const work = await worker.submitAndFinish(GOOD, undefined, { attemptsAllowed: 2 });
      const before = await readAsCandidate(api, work);
      expect(before).toContain('"status":"graded"');
      const { id, runOf } = await requestRegrade(lead, [work]);
      await worker.finish(runOf(work), outcome);
      expect(await readAsCandidate(api, work)).toBe(before);
      expect(await scorecard(work)).toMatchObject({ gradingRunId: work.runId, pending: [], others: [] });
      expect((await changes(id))[0].comparison).toMatchObject({ outcome: { earlier: 'graded', later: outcome }, checks: [] });
      const approve = { decision: 'approve', reason: 'x', evaluationIds: [work.evaluationId] };
      expect((await lead.post(`/regrades/${id}/decision`, approve).expect(409)).body.detail).toContain('Reject it');
      await lead.post(`/regrades/${id}/decision`, { decision: 'reject', reason: 'x' }).expect(200);
      expect(await readAsCandidate(api, work)).toBe(before);
    },
  );

  it('can be cancelled: what is not graded yet ends, late reports are ignored, and the old scorecards count', async () => {
    const [done, open] = [await worker.submitAndFinish(GOOD), await worker.submitAndFinish(GOOD)];
    const { id, runOf } = await requestRegrade(lead, [done, open]);
    await worker.finish(runOf(done), WORSE);
    const { body } = await lead.post(`/regrades/${id}/cancel`).expect(200);
    expect(body).toMatchObject({ status: 'cancelled', progress: { graded: 1, cancelled: 1, undecided: 0 } });
    await worker.finish(runOf(open), WORSE);
    expect(await scorecard(done)).toMatchObject({ gradingRunId: done.runId, others: [{ standing: 'cancelled' }] });
    expect(await scorecard(open)).toMatchObject({ gradingRunId: open.runId, pending: [], others: [] });
    expect((await lead.post(`/regrades/${id}/cancel`).expect(409)).body.code).toBe('regrade-decided');
    const again = await requestRegrade(lead, [done, open]);
    await lead.post(`/regrades/${again.id}/cancel`).expect(200);
  });

  it('leaves the decision on an evaluation as it is, and says that there is one', async () => {
    const work = await worker.submitAndFinish(GOOD);
    const recruiter = await api.signIn('recruiter');
    await recruiter.post(`/evaluations/${work.evaluationId}/decision`, { decision: 'advance' }).expect(200);
    const { id, runOf } = await requestRegrade(lead, [work]);
    await worker.finish(runOf(work), WORSE);
    expect((await changes(id))[0]).toMatchObject({ evaluationDecision: 'advance', changed: true });
    await lead.post(`/regrades/${id}/decision`, { decision: 'approve', reason: 'right' }).expect(200);
    expect(await scorecard(work)).toMatchObject({ gradingRunId: runOf(work) });
    const { body } = await recruiter.get(`/evaluations/${work.evaluationId}`).expect(200);
    expect(body).toMatchObject({ status: 'decided', decision: 'advance' });
  });

  it('of an earlier submission never takes the place of a newer one', async () => {
    const first = await worker.submitAndFinish(GOOD, undefined, { attemptsAllowed: 3 });
    const second = await worker.submitAndFinish(WORSE, first.candidate);
    expect(await scorecard(first)).toMatchObject({
      gradingRunId: second.runId,
      others: [{ gradingRunId: first.runId, standing: 'earlier_submission' }],
    });
    const { id, runOf } = await requestRegrade(lead, [first]);
    expect((await lead.get(`/regrades/${id}`).expect(200)).body.progress.total).toBe(2);
    await worker.finish(runOf(first), GOOD);
    await worker.finish(runOf(second), GOOD);
    const third = await worker.submitAndFinish(WORSE, first.candidate);
    await lead.post(`/regrades/${id}/decision`, { decision: 'approve', reason: 'right' }).expect(200);
    const card = await scorecard(first);
    expect(card).toMatchObject({ gradingRunId: third.runId, pending: [] });
    expect(card.others.map(({ standing }: { standing: string }) => standing)).toEqual([
      'earlier_submission',
      'earlier_submission',
      'replaced',
      'replaced',
    ]);
  });

  it('is decided once when two leads decide at the same time', async () => {
    const work = await worker.submitAndFinish(GOOD);
    const { id, runOf } = await requestRegrade(lead, [work]);
    await worker.finish(runOf(work), WORSE);
    const owner = await api.signIn('owner');
    const answers = await collide(
      api.database.adminUrl,
      { lock: 'SELECT FROM regrades WHERE id = $1 FOR UPDATE', values: [id] },
      () =>
        Promise.all([
          lead.post(`/regrades/${id}/decision`, { decision: 'approve', reason: 'one' }),
          owner.post(`/regrades/${id}/decision`, { decision: 'reject', reason: 'two' }),
        ]),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const approved = answers[0]?.status === 200;
    expect((await scorecard(work)).gradingRunId).toBe(approved ? runOf(work) : work.runId);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('regrade-decided');
  });

  it('is asked for by leads and owners, and read by everybody of the staff but of no other organisation', async () => {
    const work = await worker.submitAndFinish(GOOD);
    const recruiter = await api.signIn('recruiter');
    const wish = { taskSlug: 'bookshop', reason: 'x', evaluationIds: [work.evaluationId] };
    await recruiter.post('/regrades', wish).expect(403);
    const owner = await api.signIn('owner');
    const key = { 'Idempotency-Key': randomUUID() };
    const made = await owner.post('/regrades', wish).set(key).expect(201);
    const again = await owner.post('/regrades', wish).set(key).expect(201);
    expect(again.body).toEqual(made.body);
    const listed = await recruiter.get('/regrades?limit=1').expect(200);
    expect(listed.body.items).toEqual([made.body]);
    await recruiter.post(`/regrades/${made.body.id}/decision`, { decision: 'reject', reason: 'x' }).expect(403);
    await recruiter.post(`/regrades/${made.body.id}/cancel`).expect(403);
    const elsewhere = await api.signIn('owner', await api.createOrganisation());
    for (const path of ['', '/changes']) await elsewhere.get(`/regrades/${made.body.id}${path}`).expect(404);
    await elsewhere.post(`/regrades/${made.body.id}/cancel`).expect(404);
    await elsewhere.post(`/regrades/${made.body.id}/decision`, { decision: 'reject', reason: 'x' }).expect(404);
    await owner.post(`/regrades/${made.body.id}/cancel`).expect(200);
  });

  it('is refused, in words, when there is no such version, nothing to grade, or the wish is not well-formed', async () => {
    const ungraded = await worker.submit();
    const refused = async (wish: object, status: number) =>
      (await lead.post('/regrades', { taskSlug: 'bookshop', reason: 'x', ...wish }).expect(status)).body;
    expect((await refused({ taskSlug: 'nowhere' }, 404)).detail).toBe('There is no task "nowhere".');
    expect((await refused({ toVersion: '99.0.0' }, 404)).detail).toMatch(/no version 99\.0\.0 of bookshop, but there is \d/);
    expect(await refused({ evaluationIds: [ungraded.evaluationId] }, 409)).toMatchObject({ code: 'nothing-to-regrade' });
    expect((await refused({ evaluationIds: [randomUUID()] }, 400)).errors).toEqual([
      { path: 'evaluationIds.0', message: 'is no evaluation of bookshop' },
    ]);
    expect((await refused({ reason: '  ' }, 400)).errors[0].path).toBe('reason');
    expect((await refused({ evaluationIds: ['x'] }, 400)).errors[0].path).toBe('evaluationIds');
    await lead.get(`/regrades/${randomUUID()}/changes?changed=perhaps`).expect(400);
  });

  it('is refused while a submission is in another one, also when both are asked for at the same time', async () => {
    const [work, also] = [await worker.submitAndFinish(GOOD), await worker.submitAndFinish(GOOD)];
    const open = await requestRegrade(lead, [work]);
    const wish = {
      taskSlug: 'bookshop',
      reason: 'x',
      evaluationIds: [work.evaluationId, also.evaluationId],
    };
    const { body } = await lead.post('/regrades', wish).expect(409);
    expect(body).toMatchObject({ code: 'regrade-open', detail: expect.stringContaining(open.id) });
    expect((await lead.post(`/grading-runs/${work.runId}/regrade`).expect(409)).body.code).toBe('regrade-open');
    await lead.post(`/regrades/${open.id}/cancel`).expect(200);
    const answers = await Promise.all([lead.post('/regrades', wish), lead.post('/regrades', wish)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    await lead.post(`/regrades/${answers.find(({ status }) => status === 201)?.body.id}/cancel`).expect(200);
  });

  it('is refused to a version that is not installed, or that measures what the rubric lacks', async () => {
    const work = await worker.submitAndFinish(GOOD);
    const wish = { taskSlug: 'bookshop', reason: 'x', evaluationIds: [work.evaluationId] };
    const [current] = await sql<{ id: string }>(
      api.database.adminUrl,
      "SELECT id FROM task_versions WHERE slug = 'bookshop' AND current",
    );
    const [old] = await sql<{ id: string }>(
      api.database.adminUrl,
      `INSERT INTO task_versions (slug, version, content_hash, title, summary, prompt, time_box_minutes, measured_criteria, starter, current)
       VALUES ('bookshop', '0.0.1', repeat('1', 64), 'T', 'S', 'P', 60, '{A1,Z9}', '', false) RETURNING id`,
    );
    expect((await lead.post('/regrades', { ...wish, toVersion: '0.0.1' }).expect(409)).body.detail).toContain(
      'is not installed any more',
    );
    const makeCurrent = (id = '') =>
      sql(api.database.adminUrl, `UPDATE task_versions SET current = false WHERE slug = 'bookshop'`).then(() =>
        sql(api.database.adminUrl, 'UPDATE task_versions SET current = true WHERE id = $1', [id]),
      );
    await makeCurrent(old?.id);
    try {
      const { body } = await lead.post('/regrades', { ...wish, toVersion: '0.0.1' }).expect(409);
      expect(body).toMatchObject({ code: 'rubric-mismatch', detail: expect.stringContaining('measures Z9') });
      await sql(api.database.adminUrl, `UPDATE task_versions SET measured_criteria = '{A1}' WHERE id = $1`, [old?.id]);
      const single = await lead.post(`/grading-runs/${work.runId}/regrade`).expect(409);
      expect(single.body.detail).toContain('but 0.0.1 (111111111111) is installed');
      const made = await lead.post('/regrades', wish).expect(201);
      const [run] = (await lead.get(`/submissions/${work.submissionId}/runs`).expect(200)).body.items;
      expect({ to: made.body.toVersion, run: run.taskVersion }).toEqual({ to: '0.0.1', run: '0.0.1' });
      const evaluation = await lead.get(`/evaluations/${work.evaluationId}`).expect(200);
      expect(evaluation.body.taskVersion).not.toBe('0.0.1');
      await lead.post(`/regrades/${made.body.id}/cancel`).expect(200);
    } finally {
      await makeCurrent(current?.id);
    }
  });
});

describe('one run', () => {
  it('of a graded submission is regraded with a decision of its own', async () => {
    const work = await worker.submitAndFinish(GOOD);
    const before = await readAsCandidate(api, work);
    const made = await lead.post(`/grading-runs/${work.runId}/regrade`, { reason: 'it looks wrong' }).expect(201);
    expect(made.body).toMatchObject({ submissionId: work.submissionId, regradeId: expect.any(String) });
    await worker.finish(made.body.id, WORSE);
    expect(await readAsCandidate(api, work)).toBe(before);
    expect((await lead.get(`/regrades/${made.body.regradeId}`).expect(200)).body).toMatchObject({
      reason: 'it looks wrong',
      status: 'awaiting_decision',
      progress: { total: 1 },
    });
    await lead.post(`/regrades/${made.body.regradeId}/decision`, { decision: 'approve', reason: 'it was' }).expect(200);
    expect(await scorecard(work)).toMatchObject({ gradingRunId: made.body.id });
  });

  it('that ended by a fault of ours is made anew, counts at once, and only when no other one is under way', async () => {
    const work = await worker.submitAndFinish('infra_fault');
    const made = await lead.post(`/grading-runs/${work.runId}/regrade`).expect(201);
    expect(made.body.regradeId).toBeNull();
    expect((await lead.post(`/grading-runs/${work.runId}/regrade`).expect(409)).body.code).toBe('submission-in-grading');
    await worker.finish(made.body.id, GOOD);
    expect(await scorecard(work)).toMatchObject({ gradingRunId: made.body.id, composite: 100 });
    expect(await readAsCandidate(api, work)).toContain('"status":"graded"');
  });
});
