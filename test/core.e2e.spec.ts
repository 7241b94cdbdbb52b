import { startTestApi, type TestApi } from './support/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it('answers', async () => {
  await api.client().get('//health/ready').expect(200);
  await (await api.signIn('recruiter')).get('/nowhere').expect(404);
});
