/**
 * npm start: the whole product on this machine. Usage: npm start -- [--data DIR] [--port N] [--once] [--json]
 *
 * Sets up what is missing, starts PostgreSQL and the queue, migrates, starts API and worker, grades the bundled samples on the first
 * start, prints their scorecards and a cost estimate, and stays until Ctrl-C. `--once` ends after the tables; with `--json` the last
 * line is one JSON object.
 */
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, printProgress, runTool } from './bootstrap.mjs';
import { runDemo } from './demo.mjs';
import { openPlatformDatabase } from './services/platform-database.mjs';
import { openQueueStore } from './services/queue-store.mjs';
import { installationSecrets } from './services/secrets.mjs';
import { superviseProgram } from './services/supervised-program.mjs';
import { assayHome, ROOT } from './setup/paths.mjs';
import { mustRun } from './setup/run.mjs';

const require = createRequire(import.meta.url);
const TASK_PACKS = path.join(ROOT, 'task-packs');

/** What was started, in order; stopped in the reverse order. */
const running = [];

async function main() {
  const options = readOptions();
  let stopRequested = () => undefined;
  const stopSignal = new Promise((resolve) => {
    stopRequested = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopRequested({ code: 0 }));
  let end;
  try {
    const finished = startEverything(options).then(({ ends, json }) => (options.once ? { code: 0, json } : Promise.race(ends)));
    end = await Promise.race([stopSignal, finished]);
    if (end.message) printProgress(end.message);
  } finally {
    if (running.length > 0 && !options.once) printProgress('Stopping');
    while (running.length > 0) await running.pop()();
  }
  // After everything has stopped, so that nothing comes behind the last line.
  if (end.json && options.json) process.stdout.write(`${JSON.stringify(end.json)}\n`);
  return end.code;
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: { data: { type: 'string' }, port: { type: 'string' }, once: { type: 'boolean' }, json: { type: 'boolean' } },
    }));
  } catch (error) {
    throw new Error(`${error.message}\nUsage: npm start -- [--data DIR] [--port N] [--once [--json]]`);
  }
  const port = values.port === undefined ? null : Number(values.port);
  if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65536))
    throw new Error(`--port ${values.port} is not a port number (1 to 65535).`);
  return {
    dataDir: path.resolve(values.data ?? path.join(assayHome(), 'data')),
    port,
    once: values.once ?? false,
    json: values.json ?? false,
  };
}

/** Starts and shows everything; gives the demo as data, and the promises that settle when a part has ended that nothing works without. */
async function startEverything({ dataDir, port: wantedPort, once }) {
  const onProgress = printProgress;
  const port = await freePort(wantedPort ?? (once ? 0 : 3000));
  await ensureInstalled({ onProgress, need: { sandbox: true, runtime: true, redis: true } });
  const secrets = installationSecrets(dataDir);

  const database = await keep(openPlatformDatabase({ dataDir, secrets, onProgress }));
  const queue = await keep(openQueueStore({ dataDir, database }));
  onProgress('Bringing the database to the newest schema');
  await require('@assay/migrations/migrate').migrate(database.ownerUrl, { apiRolePassword: secrets.apiPassword });

  const url = `http://localhost:${port}`;
  onProgress('Starting API and worker');
  const api = superviseProgram({
    title: 'The API',
    entry: path.join(ROOT, 'apps/api/dist/main.js'),
    environment: {
      PORT: String(port),
      DATABASE_URL: database.apiUrl,
      QUEUE_URL: queue.url,
      JWT_SECRET: secrets.jwtSecret,
      RUN_TOKEN_SECRET: secrets.runTokenSecret,
      PUBLIC_URL: url,
      TASK_PACKS,
      MAIL_URL: `file://${path.join(dataDir, 'mail')}`,
    },
    readyUrl: `http://127.0.0.1:${port}/health/ready`,
    logFile: path.join(dataDir, 'logs', 'api.log'),
    onProgress,
  });
  await keep(api);
  const healthPort = await freePort(0);
  const worker = superviseProgram({
    title: 'The worker',
    entry: path.join(ROOT, 'apps/worker/dist/main.js'),
    environment: {
      QUEUE_URL: queue.url,
      ASSAY_HOME: assayHome(),
      TASK_PACKS,
      CONCURRENCY: String(Math.max(1, os.availableParallelism())),
      HEALTH_PORT: String(healthPort),
    },
    readyUrl: `http://127.0.0.1:${healthPort}/health/ready`,
    logFile: path.join(dataDir, 'logs', 'worker.log'),
    onProgress,
  });
  await keep(worker);

  const demo = await seedDemo(database, secrets);
  const shown = await runDemo({ url, demo, onProgress });
  process.stdout.write(shown.text);
  if (!once) process.stdout.write(welcome({ url, demo, dataDir, queue }));

  const ended = (title, exited) => exited?.then((how) => ({ code: 1, message: `${title} ended (${how}).` }));
  const ends = [ended('PostgreSQL', database.exited), ended('The queue', queue.exited)].filter(Boolean);
  return { json: shown.json, ends: [...ends, new Promise(() => undefined)] };
}

/** Notes what has to be stopped as soon as it has started. */
async function keep(starting) {
  const started = await starting;
  running.push(() => started.stop());
  return started;
}

/** The demo organisation with one login a role; made on the first start, found again later. */
async function seedDemo(database, secrets) {
  const output = await mustRun(process.execPath, [path.join(ROOT, 'apps/api/dist/seed-demo.js')], {
    env: { DATABASE_URL: database.apiUrl, DEMO_PASSWORD: secrets.demoPassword },
  });
  return { ...JSON.parse(output.trim().split('\n').at(-1)), password: secrets.demoPassword };
}

function welcome({ url, demo, dataDir, queue }) {
  const logins = demo.logins.map(({ role, email }) => `  ${role.padEnd(17)} ${email}`);
  return [
    '',
    `Assay is running at ${url}`,
    `API documentation   ${url}/api/docs`,
    `Data and logs       ${dataDir} (queue: ${queue.title})`,
    `Demo logins         password ${demo.password}`,
    ...logins,
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

/** The wanted port if it is free, any free one for 0. */
function freePort(wanted) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${wanted} is in use. Name another one: npm start -- --port ${wanted + 1}`)
          : error,
      ),
    );
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

runTool(main);
