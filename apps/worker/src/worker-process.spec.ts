import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { packFolder } from '@assay/archive/pack-folder';
import type { GradingJob } from '@assay/contracts/grading-job';
import type { GradingReportMessage } from '@assay/contracts/grading-report';
import { GRADING_JOBS_QUEUE, GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import { type JobQueue, openQueue } from '@assay/queue/job-queue';
import { type JobWorker, openWorker } from '@assay/queue/job-worker';
import { prepareQueueStore } from '@assay/queue/prepare-queue-store';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution } from '@assay/task-pack/solution-overlay';
import { freePort } from '@assay/testing/free-port';
import { testPostgresUrl } from '@assay/testing/test-postgres';
import { waitFor } from '@assay/testing/wait-for';
import { Client } from 'pg';

jest.setTimeout(180_000);

const ROOT = path.join(__dirname, '..', '..', '..');
const PACKS = path.join(ROOT, 'libs', 'grader');
const RUN_TYPESCRIPT = path.join(ROOT, 'libs', 'queue', 'testing', 'run-typescript.cjs');
/** A view that keeps the judge waiting for a while, within the pack's limits. */
const SLOW_VIEW = `import time
from django.http import JsonResponse
def notes(request):
    time.sleep(1)
    return JsonResponse(["one", "two"], safe=False)
`;

interface Program {
  readonly child: ChildProcess;
  readonly health: string;
  readonly tmp: string;
  output(): string;
  readonly ended: Promise<number | null>;
}

