import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type {
  ProgramExit,
  RunningProgram,
  RunningSandbox,
  SandboxBase,
  SandboxDriver,
  SandboxExit,
  StartResult,
} from '@assay/sandbox/sandbox';
import type { ProcessorUse } from '../fair-timer';
import { InfrastructureFault } from '../faults';
import { readProcessorUse } from '../judge-process/processor-use';
import { type CompanionPlan, planOf } from './companion-plan';
import {
  type BootFailure,
  type CompanionAnswer,
  type CompanionEnd,
  type CompanionExit,
  type CompanionOrder,
  type CompanionRequest,
  checkOrder,
} from './orders';
import { untilQuiet } from './quiet-processes';
import { type LineKeeper, PlainLines, ReceivedFiles } from './received-lines';
import type { SpareDatabases } from './spare-databases';

/** At the same time, and in one grade altogether. */
const MOST_RUNNING = 3;
const MOST_EVER = 40;

/** The submission that companions belong to, as the project that serves has it. */
export interface CompanionRun extends SandboxBase {
  readonly driver: SandboxDriver;
  readonly wsgi: string;
  /** Time limit of a companion that runs until it is killed. */
  readonly runSeconds: number;
  /** Makes further databases for companions. */
  readonly spares: SpareDatabases;
}

interface Companion {
  readonly httpSocket: string;
  readonly begun: Promise<BootFailure | null>;
  readonly ended: Promise<CompanionEnd>;
  kill(): Promise<void>;
  processIds(): Promise<readonly number[] | null>;
}

/** The further sandboxes of one grade, on the side of the parent: starts what was ordered, counts its time, and ends all of it. */
export class Companions {
  private readonly known = new Map<number, Companion>();
  private readonly running = new Set<Companion>();
  private readonly starting = new Set<Promise<unknown>>();
  private begun = 0;
  /** Processor time of those that ended, in milliseconds. */
  private endedMs = 0;
  private isClosed = false;

  constructor(private readonly run: CompanionRun) {}

  /** @throws InfrastructureFault when a companion could not be made, or broke by no doing of its own */
  async answer(request: CompanionRequest): Promise<CompanionAnswer> {
    if (request.do === 'start') return this.start(request.order);
    if (request.do === 'make-database') {
      const made = await this.run.spares.make(
        () => void Promise.allSettled([...this.running].map((companion) => companion.kill())),
      );
      return { type: 'database', ...made };
    }
    const companion = this.known.get(request.id);
    if (!companion) throw new InfrastructureFault('judge-failed', `there is no companion ${request.id}`);
    if (request.do === 'begun') return { type: 'begun', failure: await companion.begun };
    if (request.do === 'settle') {
      await untilQuiet(() => companion.processIds(), companion.ended);
      return { type: 'settled' };
    }
    if (request.do === 'kill') await companion.kill();
    return { type: 'ended', end: await companion.ended };
  }

  /** Time of the project's processes and of the companions' together. @param serving process ids of the project; null when not known */
  async processorUse(serving: readonly number[] | null): Promise<ProcessorUse | null> {
    if (this.begun === 0) return readProcessorUse(serving);
    const others = await Promise.all([...this.running].map((companion) => companion.processIds()));
    const use = await readProcessorUse([...(serving ?? []), ...others.flatMap((ids) => ids ?? [])]);
    return use && { ...use, usedMs: use.usedMs + this.endedMs };
  }

