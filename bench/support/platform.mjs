import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { openPlatformDatabase } from '../../tools/services/platform-database.mjs';
import { openQueueStore } from '../../tools/services/queue-store.mjs';
import { installationSecrets } from '../../tools/services/secrets.mjs';
import { superviseProgram } from '../../tools/services/supervised-program.mjs';
import { assayHome, ROOT } from '../../tools/setup/paths.mjs';
import { mustRun } from '../../tools/setup/run.mjs';
import { ApiClient } from './api-client.mjs';

const require = createRequire(import.meta.url);
const TASK_PACKS = path.join(ROOT, 'task-packs');
const UNLIMITED = '1000000';

/**
 * Starts the product as `npm start` does (durable PostgreSQL, queue, API, worker, each a process of its own), with its data in a
 * temporary folder, and founds the demo organisation.
 * @param worker false leaves the worker out
 * @returns `{ url, api, worker, queue, adminUrl, postgresLog, recruiter }`; `adminUrl` is a superuser's, `recruiter` a signed-in client
 */
export async function startPlatform({ resources, onProgress, worker: withWorker = true }) {
  const dataDir = temporaryFolder(resources);
  const secrets = installationSecrets(dataDir);
  const stop = (started) => started.stop();
  const database = resources.keep(await openPlatformDatabase({ dataDir, secrets, onProgress }), stop);
  const queue = resources.keep(await openQueueStore({ dataDir, database }), stop);
  await require('@assay/migrations/migrate').migrate(database.ownerUrl, { apiRolePassword: secrets.apiPassword });

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = async (title, entry, name, healthPort, environment) =>
    resources.keep(
      await superviseProgram({
        title,
        entry: path.join(ROOT, entry),
        environment: { QUEUE_URL: queue.url, TASK_PACKS, ...environment },
        readyUrl: `http://127.0.0.1:${healthPort}/health/ready`,
        logFile: path.join(dataDir, 'logs', name),
        onProgress,
      }),
      stop,
    );
  const api = await program('The API', 'apps/api/dist/main.js', 'api.log', port, {
    PORT: String(port),
    DATABASE_URL: database.apiUrl,
    JWT_SECRET: secrets.jwtSecret,
    RUN_TOKEN_SECRET: secrets.runTokenSecret,
    PUBLIC_URL: url,
    MAIL_URL: `file://${path.join(dataDir, 'mail')}`,
    SIGN_INS_PER_MINUTE: UNLIMITED,
    UPLOADS_PER_MINUTE: UNLIMITED,
  });
  const healthPort = await freePort();
  const worker = withWorker
    ? await program('The worker', 'apps/worker/dist/main.js', 'worker.log', healthPort, {
        ASSAY_HOME: assayHome(),
        CONCURRENCY: String(os.availableParallelism()),
        HEALTH_PORT: String(healthPort),
      })
    : null;
  const output = await mustRun(process.execPath, [path.join(ROOT, 'apps/api/dist/seed-demo.js')], {
    env: { DATABASE_URL: database.apiUrl, DEMO_PASSWORD: secrets.demoPassword },
  });
  const { logins } = JSON.parse(output.trim().split('\n').at(-1));
  const { email } = logins.find(({ role }) => role === 'recruiter');
  const recruiter = await new ApiClient(url).signIn(email, secrets.demoPassword);
  const adminUrl = superuserUrl(database.ownerUrl, secrets.postgresPassword);
  return { url, api, worker, queue, adminUrl, postgresLog: path.join(dataDir, 'postgres.log'), recruiter };
}

/** A folder of this run that other users may pass through: the database server does not run as root. */
export function temporaryFolder(resources) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-bench-'));
  chmodSync(folder, 0o711);
  return resources.keep(folder, () => rmSync(folder, { recursive: true, force: true }));
}

/** A candidate of a new evaluation of the bookshop task, with the clock started: `{ evaluationId, client }`. */
export async function startedCandidate({ url, recruiter }) {
  const email = `${randomUUID()}@bench.example`;
  const candidate = await recruiter.post('/candidates', { name: 'Bench Candidate', email });
  const evaluation = await recruiter.post('/evaluations', { candidateId: candidate.id, taskSlug: 'bookshop' });
  const { inviteUrl } = await recruiter.post(`/evaluations/${evaluation.id}/invite`);
  const session = await new ApiClient(url).post('/candidate/session', { token: new URL(inviteUrl).hash.slice(1) });
  const client = new ApiClient(url, session.accessToken);
  await client.post('/candidate/evaluation/start');
  return { evaluationId: evaluation.id, client };
}

function superuserUrl(ownerUrl, password) {
  const url = new URL(ownerUrl);
  url.username = 'postgres';
  url.password = password;
  return url.href;
}

function freePort() {
  return require('@assay/testing/free-port').freePort();
}
