import { BoundedLog } from './bounded-log';
import type { CgroupCounters } from './cgroup/sandbox-cgroup';
import { classifyExit } from './classify-exit';
import type { RunningSandbox, SandboxCounters, SandboxExit, SandboxLimits, StartedFrom, StartResult } from './sandbox';
import { StartLimit } from './start-limit';
import { type Report, StartReport } from './start-report';

/** How a sandbox ended, as far as its driver can tell. */
export interface Ended {
  /** As a shell tells it: 128 plus the number for a signal; null when nobody was left to tell. */
  readonly exitCode: number | null;
  /** It lived until we killed it; else it ended before, or was killed from outside, which must not look like us. */
  readonly isKilledByUs: boolean;
  /** No process is left. */
  readonly isEmpty: boolean;
  /** What the driver's own programs printed; null when that is part of the log. */
  readonly messages: string | null;
  /** Null where this machine has no cgroup. */
  readonly counters: CgroupCounters | null;
}

const MIB = 1024 * 1024;
const UNCOUNTED: CgroupCounters = { memoryKills: null, processesRefused: null, peakMemoryBytes: null, cpuMs: null };

/** What every driver's running sandbox has in common: log, report about the start, time limit of the start, and the outcome. */
export abstract class SandboxRun implements RunningSandbox {
  readonly started: Promise<StartResult>;
  abstract readonly exited: Promise<SandboxExit>;
  protected isEnded = false;
  private readonly output: BoundedLog;
  private readonly startedAt = performance.now();
  private settleStarted: (result: StartResult) => void = () => undefined;
  private readonly startLimit: StartLimit;
  private isTimedOut = false;
  private isOverloaded = false;
  private isKilled = false;

  constructor(
    readonly httpSocket: string,
    private readonly limits: SandboxLimits,
    private readonly report: Report = new StartReport(),
  ) {
    this.output = new BoundedLog(limits.logBytes);
    this.started = new Promise((resolve) => {
      this.settleStarted = resolve;
    });
    this.startLimit = new StartLimit(
      limits.startSeconds * 1000,
      () => this.processIds(),
      (how) => this.giveUpStart(how),
    );
  }

  get startedFrom(): StartedFrom | null {
    return this.report.startedFrom;
  }

  log(): string {
    return this.output.text();
  }

  async kill(): Promise<void> {
    if (!this.isEnded) this.isKilled = true;
    this.killProcesses();
    await this.exited;
  }

  abstract processIds(): Promise<readonly number[] | null>;

  /** Begins to kill every process; may be called more than once and after the end. */
  protected abstract killProcesses(): void;

  protected readonly readOutput = (chunk: Buffer): void => this.output.push(chunk);

  protected readonly readReport = (chunk: Buffer): void => {
    const wasServing = this.report.isServing;
    this.report.push(chunk);
    if (wasServing || !this.report.isServing || this.isTimedOut || this.isKilled) return;
    this.startLimit.stop();
    this.settleStarted({ outcome: 'serving', startMs: Math.round(performance.now() - this.startedAt) });
  };

  /** Called once, when all is over. */
  protected conclude(ended: Ended): SandboxExit {
    this.startLimit.stop();
    const counters: SandboxCounters = { ...(ended.counters ?? UNCOUNTED), outputBytes: this.output.totalBytes };
    const exit: SandboxExit = ended.isEmpty
      ? this.classify(ended, counters)
      : { kind: 'infra_fault', detail: 'Processes of the sandbox did not end after they were killed.', counters };
    this.settleStarted(this.startResultOf(exit));
    return exit;
  }

  private giveUpStart(how: 'over' | 'overloaded'): void {
    if (this.report.isServing || this.isEnded) return;
    this.isTimedOut = true;
    this.isOverloaded = how === 'overloaded';
    this.killProcesses();
  }

  private classify(ended: Ended, counters: SandboxCounters): SandboxExit {
    if (this.isTimedOut || (this.isKilled && ended.isKilledByUs)) return { kind: 'killed', counters };
    const exit = classifyExit({
      hasRun: this.report.step !== null,
      exitCode: ended.exitCode,
      saidOutOfCpuTime: this.report.isOutOfCpuTime,
      cpuSeconds: this.limits.cpuSeconds,
      memoryBytes: this.limits.memoryMiB * MIB,
      counters,
      messages: ended.messages ?? this.log(),
    });
    return { ...exit, counters };
  }

  private startResultOf(exit: SandboxExit): StartResult {
    const { step } = this.report;
    if (this.isKilled) return { outcome: 'killed' };
    if (this.isOverloaded)
      return { outcome: 'infra_fault', detail: 'The machine gave the project too little of a processor to start.' };
    if (this.isTimedOut && step) return { outcome: 'timed_out', step, seconds: this.limits.startSeconds };
    if (step === null)
      return {
        outcome: 'infra_fault',
        detail: exit.kind === 'infra_fault' ? exit.detail : `The sandbox was not ready after ${this.limits.startSeconds} s.`,
      };
    if (exit.kind === 'infra_fault') return { outcome: 'infra_fault', detail: exit.detail };
    if (exit.kind === 'killed') return { outcome: 'killed' };
    const { counters: _counters, ...submissionExit } = exit;
    return this.report.failure ?? { outcome: 'died', step, exit: submissionExit };
  }
}