  /** Kills all of them and starts no more. Never rejects. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.starting);
    await Promise.allSettled([...this.running].map((companion) => companion.kill()));
  }

  private async start(order: CompanionOrder): Promise<CompanionAnswer> {
    checkOrder(order);
    if (this.running.size + this.starting.size >= MOST_RUNNING || this.begun >= MOST_EVER) {
      throw new InfrastructureFault('check-crashed', `more than ${MOST_RUNNING} companions at once, or ${MOST_EVER} in all`);
    }
    const id = this.begun;
    this.begun += 1;
    const making = this.make(id, order);
    this.starting.add(making);
    try {
      const companion = await making;
      this.known.set(id, companion);
      this.running.add(companion);
      const forget = (): boolean => this.running.delete(companion);
      companion.ended.then(forget, forget);
      if (this.isClosed) await companion.kill();
      return { type: 'started', id, httpSocket: companion.httpSocket };
    } finally {
      this.starting.delete(making);
    }
  }

  private async make(id: number, order: CompanionOrder): Promise<Companion> {
    const { run } = this;
    const plan = planOf(order, run.wsgi);
    try {
      const base = await this.baseOf(id, order, plan, run);
      return plan === null
        ? await this.serve(base, run)
        : await this.launch(run.driver, base, plan, await this.trusted(id, plan, run));
    } catch (error) {
      throw new InfrastructureFault('sandbox-failed', error instanceof Error ? error.message : String(error));
    }
  }

  private async baseOf(id: number, order: CompanionOrder, plan: CompanionPlan | null, run: CompanionRun): Promise<SandboxBase> {
    const workDir = await folder(run.workDir, `c${id}`);
    const isClean = plan?.isClean ?? false;
    const spare = order.spareDatabase === undefined ? null : run.spares.find(order.spareDatabase);
    const left = Object.entries(run.environment).filter(([name]) => !order.without.includes(name));
    const usual = plan?.isLasting ? run.runSeconds : run.limits.startSeconds;
    return {
      runtime: run.runtime,
      projectDir: isClean ? await folder(workDir, 'nothing') : run.projectDir,
      workDir,
      databaseSocketDir: isClean ? null : (spare?.socketDir ?? run.databaseSocketDir),
      redisSocketDir: isClean ? null : run.redisSocketDir,
      monitoringSocketDir: isClean ? null : (run.monitoringSocketDir ?? null),
      environment: isClean ? {} : { ...Object.fromEntries(left), ...spare?.environment, ...order.environment },
      settings: isClean ? 'nothing' : run.settings,
      limits: { ...run.limits, startSeconds: order.seconds ?? usual },
    };
  }

  private async trusted(id: number, plan: CompanionPlan, run: CompanionRun): Promise<string | null> {
    const files = Object.entries(plan.trusted);
    if (files.length === 0) return null;
    const place = await folder(run.workDir, `t${id}`);
    for (const [name, text] of files) await writeFile(path.join(place, name), text, { mode: 0o644 });
    return place;
  }

  private async launch(
    driver: SandboxDriver,
    base: SandboxBase,
    plan: CompanionPlan,
    trustedDir: string | null,
  ): Promise<Companion> {
    const { program, lines, semaphores } = plan;
    const keeper: LineKeeper = program.name === 'collect_static' ? new ReceivedFiles() : new PlainLines();
    const onLine = (line: string): void => keeper.push(line);
    return this.asCompanion(await driver.run({ ...base, program, trustedDir, semaphores, lines, onLine }), keeper);
  }

  private asCompanion(running: RunningProgram, keeper: LineKeeper): Companion {
    const { httpSocket, begun } = running;
    const ended = running.exited.then((exit) => {
      this.endedMs += exit.counters.cpuMs ?? 0;
      const { lines, files } = keeper;
      return { exit: exitOf(exit), output: running.log(), lines, files, isCut: running.hasDroppedLines };
    });
    ended.catch(() => undefined);
    return {
      httpSocket,
      begun: begun.then(() => null),
      ended,
      kill: () => running.kill(),
      processIds: () => running.processIds(),
    };
  }

  private async serve(base: SandboxBase, run: CompanionRun): Promise<Companion> {
    const sandbox = await run.driver.start({ ...base, warmStart: null, wsgi: run.wsgi, migrate: false, isBeside: true });
    const ended = sandbox.exited.then((exit) => {
      this.endedMs += exit.counters.cpuMs ?? 0;
      return { exit: exitOf(exit), output: sandbox.log(), lines: [], files: [], isCut: false };
    });
    ended.catch(() => undefined);
    const begun = sandbox.started.then(bootFailure);
    begun.catch(() => undefined);
    return {
      httpSocket: sandbox.httpSocket,
      begun,
      ended,
      kill: () => sandbox.kill(),
      processIds: () => processIdsOf(sandbox),
    };
  }
}

async function processIdsOf(sandbox: RunningSandbox): Promise<readonly number[] | null> {
  return (await sandbox.processIds?.()) ?? null;
}

async function folder(parent: string, name: string): Promise<string> {
  const place = path.join(parent, name);
  await mkdir(place, { recursive: true });
  // Whatever the mask of this process: another user looks into it.
  await chmod(place, 0o755);
  return place;
}

function exitOf(exit: ProgramExit | SandboxExit): CompanionExit {
  const { counters: _counters, ...how } = exit;
  if (how.kind === 'infra_fault') throw new InfrastructureFault('sandbox-failed', how.detail);
  return how;
}

/** Null when it serves. */
function bootFailure(result: StartResult): BootFailure | null {
  if (result.outcome === 'serving') return null;
  if (result.outcome === 'infra_fault') throw new InfrastructureFault('sandbox-failed', result.detail);
  if (result.outcome === 'killed') return { outcome: 'died', step: 'setup', error: null, message: 'it was killed' };
  const { outcome, step } = result;
  if (outcome === 'failed') return { outcome, step, error: result.error, message: result.message };
  if (outcome === 'timed_out') return { outcome, step, error: null, message: `not serving after ${result.seconds} seconds` };
  return { outcome, step, error: null, message: `its process ended: ${JSON.stringify(result.exit)}` };
}
