import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import {
  DEFAULT_LIMITS,
  type RunningSandbox,
  type SandboxDriver,
  type SandboxLimits,
  type SandboxSpec,
} from '@assay/sandbox/sandbox';
import type { Stage } from './stage';

const TEMPLATE = path.join(__dirname, '..', 'assets', 'project');
/** Long enough for a busy machine: an attack that gets no answer shows nothing. */
const ANSWER_SECONDS = 45;
/** Small, so that a limit is met quickly and an attack without its layer does the machine no harm. */
const LIMITS: SandboxLimits = { ...DEFAULT_LIMITS, memoryMiB: 256, processes: 32, cpuSeconds: 20, fileMiB: 16, startSeconds: 20 };

export interface HostileOptions {
  /** Files of the project by path, added to or replacing those of `assets/project`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly limits?: Partial<SandboxLimits>;
  /** Changes the spec before the start, for example to hand in a database socket. */
  readonly change?: (spec: SandboxSpec) => SandboxSpec | Promise<SandboxSpec>;
}

/** A project in the sandbox that does what an attack tells it. */
export interface HostileProject {
  readonly sandbox: RunningSandbox;
  readonly spec: SandboxSpec;
  /**
   * Runs Python in the project's process, with the names of `assets/project/attack_tools.py`.
   * @returns its variable `answer`
   * @throws Error when the Python raised (a mistake in the attack), and when no answer came
   */
  run(python: string, seconds?: number): Promise<unknown>;
  /** As `run`, for Python that may well end its own process: null when no answer came. */
  tryRun(python: string, seconds?: number): Promise<unknown>;
  /** Host numbers of the living processes of this project. */
  processes(): Promise<number[]>;
}

/** Starts a project without waiting until it serves. */
export async function launch(stage: Stage, driver: SandboxDriver, options: HostileOptions = {}): Promise<HostileProject> {
  const name = `hostile-${randomBytes(3).toString('hex')}`;
  const spec = await specOf(stage, name, options);
  if (spec.warmStart) await driver.warm(spec.warmStart);
  const sandbox = await driver.start(spec);
  stage.defer(() => sandbox.kill());
  const run = (python: string, seconds = ANSWER_SECONDS): Promise<unknown> =>
    post(sandbox.httpSocket, python, seconds, stage.signal);
  return {
    sandbox,
    spec,
    run,
    tryRun: (python, seconds) => run(python, seconds).catch(() => null),
    processes: () => processesNamed(name),
  };
}

/**
 * Starts a project and waits until it serves.
 * @throws Error when it does not
 */
export async function startHostile(stage: Stage, driver: SandboxDriver, options: HostileOptions = {}): Promise<HostileProject> {
  const project = await launch(stage, driver, options);
  const started = await project.sandbox.started;
  if (started.outcome === 'serving') return project;
  throw new Error(`The attacking project did not start: ${JSON.stringify(started)} ${project.sandbox.log()}`);
}

async function specOf(stage: Stage, name: string, { files = {}, limits = {}, change }: HostileOptions): Promise<SandboxSpec> {
  const folder = await stage.folder();
  const [projectDir, workDir] = [path.join(folder, 'project'), path.join(folder, 'work')];
  await mkdir(workDir);
  await cp(TEMPLATE, projectDir, { recursive: true, filter: (file) => !file.includes('__pycache__') });
  for (const [file, text] of Object.entries({ 'name.txt': name, ...files })) {
    await mkdir(path.dirname(path.join(projectDir, file)), { recursive: true });
    await writeFile(path.join(projectDir, file), text);
  }
  await openForReading(projectDir);
  const changesSettings = Object.keys(files).some((file) => file.startsWith('hostile/settings'));
  const spec: SandboxSpec = {
    runtime: stage.runtime,
    projectDir,
    workDir,
    databaseSocketDir: null,
    redisSocketDir: null,
    // As the product does: with the starter's settings, an attack meets the process that is shared most.
    warmStart: changesSettings
      ? null
      : { key: 'hostile-project', starterDir: TEMPLATE, settings: 'hostile.settings', environment: {} },
    environment: {},
    wsgi: 'hostile.wsgi',
    settings: 'hostile.settings',
    migrate: false,
    limits: { ...LIMITS, ...limits },
  };
  return change ? change(spec) : spec;
}

async function openForReading(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (!entry.isSymbolicLink()) await chmod(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
}

function post(socketPath: string, python: string, seconds: number, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'localhost', 'content-length': Buffer.byteLength(python) };
    const options = { socketPath, path: '/run/', method: 'POST', headers, agent: false as const, signal };
    const request = http.request(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve(answerOf(Buffer.concat(parts).toString('utf8')));
        } catch (error) {
          reject(error);
        }
      });
    });
    const limit = setTimeout(() => request.destroy(new Error(`No answer after ${seconds} s`)), seconds * 1000);
    request.on('close', () => clearTimeout(limit));
    request.on('error', reject);
    request.end(python);
  });
}

function answerOf(text: string): unknown {
  const reply: { answer?: unknown; raised?: string } = JSON.parse(text);
  if (reply.raised !== undefined) throw new Error(`The attack is wrong: ${reply.raised.slice(-300)}`);
  return reply.answer;
}

/** Host numbers of the living processes that carry this name. */
export async function processesNamed(name: string): Promise<number[]> {
  const numbers = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    numbers.map(async (number) => {
      const text = await readFile(`/proc/${number}/stat`, 'latin1').catch(() => '');
      const isZombie = /^\) Z/.test(text.slice(text.lastIndexOf(')')));
      return text.includes(`(${name})`) && !isZombie ? [Number(number)] : [];
    }),
  );
  return found.flat();
}

/** A folder outside of the project that every user of the host may enter, and not below /tmp, which is the sandbox's own inside. */
export async function openFolder(stage: Stage): Promise<string> {
  const folder = await mkdtemp('/var/tmp/assay-attack-');
  stage.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  return folder;
}
