import type { TestApi, TestOrganisation } from './test-api';
import type { TestClient } from './test-client';

/** The worked example with few draws, so that it is quick. */
export const ESTIMATE = { project: { hours: 2700, seats: 3 }, simulation: { draws: 2000, seed: 1 } };

/** What came of it with freelancers. */
export const ACTUAL = { model: 'freelance', cost: { amount: 401_250.5, currency: 'USD' }, deliveryMonths: 9.5 };

/** An estimate to record an actual of. */
export async function estimateToHold(client: TestClient, input: object = {}) {
  return (await client.post('/estimates', { ...ESTIMATE, ...input }).expect(201)).body;
}

/** An organisation whose outcomes are nobody else's, and a recruiter of it. */
export async function newRecruiter(api: TestApi): Promise<{ organisation: TestOrganisation; client: TestClient }> {
  const organisation = await api.createOrganisation();
  return { organisation, client: await api.signIn('recruiter', organisation) };
}
