import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { SandboxCgroup } from '../cgroup/sandbox-cgroup';
import { LAUNCHER } from '../runtime-paths';
import type { SandboxExit, SandboxLimits } from '../sandbox';
import { SandboxRun } from '../sandbox-run';
import type { Report } from '../start-report';
import type { LaunchPlan } from './launch-plan';

/** How long the pipes may stay open after the sandbox's processes are gone. */
const DRAIN_MS = 2000;
/** Exit code of the launcher when it could not kill everything in its own time limit of ten seconds. */
const PROCESSES_LEFT = 98;
/** Exit code of the launcher when the sandbox lived until the launcher was told to kill it. */
const KILLED_AS_TOLD = 96;
const LAUNCHER_SECONDS = 15;
const PROGRAM_MESSAGES = 4096;

/** One sandbox from its launcher to its last process. */
export class SandboxProcess extends SandboxRun {
  readonly exited: Promise<SandboxExit>;
  private readonly child: ChildProcess;
  private stuckTimer: NodeJS.Timeout | null = null;
  /** The launcher did not end in time and was killed by us. */
  private isStuck = false;
  private spawnError: string | null = null;
  /** bubblewrap's own status lines, with the exit code of the submission once it ended. */
  private programStatus = '';

  /** @param environment of the launcher: empty, unless a layer is left out */
  constructor(
    plan: LaunchPlan,
    basePython: string,
    limits: SandboxLimits,
    private readonly cgroup: SandboxCgroup | null,
    environment: NodeJS.ProcessEnv,
    report: Report,
  ) {
    super(plan.socket, limits, report);
    // A session of its own: Ctrl-C in the judge's terminal must not look like a crash of the submission, which has no terminal.
    this.child = spawn(basePython, ['-I', '-S', LAUNCHER], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: environment,
      cwd: '/',
      detached: true,
    });
    this.exited = this.follow();
    this.child.stdin?.on('error', () => undefined);
    // Stays open: its end tells the launcher to kill.
    this.child.stdin?.write(`${JSON.stringify(plan)}\n`);
  }

  async processIds(): Promise<readonly number[] | null> {
    return this.isEnded ? [] : ((await this.cgroup?.use())?.processes ?? null);
  }

  /** The launcher kills, and ends when no process is left. */
  protected override killProcesses(): void {
    if (this.isEnded) return;
    this.child.stdin?.end();
    this.stuckTimer ??= setTimeout(() => {
      this.isStuck = true;
      this.child.kill('SIGKILL');
    }, LAUNCHER_SECONDS * 1000);
  }

  private async follow(): Promise<SandboxExit> {
    this.readPipe(1, this.readOutput);
    this.readPipe(2, this.readOutput);
    this.readPipe(3, this.readReport);
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
    if (this.stuckTimer) clearTimeout(this.stuckTimer);
    const counters = (await this.cgroup?.counters()) ?? null;
    await this.cgroup?.remove();
    await rm(this.httpSocket, { force: true });
    const exitCode = this.submissionExitCode();
    const isLauncherKilled = this.child.signalCode !== null && !this.isStuck;
    return this.conclude({
      exitCode,
      isKilledByUs: !isLauncherKilled && exitCode === null && (this.isStuck || this.child.exitCode === KILLED_AS_TOLD),
      isEmpty: this.child.exitCode !== PROCESSES_LEFT,
      messages: this.spawnError,
      counters,
    });
  }

  private readPipe(index: 1 | 2 | 3 | 4, onChunk: (chunk: Buffer) => void): void {
    // There are none when this process had no descriptor left for them.
    const pipe = this.child.stdio?.[index];
    pipe?.on('error', () => undefined);
    pipe?.on('data', onChunk);
  }

  private submissionExitCode(): number | null {
    const code = /"exit-code"\s*:\s*(\d+)/.exec(this.programStatus)?.[1];
    return code === undefined ? null : Number(code);
  }
}
