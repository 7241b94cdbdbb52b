import { randomUUID } from 'node:crypto';
import type { TestApi } from './test-api';
import type { TestClient } from './test-client';

/** A candidate with an invitation, signed in by it. */
export interface CandidateAtWork {
  readonly candidateId: string;
  readonly evaluationId: string;
  /** Token of the magic link. */
  readonly token: string;
  readonly client: TestClient;
}

/** Creates a candidate and an evaluation of the bookshop task and opens the invitation. `fields` go into the evaluation. */
export async function inviteCandidate(api: Pick<TestApi, 'client' | 'signIn'>, fields: object = {}): Promise<CandidateAtWork> {
  const recruiter = await api.signIn('recruiter');
  const email = `candidate-${randomUUID()}@example.test`;
  const candidate = await recruiter.post('/candidates', { name: 'Ada Example', email }).expect(201);
  const evaluation = await recruiter
    .post('/evaluations', { candidateId: candidate.body.id, taskSlug: 'bookshop', ...fields })
    .expect(201);
  const invited = await recruiter.post(`/evaluations/${evaluation.body.id}/invite`).expect(201);
  const token = String(invited.body.inviteUrl).split('#')[1] as string;
  const session = await api.client().post('/candidate/session', { token }).expect(200);
  return {
    candidateId: candidate.body.id,
    evaluationId: evaluation.body.id,
    token,
    client: api.client(session.body.accessToken),
  };
}

/** The same, with the clock started. */
export async function startedCandidate(api: Pick<TestApi, 'client' | 'signIn'>, fields: object = {}): Promise<CandidateAtWork> {
  const candidate = await inviteCandidate(api, fields);
  await candidate.client.post('/candidate/evaluation/start').expect(200);
  return candidate;
}
