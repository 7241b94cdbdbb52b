import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProcess } from '@assay/testing/test-process';
import { startGradingWorker } from './support/grading-worker';
import { sql } from './support/sql';
import { startTestApi, TEST_PASSWORD, type TestApi } from './support/test-api';

const ROOT = resolve(__dirname, '..');
const MARKED_BLOCK = /<!-- walk-through -->\n```sh\n(.*?)```/gs;

let api: TestApi;
let worker: TestProcess;

beforeAll(async () => {
  api = await startTestApi();
  worker = await startGradingWorker(api.queueStore.url);
}, 180_000);
afterAll(async () => {
  await worker?.kill();
  await api?.close();
});

it('runs the commands of the README, word for word, from sign-in to scorecard and estimate', async () => {
  const { members } = await api.organisation();
  await sql(api.database.adminUrl, `UPDATE members SET email = 'recruiter@demo.example' WHERE id = $1`, [members.recruiter.id]);
  const blocks = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(MARKED_BLOCK)].map((match) => match[1]);
  expect(blocks.length).toBeGreaterThanOrEqual(5);

  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ASSAY: `${api.url}/api/v1`,
      RECRUITER_PASSWORD: TEST_PASSWORD,
    },
    timeout: 150_000,
  });
  const lines = stdout.trim().split('\n');
  expect(stdout).toContain('event: status');
  expect(stdout).toContain('"status":"graded"');
  expect(lines).toContain('100');
  expect(lines.filter((line) => /^[A-E] 100$/.test(line))).toHaveLength(5);
  expect(lines).toContain('freelance 358386.94 USD, 7.515 months');
  expect(lines).toContain('in_house 451703.26 USD, 11.8286 months');
}, 200_000);
