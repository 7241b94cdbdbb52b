import { rm } from 'node:fs/promises';
import type net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { SandboxExit, SandboxLimits } from '../sandbox';
import { SandboxRun } from '../sandbox-run';
import type { Report } from '../start-report';
import type { RunPlan } from './run-plan';
import type { DeepZygote, StartedRun, ZygoteSlot } from './slot';

/** How long the connections may stay open after the sandbox's processes are gone. */
const DRAIN_MS = 2000;
/** Time that a zygote has to kill its fork before it is killed itself. */
const KILL_SECONDS = 10;

/** One sandbox of a zygote, from its fork to its last process. */
export class ZygoteSandbox extends SandboxRun {
  readonly exited: Promise<SandboxExit>;
  private readonly start: Promise<StartedRun>;
  private stuckTimer: NodeJS.Timeout | null = null;
  /** The zygote did not kill in time and was killed by us. */
  private isStuck = false;

  /** @param giveBack called when no process is left */
  constructor(
    private readonly slot: ZygoteSlot,
    httpSocket: string,
    plan: RunPlan,
    zygote: DeepZygote | null,
    limits: SandboxLimits,
    private readonly giveBack: () => void,
    report: Report,
  ) {
    super(httpSocket, limits, report);
    this.start = slot.run(plan, zygote);
    this.exited = this.follow();
  }

  async processIds(): Promise<readonly number[] | null> {
    return this.isEnded ? [] : ((await this.slot.cgroup?.processIds()) ?? null);
  }

  protected override killProcesses(): void {
    if (this.isEnded) return;
    void this.start.then(({ channel }) => channel.send({ do: 'kill' }));
    this.stuckTimer ??= setTimeout(() => {
      this.isStuck = true;
      void this.slot.close();
    }, KILL_SECONDS * 1000);
  }

  private async follow(): Promise<SandboxExit> {
    const run = await this.start;
    run.status.on('data', this.readReport);
    run.log.on('data', this.readOutput);
    const closed = Promise.all([run.status, run.log].map(closing));
    const end = await run.ended;
    this.isEnded = true;
    if (this.stuckTimer) clearTimeout(this.stuckTimer);
    await Promise.race([closed, wait(DRAIN_MS, undefined, { ref: false })]);
    run.status.destroy();
    run.log.destroy();
    const counters = (await this.slot.cgroup?.counters()) ?? null;
    await rm(this.httpSocket, { force: true });
    const exit = this.conclude({
      exitCode: end?.ended ?? null,
      isKilledByUs: this.isStuck || end?.told === true,
      isEmpty: true,
      messages: end === null || this.log() === '' ? this.slot.said : null,
      counters,
    });
    this.giveBack();
    return exit;
  }
}

function closing(connection: net.Socket): Promise<void> {
  return new Promise((resolve) => connection.once('close', () => resolve()));
}