/** Everything is real: the worker's process, queue (PostgreSQL engine), HTTP server of archives, sandbox, grading database. */
describe('the worker process', () => {
  let pack: TaskPack;
  let scratch: string;
  let url: string;
  let dropDatabase: () => Promise<void>;
  let jobs: JobQueue<typeof GRADING_JOBS_QUEUE>;
  let collector: JobWorker<typeof GRADING_REPORTS_QUEUE>;
  let received: GradingReportMessage[];
  let server: Server;
  const archives = new Map<string, Buffer>();
  const programs: Program[] = [];

  beforeAll(async () => {
    pack = await loadTaskPack(path.join(PACKS, 'fixtures', 'tiny-notes'));
    scratch = mkdtempSync(path.join(os.tmpdir(), 'assay-'));
    const cluster = await testPostgresUrl();
    const name = `worker_${randomBytes(6).toString('hex')}`;
    const administer = async (sql: string) => {
      const client = new Client({ connectionString: cluster });
      await client.connect();
      await client.query(sql).finally(() => client.end());
    };
    await administer(`CREATE DATABASE ${name}`);
    dropDatabase = () => administer(`DROP DATABASE ${name} WITH (FORCE)`);
    url = Object.assign(new URL(cluster), { pathname: `/${name}` }).href;
    await prepareQueueStore(url);
    jobs = await openQueue(GRADING_JOBS_QUEUE, url, { onError: () => undefined });
    const collect = { workerName: 'api', concurrency: 1, onNotice: () => undefined };
    collector = await openWorker(GRADING_REPORTS_QUEUE, url, async ({ payload }) => void received.push(payload), collect);
    server = createServer((request, response) => response.end(archives.get(request.url ?? '')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    received = [];
  });
  afterAll(async () => {
    for (const { child } of programs) child.kill('SIGKILL');
    await new Promise((resolve) => server.close(resolve));
    await collector.close(0);
    await jobs.close();
    await dropDatabase();
    rmSync(scratch, { recursive: true, force: true });
  });

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<Program> {
    const port = await freePort();
    const tmp = mkdtempSync(path.join(scratch, 't'));
    // The grading database runs as a user of its own, and has its socket here.
    chmodSync(scratch, 0o755);
    chmodSync(tmp, 0o1777);
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [RUN_TYPESCRIPT, path.join(__dirname, 'main.ts')], {
      env: {
        PATH,
        HOME,
        TMPDIR: tmp,
        QUEUE_URL: url,
        TASK_PACKS: PACKS,
        ASSAY_HOME: assayHome(process.env, os.homedir()),
        HEALTH_PORT: String(port),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const program = { child, health: `http://127.0.0.1:${port}`, tmp, output: () => output, ended };
    programs.push(program);
    return program;
  }

  async function ready(program: Program): Promise<void> {
    const isReady = async () => (await fetch(`${program.health}/health/ready`)).ok;
    await waitFor(isReady, { timeoutMs: 120_000, what: 'the worker is ready' });
  }

  async function submit(changes: Readonly<Record<string, string>> = {}): Promise<GradingJob> {
    const folder = path.join(scratch, randomBytes(6).toString('hex'));
    await buildSolution(pack, pack.reference, folder);
    for (const [name, text] of Object.entries(changes)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const archive = await packFolder(folder);
    const runId = randomUUID();
    archives.set(`/${runId}`, archive);
    const job: GradingJob = {
      version: 1,
      runId,
      organisationId: randomUUID(),
      submissionId: randomUUID(),
      requestedAt: new Date().toISOString(),
      pack: { slug: pack.slug, version: pack.version, contentHash: pack.contentHash },
      archive: {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${runId}`,
        token: 'run-token-secret',
        sha256: createHash('sha256').update(archive).digest('hex'),
        bytes: archive.length,
      },
    };
    await jobs.addJob(job);
    return job;
  }

  async function reportOf(job: GradingJob): Promise<GradingReportMessage['report']> {
    const find = () => received.find((message) => message.runId === job.runId);
    return (await waitFor(find, { timeoutMs: 90_000, what: 'the report arrives' })).report;
  }

  async function takenBy(program: Program, job: GradingJob): Promise<void> {
    const said = () => program.output().includes(job.runId) && program.output().includes('Running the hidden checks');
    await waitFor(said, { timeoutMs: 60_000, what: 'the checks begin' }).catch((error: Error) => {
      throw new Error(`${error.message}\n${program.output()}`);
    });
  }

  it('grades, survives a kill -9 in the middle of a run, and drains on SIGTERM', async () => {
    const first = await start();
    await ready(first);
    const slow = await submit({ 'notes/views.py': SLOW_VIEW });
    await takenBy(first, slow);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = await start({ CONCURRENCY: '2' });
    await ready(second);
    expect((await reportOf(slow)).outcome).toBe('graded');
    expect(second.output()).toContain('taken-from-dead-worker');
    const good = await submit();
    const report = await reportOf(good);
    expect(report.checks.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect(report.timings.queueMs).not.toBeNull();
    expect(received).toHaveLength(2);
    const metrics = await (await fetch(`${second.health}/metrics`)).text();
    expect(metrics).toContain('grading_runs_total{outcome="graded"} 2');

    const last = await submit({ 'notes/views.py': SLOW_VIEW });
    await takenBy(second, last);
    second.child.kill('SIGTERM');
    await waitFor(async () => (await fetch(`${second.health}/health/ready`)).status === 503, {
      what: 'it is not ready any more',
    });
    const waiting = await submit();
    expect(await second.ended).toBe(0);
    expect((await reportOf(last)).outcome).toBe('graded');
    expect(await jobs.findJob(waiting.runId)).toMatchObject({ state: 'waiting' });
    expect(second.output()).not.toContain('run-token-secret');
    expect(readdirSync(second.tmp)).toEqual([]);
  });

  it('puts back the run that is not done when its time to stop is over', async () => {
    const program = await start({ SHUTDOWN_SECONDS: '0' });
    await ready(program);
    const job = await submit({ 'notes/views.py': SLOW_VIEW });
    await waitFor(() => program.output().includes(job.runId), { timeoutMs: 60_000 });
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(await jobs.findJob(job.runId)).toMatchObject({ state: 'waiting', attemptsMade: 0 });
  });

  it.each([
    ['it knows the platform database', { DATABASE_URL: 'postgres://assay:secret@127.0.0.1/assay' }, 'DATABASE_URL is set'],
    [
      'its queue is not there',
      { QUEUE_URL: 'redis://:secret@127.0.0.1:1/0' },
      'The queue store at redis://127.0.0.1:1/0 cannot be used',
    ],
  ])('does not start when %s, and says why', async (_why, environment, message) => {
    const program = await start(environment);
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain(message);
    expect(program.output()).not.toContain('secret');
  });
});
