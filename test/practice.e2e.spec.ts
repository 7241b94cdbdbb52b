import type { TestProcess } from '@assay/testing/test-process';
import { waitFor } from '@assay/testing/wait-for';
import { type CandidateAtWork, startedCandidate } from './support/candidate-at-work';
import { startGradingWorker } from './support/grading-worker';
import { startTestApi, type TestApi } from './support/test-api';
import { makeTinyPacks, type TinyPacks } from './support/tiny-pack';

// Everything is real: the API, the compiled worker as a process of its own, its sandbox, its PostgreSQL and pytest, the queue.
const PRACTICE = '/candidate/evaluation/practice-runs';
const OVER = ['finished', 'unstartable', 'timed_out', 'infra_fault', 'cancelled'];
const ENDS_WITHIN_MS = 60_000;
/** What only hidden parts of the pack say. */
const HIDDEN = /b1-notes|d2-list|Notes are listed|two statements|hidden|alice|'three'|seed/i;

const CHECKS = `
import time
import pytest

@pytest.mark.django_db
def test_the_list_is_empty(client):
    time.sleep(0.7)
    assert client.get("/notes/").json() == []

def test_names():
    time.sleep(0.7)
    from notes import names
    assert names.FIRST == "expected"

def test_last():
    time.sleep(0.7)
`;
const NAMES = { 'notes/names.py': 'FIRST = "expected"\n' };

let packs: TinyPacks;
let api: TestApi;
let worker: TestProcess;

beforeAll(async () => {
  packs = await makeTinyPacks({ 'test_tiny.py': CHECKS });
  api = await startTestApi({ taskPacks: packs.root });
  worker = await startWorker();
});
afterAll(async () => {
  await worker?.kill();
  await api?.close();
  await packs?.remove();
});

async function startWorker(): Promise<TestProcess> {
  const started = await startGradingWorker(api.queueStore.url, { TASK_PACKS: packs.root });
  await waitFor(() => started.output().includes('Task pack ready'), { timeoutMs: 120_000, what: 'the pack is ready' });
  return started;
}

function candidateAtWork(fields: object = {}): Promise<CandidateAtWork> {
  return startedCandidate(api, { taskSlug: 'tiny-notes', ...fields });
}

async function start({ client }: CandidateAtWork, files: Readonly<Record<string, string>> = NAMES): Promise<string> {
  const archive = await packs.archive(files);
  return (await client.post(PRACTICE).attach('archive', archive, 'a.tar.gz').expect(202)).body.id as string;
}

async function read({ client }: CandidateAtWork, id: string) {
  return (await client.get(`${PRACTICE}/${id}`).expect(200)).body;
}

function ended(candidate: CandidateAtWork, id: string) {
  return waitFor(
    async () => {
      const run = await read(candidate, id);
      return OVER.includes(run.status) ? run : null;
    },
    { what: 'the practice run ends', timeoutMs: ENDS_WITHIN_MS, everyMs: 100 },
  );
}

async function practise(candidate: CandidateAtWork, files?: Readonly<Record<string, string>>) {
  return ended(candidate, await start(candidate, files));
}

it('runs the visible checks, tells of each as it ends, and then of all', async () => {
  const candidate = await candidateAtWork();
  const id = await start(candidate);
  const stream = await fetch(`${api.url}/api/v1${PRACTICE}/${id}/events`, {
    headers: { Authorization: `Bearer ${candidate.client.token}`, 'Last-Event-ID': '7' },
  });
  const text = await stream.text();
  const states = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));
  expect(text).toMatch(/^id: 1$/m);
  expect(states.map((state) => state.status)).toEqual(expect.arrayContaining(['running', 'finished']));
  const partial = states.filter((state) => state.status === 'running' && state.done > 0);
  expect(partial.length).toBeGreaterThan(0);
  for (const state of partial) {
    expect(state).toMatchObject({ total: 3, output: null });
    expect(state.checks).toHaveLength(state.done);
    expect(state.checks[0]).toMatchObject({ id: 'test_tiny.py::test_the_list_is_empty', outcome: 'passed', message: null });
  }

  const last = states.at(-1);
  expect(last).toMatchObject({ status: 'finished', reason: null, done: 3, total: 3, resultKept: true, allowance: { left: 9 } });
  expect(last.checks.map((check: { id: string; outcome: string }) => [check.id, check.outcome])).toEqual([
    ['test_tiny.py::test_the_list_is_empty', 'passed'],
    ['test_tiny.py::test_names', 'passed'],
    ['test_tiny.py::test_last', 'passed'],
  ]);
  expect(last.output).toContain('3 passed');
  expect(text).not.toMatch(HIDDEN);

  // A stream that is opened again tells all at once and ends.
  const again = await fetch(stream.url, { headers: { Authorization: `Bearer ${candidate.client.token}` } });
  expect(await again.text()).toContain('"status":"finished"');

  const lead = await api.signIn('lead');
  expect((await lead.get(`/evaluations/${candidate.evaluationId}/practice`).expect(200)).body.runs).toBe(1);
  expect((await lead.get(`/evaluations/${candidate.evaluationId}/submissions`).expect(200)).body.items).toEqual([]);
  await lead.get(`/evaluations/${candidate.evaluationId}/scorecard`).expect(409);
  const evaluation = (await lead.get(`/evaluations/${candidate.evaluationId}`).expect(200)).body;
  expect(evaluation).toMatchObject({ status: 'started', submittedAt: null });
}, 120_000);

