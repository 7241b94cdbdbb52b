import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { packFolder } from '@assay/archive/pack-folder';
import type { GradingJob } from '@assay/contracts/grading-job';
import type { GradingReport, GradingReportMessage } from '@assay/contracts/grading-report';
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

const ROOT = path.join(__dirname, '..', '..', '..');
/** The folder of packs: `fixtures/tiny-notes` in it. */
const PACKS = path.join(ROOT, 'libs', 'grader');
const RUN_TYPESCRIPT = path.join(ROOT, 'libs', 'queue', 'testing', 'run-typescript.cjs');

/** A view that keeps the judge waiting for a while, within the pack's limits. */
export const SLOW_VIEW = {
  'notes/views.py': `import time
from django.http import JsonResponse
def notes(request):
    time.sleep(1)
    return JsonResponse(["one", "two"], safe=False)
`,
};

/** A worker in a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** Origin of its health checks. */
  readonly health: string;
  /** Its own temporary folder. */
  readonly tmp: string;
  output(): string;
  readonly ended: Promise<number | null>;
}

/** A queue (PostgreSQL engine), an HTTP server of archives and workers as processes of their own, all real; this process is the API. */
export class WorkerBench {
  /** All reports so far. */
  readonly received: GradingReportMessage[] = [];
  private readonly archives = new Map<string, Buffer>();
  private readonly programs: Program[] = [];

  private constructor(
    readonly jobs: JobQueue<typeof GRADING_JOBS_QUEUE>,
    private readonly pack: TaskPack,
    private readonly url: string,
    private readonly scratch: string,
    private readonly server: Server,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async open(): Promise<WorkerBench> {
    const pack = await loadTaskPack(path.join(PACKS, 'fixtures', 'tiny-notes'));
    const scratch = mkdtempSync(path.join(os.tmpdir(), 'assay-'));
    const cluster = await testPostgresUrl();
    const name = `worker_${randomBytes(6).toString('hex')}`;
    const administer = async (sql: string) => {
      const client = new Client({ connectionString: cluster });
      await client.connect();
      await client.query(sql).finally(() => client.end());
    };
    await administer(`CREATE DATABASE ${name}`);
    const url = Object.assign(new URL(cluster), { pathname: `/${name}` }).href;
    await prepareQueueStore(url);
    const jobs = await openQueue(GRADING_JOBS_QUEUE, url, { onError: () => undefined });
    const server = createServer((request, response) => response.end(bench.archives.get(request.url ?? '')));
    const drop = () => administer(`DROP DATABASE ${name} WITH (FORCE)`);
    const bench = new WorkerBench(jobs, pack, url, scratch, server, drop);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await bench.collect();
    return bench;
  }

  private collector: JobWorker<typeof GRADING_REPORTS_QUEUE> | null = null;

  async close(): Promise<void> {
    for (const { child } of this.programs) child.kill('SIGKILL');
    await new Promise((resolve) => this.server.close(resolve));
    await this.collector?.close(0);
    await this.jobs.close();
    await this.dropDatabase();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** Starts a worker, which is not ready yet. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<Program> {
    const port = await freePort();
    const tmp = mkdtempSync(path.join(this.scratch, 't'));
    // The grading database runs as a user of its own, and has its socket here.
    chmodSync(this.scratch, 0o755);
    chmodSync(tmp, 0o1777);
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [RUN_TYPESCRIPT, path.join(__dirname, '..', 'src', 'main.ts')], {
      env: {
        PATH,
        HOME,
        TMPDIR: tmp,
        QUEUE_URL: this.url,
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
    this.programs.push(program);
    return program;
  }

  /** Starts a worker and waits until it takes jobs. */
  async startReady(environment: Readonly<Record<string, string>> = {}): Promise<Program> {
    const program = await this.start(environment);
    await waitFor(async () => (await fetch(`${program.health}/health/ready`)).ok, {
      timeoutMs: 120_000,
      what: 'the worker is ready',
    });
    return program;
  }

  /** Puts a run of the pack's reference with these changes on the queue. */
  async submit(changes: Readonly<Record<string, string>> = {}): Promise<GradingJob> {
    const folder = path.join(this.scratch, randomBytes(6).toString('hex'));
    await buildSolution(this.pack, this.pack.reference, folder);
    for (const [name, text] of Object.entries(changes)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const archive = await packFolder(folder);
    const runId = randomUUID();
    this.archives.set(`/${runId}`, archive);
    const job: GradingJob = {
      version: 1,
      runId,
      organisationId: randomUUID(),
      submissionId: randomUUID(),
      requestedAt: new Date().toISOString(),
      pack: { slug: this.pack.slug, version: this.pack.version, contentHash: this.pack.contentHash },
      archive: {
        url: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${runId}`,
        token: 'run-token-secret',
        sha256: createHash('sha256').update(archive).digest('hex'),
        bytes: archive.length,
      },
    };
    await this.jobs.addJob(job);
    return job;
  }

  /** Every report of a run, once there is one. */
  async reportsOf(job: GradingJob): Promise<GradingReport[]> {
    const find = () => this.received.filter((message) => message.runId === job.runId);
    await waitFor(() => find().length > 0, { timeoutMs: 90_000, what: 'the report arrives' });
    return find().map(({ report }) => report);
  }

  async reportOf(job: GradingJob): Promise<GradingReport> {
    const [report] = await this.reportsOf(job);
    return report as GradingReport;
  }

  /** Resolves when the worker runs the hidden checks of a run, for the given time if it is tried more than once. */
  async checksBegun(program: Program, job: GradingJob, time = 1): Promise<void> {
    const lines = () =>
      program
        .output()
        .split('\n')
        .filter((line) => line.includes(job.runId) && line.includes('Running the hidden checks'));
    await waitFor(() => lines().length >= time, { timeoutMs: 60_000, what: 'the checks begin' }).catch((error: Error) => {
      throw new Error(`${error.message}\n${program.output()}`);
    });
  }

  private async collect(): Promise<void> {
    const collect = { workerName: 'api', concurrency: 1, onNotice: () => undefined };
    const take = async ({ payload }: { payload: GradingReportMessage }): Promise<void> => void this.received.push(payload);
    this.collector = await openWorker(GRADING_REPORTS_QUEUE, this.url, take, collect);
  }
}
