import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { BoundedLog } from '../bounded-log';
import type { SandboxCgroup } from '../cgroup/sandbox-cgroup';
import { LAUNCHER } from '../runtime-paths';
import type { RunningSandbox, SandboxCounters, SandboxExit, SandboxLimits, StartResult } from '../sandbox';
import { StartReport } from '../start-report';
import { classifyExit } from './classify-exit';
import type { LaunchPlan } from './launch-plan';

/** How long the pipes may stay open after the sandbox's processes are gone. */
const DRAIN_MS = 2000;
const MIB = 1024 * 1024;
/** Exit code of the launcher when it could not kill everything in its own time limit of ten seconds. */
const PROCESSES_LEFT = 98;
/** Exit code of the launcher when the sandbox lived until the launcher was told to kill it. */
const KILLED_AS_TOLD = 96;
const LAUNCHER_SECONDS = 15;
const PROGRAM_MESSAGES = 4096;

/** One sandbox from its launcher to its last process. */
export class SandboxProcess implements RunningSandbox {
  readonly httpSocket: string;
  readonly started: Promise<StartResult>;
  readonly exited: Promise<SandboxExit>;
  readonly startedFrom = 'cold';
  private readonly output: BoundedLog;
  private readonly report = new StartReport();
  private readonly child: ChildProcess;
  private readonly startedAt = performance.now();
  private settleStarted: (result: StartResult) => void = () => undefined;
  private startTimer: NodeJS.Timeout | null = null;
  private isTimedOut = false;
  private isKilled = false;
  /** The launcher ended, and with it all it looked after. */
  private isEnded = false;
  private stuckTimer: NodeJS.Timeout | null = null;
  /** The launcher did not end in time and was killed by us. */
  private isStuck = false;
  private spawnError: string | null = null;
  /** bubblewrap's own status lines, with the exit code of the submission once it ended. */
  private programStatus = '';

  constructor(
    plan: LaunchPlan,
    basePython: string,
    private readonly limits: SandboxLimits,
    private readonly cgroup: SandboxCgroup | null,
    environment: NodeJS.ProcessEnv,
  ) {
    this.httpSocket = plan.socket;
    this.output = new BoundedLog(limits.logBytes);
    this.started = new Promise((resolve) => {
      this.settleStarted = resolve;
    });
    // A session of its own: Ctrl-C in the judge's terminal must not look like a crash of the submission, which has no terminal.
    this.child = spawn(basePython, ['-I', '-S', LAUNCHER], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: environment,
      cwd: '/',
      detached: true,
    });
    this.exited = this.follow();
    this.startTimer = setTimeout(() => this.giveUpStart(), limits.startSeconds * 1000);
    this.child.stdin?.on('error', () => undefined);
    // Stays open: its end tells the launcher to kill.
    this.child.stdin?.write(`${JSON.stringify(plan)}\n`);
  }

  log(): string {
    return this.output.text();
  }

  async kill(): Promise<void> {
    if (!this.isEnded) this.isKilled = true;
    this.killProcesses();
    await this.exited;
  }

  private giveUpStart(): void {
    if (this.report.isServing || this.isEnded) return;
    this.isTimedOut = true;
    this.killProcesses();
  }

  private async follow(): Promise<SandboxExit> {
    this.readPipe(1, (chunk) => this.output.push(chunk));
    this.readPipe(2, (chunk) => this.output.push(chunk));
    this.readPipe(3, (chunk) => this.readReport(chunk));
    this.readPipe(4, (chunk) => {
      this.programStatus = (this.programStatus + chunk.toString('utf8')).slice(0, PROGRAM_MESSAGES);
    });
    const closed = new Promise<void>((resolve) => this.child.once('close', () => resolve()));
    await new Promise<void>((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.once('error', (error) => {
        this.spawnError = error.message;
        resolve();
      });
    });
    this.isEnded = true;
    if (this.spawnError === null) await Promise.race([closed, wait(DRAIN_MS, undefined, { ref: false })]);
    const isEmpty = this.child.exitCode !== PROCESSES_LEFT;
    if (this.stuckTimer) clearTimeout(this.stuckTimer);
    const counters = await this.readCounters();
    await this.cgroup?.remove();
    await rm(this.httpSocket, { force: true });
    if (this.startTimer) clearTimeout(this.startTimer);
    const exit: SandboxExit = isEmpty
      ? this.classify(counters)
      : { kind: 'infra_fault', detail: 'Processes of the sandbox did not end after they were killed.', counters };
    this.settleStarted(this.startResultOf(exit));
    return exit;
  }

  private readPipe(index: 1 | 2 | 3 | 4, onChunk: (chunk: Buffer) => void): void {
    const pipe = this.child.stdio[index];
    pipe?.on('error', () => undefined);
    pipe?.on('data', onChunk);
  }

  private readReport(chunk: Buffer): void {
    const wasServing = this.report.isServing;
    this.report.push(chunk);
    if (wasServing || !this.report.isServing || this.isTimedOut || this.isKilled) return;
    if (this.startTimer) clearTimeout(this.startTimer);
    this.settleStarted({ outcome: 'serving', startMs: Math.round(performance.now() - this.startedAt) });
  }

  /** The launcher kills, and ends when no process is left. */
  private killProcesses(): void {
    if (this.isEnded) return;
    this.child.stdin?.end();
    this.stuckTimer ??= setTimeout(() => {
      this.isStuck = true;
      this.child.kill('SIGKILL');
    }, LAUNCHER_SECONDS * 1000);
  }

  private submissionExitCode(): number | null {
    const code = /"exit-code"\s*:\s*(\d+)/.exec(this.programStatus)?.[1];
    return code === undefined ? null : Number(code);
  }

  private async readCounters(): Promise<SandboxCounters> {
    const none = { memoryKills: null, processesRefused: null, peakMemoryBytes: null, cpuMs: null };
    return { ...((await this.cgroup?.counters()) ?? none), outputBytes: this.output.totalBytes };
  }

  private classify(counters: SandboxCounters): SandboxExit {
    if (this.isTimedOut || (this.isKilled && !this.wasGoneBefore())) return { kind: 'killed', counters };
    const exit = classifyExit({
      hasRun: this.report.step !== null,
      exitCode: this.submissionExitCode(),
      saidOutOfCpuTime: this.report.isOutOfCpuTime,
      cpuSeconds: this.limits.cpuSeconds,
      memoryBytes: this.limits.memoryMiB * MIB,
      counters,
      messages: this.spawnError ?? this.log(),
    });
    return { ...exit, counters };
  }

  /** The sandbox ended, or was killed from outside, before `kill` could reach it: what then killed it must not look like us. */
  private wasGoneBefore(): boolean {
    const wasLauncherKilled = this.child.signalCode !== null && !this.isStuck;
    return wasLauncherKilled || this.submissionExitCode() !== null || this.child.exitCode !== KILLED_AS_TOLD;
  }

  private startResultOf(exit: SandboxExit): StartResult {
    const { step } = this.report;
    if (this.isKilled) return { outcome: 'killed' };
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
