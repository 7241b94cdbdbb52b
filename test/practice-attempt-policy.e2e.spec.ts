import { packFiles } from '@assay/archive/pack-folder';
import { type CandidateAtWork, startedCandidate } from './support/candidate-at-work';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

// Whether work that cannot be graded uses an attempt. No worker runs: outcomes are written as a report would write them.
const SUBMISSIONS = '/candidate/evaluation/submissions';

let api: TestApi;
let archive: Buffer;
beforeAll(async () => {
  api = await startTestApi();
  archive = await packFiles([{ path: 'manage.py', content: Buffer.from('print(1)\n') }]);
});
afterAll(() => api.close());

function submit({ client }: CandidateAtWork) {
  return client.post(SUBMISSIONS).attach('archive', archive, 'a.tar.gz');
}

async function submitWith(candidate: CandidateAtWork, outcome: string): Promise<string> {
  const { body } = await submit(candidate).expect(202);
  await sql(api.database.adminUrl, 'UPDATE grading_runs SET outcome = $2, finished_at = now() WHERE submission_id = $1', [
    body.id,
    outcome,
  ]);
  return body.id;
}

it('is no by default, and the candidate reads so', async () => {
  const candidate = await startedCandidate(api);
  expect((await candidate.client.get('/candidate/evaluation').expect(200)).body.unstartableUsesAttempt).toBe(false);
  const id = await submitWith(candidate, 'ungradable');
  const { body } = await candidate.client.get(`${SUBMISSIONS}/${id}`).expect(200);
  expect(body.message).toContain('did not use up an attempt');
  await submit(candidate).expect(202);
});

it.each(['ungradable', 'timed_out'])('is yes where the evaluation says so, for %s', async (outcome) => {
  const candidate = await startedCandidate(api, { unstartableUsesAttempt: true });
  expect((await candidate.client.get('/candidate/evaluation').expect(200)).body.unstartableUsesAttempt).toBe(true);
  const id = await submitWith(candidate, outcome);
  const { body } = await candidate.client.get(`${SUBMISSIONS}/${id}`).expect(200);
  expect(body.message).toContain('by the rules of this evaluation it used up an attempt');
  const refused = await submit(candidate).expect(409);
  expect(refused.body).toMatchObject({ code: 'no-attempt-left', detail: expect.stringContaining('cannot be graded') });
  // There is still time to try things out.
  await candidate.client.post('/candidate/evaluation/practice-runs').attach('archive', archive, 'a.tar.gz').expect(202);
});

it('never counts a fault of ours', async () => {
  const candidate = await startedCandidate(api, { unstartableUsesAttempt: true });
  const id = await submitWith(candidate, 'infra_fault');
  expect((await candidate.client.get(`${SUBMISSIONS}/${id}`).expect(200)).body.message).toContain('did not use up an attempt');
  await submit(candidate).expect(202);
});

it('has a default in the organisation, which changes no evaluation that is there', async () => {
  const organisation = await api.createOrganisation();
  const of = { client: api.client, signIn: (role: 'recruiter') => api.signIn(role, organisation) } as Pick<
    TestApi,
    'client' | 'signIn'
  >;
  const before = await startedCandidate(of);
  const owner = await api.signIn('owner', organisation);
  const changed = await owner.patch('/organisation', { unstartableUsesAttempt: true }).expect(200);
  expect(changed.body.unstartableUsesAttempt).toBe(true);
  const read = async ({ client }: CandidateAtWork) => (await client.get('/candidate/evaluation').expect(200)).body;
  expect((await read(before)).unstartableUsesAttempt).toBe(false);
  expect((await read(await startedCandidate(of))).unstartableUsesAttempt).toBe(true);
  expect((await read(await startedCandidate(of, { unstartableUsesAttempt: false }))).unstartableUsesAttempt).toBe(false);
  const recruiter = await api.signIn('recruiter', organisation);
  const { body } = await recruiter.get(`/evaluations/${before.evaluationId}`).expect(200);
  expect(body.unstartableUsesAttempt).toBe(false);
});

it.each([[{ unstartableUsesAttempt: 'yes' }], [{ unstartableUsesAttempt: null }]])('is a yes or no, not %j', async (bad) => {
  const owner = await api.signIn('owner');
  expect((await owner.patch('/organisation', bad).expect(400)).body.code).toBe('invalid-input');
});