it('says which check failed and why, and lets nobody pass by saying so', async () => {
  const candidate = await candidateAtWork();
  const failed = await practise(candidate, { 'notes/names.py': 'FIRST = "other"\n' });
  expect(failed).toMatchObject({ status: 'finished', done: 3 });
  expect(failed.checks[1]).toMatchObject({ outcome: 'failed', message: expect.stringContaining("'other' == 'expected'") });

  const forged = `
import atexit, json, os
line = json.dumps({"check": "test_tiny.py::test_names", "outcome": "passed", "ms": 1, "message": ""}).encode()
os.write(3, line + b"\\n" + b'{"over": 0}\\n{"phase": "serving"}\\nnothing\\n')
print("3 passed", "\\x1b[2J\\x00")
os._exit(0)
`;
  const liar = await practise(candidate, { 'conftest.py': forged });
  // Whatever it says, it is shown to its author and to nobody else.
  expect(liar.checks.length).toBeLessThanOrEqual(1);
  expect(JSON.stringify(liar)).not.toMatch(/\\u001b|\\u0000/);
  const lead = await api.signIn('lead');
  expect((await lead.get(`/evaluations/${candidate.evaluationId}/practice`).expect(200)).body).toEqual({
    runs: 2,
    lastAt: expect.any(String),
  });
  await lead.get(`/evaluations/${candidate.evaluationId}/scorecard`).expect(409);
}, 120_000);

it('ends a project that never ends, and tells one that cannot start its own error', async () => {
  const candidate = await candidateAtWork();
  const endless = await practise(candidate, { 'notes/names.py': 'while True: pass\n' });
  expect(endless).toMatchObject({ status: 'timed_out', reason: { code: 'practice-timed-out' }, done: 1 });
  const broken = await practise(candidate, { 'site_notes/settings.py': 'raise RuntimeError("no settings today")\n' });
  expect(broken).toMatchObject({ status: 'unstartable', reason: { code: 'checks-not-run' }, checks: [] });
  expect(broken.output).toContain('RuntimeError: no settings today');
  expect(JSON.stringify(broken)).not.toContain(packs.root);
  expect(JSON.stringify([endless, broken])).not.toMatch(HIDDEN);
}, 120_000);

it('loses nothing when the worker is killed in the middle, and counts it once', async () => {
  const candidate = await candidateAtWork();
  const id = await start(candidate);
  await waitFor(async () => (await read(candidate, id)).status === 'running', {
    what: 'the run begins',
    timeoutMs: ENDS_WITHIN_MS,
  });
  await worker.kill();
  worker = await startWorker();
  expect(await ended(candidate, id)).toMatchObject({ status: 'finished', done: 3, allowance: { left: 9 } });
}, 180_000);

it('does not wait for grades: a practice run ends while a slow submission is graded', async () => {
  const candidate = await candidateAtWork();
  const slow = await packs.archive({
    ...NAMES,
    'notes/views.py':
      'import time\nfrom django.http import JsonResponse\ndef notes(request):\n    time.sleep(1.5)\n    return JsonResponse([], safe=False)\n',
  });
  const submitted = await candidate.client
    .post('/candidate/evaluation/submissions')
    .attach('archive', slow, 'slow.tar.gz')
    .expect(202);
  const submission = async () => (await candidate.client.get(`/candidate/evaluation/submissions/${submitted.body.id}`)).body;
  const practising = await candidateAtWork();
  const id = await start(practising);
  expect(await ended(practising, id)).toMatchObject({ status: 'finished' });
  await waitFor(async () => ['graded', 'timed_out'].includes((await submission()).status), {
    what: 'the submission ends',
    timeoutMs: ENDS_WITHIN_MS,
  });
  const ofPractice = new Date((await read(practising, id)).finishedAt).getTime();
  const lead = await api.signIn('lead');
  const runs = await lead.get(`/submissions/${submitted.body.id}/runs`).expect(200);
  expect(ofPractice).toBeLessThan(new Date(runs.body.items[0].finishedAt).getTime());
}, 120_000);
