import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { CgroupParents } from '../cgroup/find-cgroups';
import type { RootPlan } from '../layers/root-plan';
import type { PythonRuntime } from '../runtime';
import { ZYGOTE_LAUNCHER } from '../runtime-paths';
import { ZygoteChannel, type ZygoteWords } from './channel';
import type { RunPlan } from './run-plan';
import { SlotCgroup } from './slot-cgroup';
import { fingerprint, type KeptStarter } from './starters';

const MESSAGES = 4096;
const READY_SECONDS = 60;
const CLOSE_SECONDS = 10;

/** What `assets/zygote_launcher.py` reads. Nothing in it belongs to a run. */
export interface ZygotePlan {
  readonly socket: string;
  readonly cgroupFiles: readonly string[];
  readonly root: {
    readonly folders: readonly string[];
    readonly links: RootPlan['links'];
    readonly binds: readonly ZygoteBind[];
  };
  readonly devices: readonly string[];
  readonly workRoot: string;
  readonly readOnly: boolean;
  /** Users of the host that submissions run as; null for a judge that is an ordinary user. */
  readonly users: { readonly first: number; readonly count: number } | null;
  /** Interpreter and program, as seen inside the root. */
  readonly python: string;
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly zygote: { readonly without: readonly string[]; readonly filter: string | null };
}

export interface ZygoteBind {
  readonly source: string;
  readonly target: string;
  readonly writable: boolean;
}

/** The two connections of a run and the zygote that forked it. */
export interface StartedRun {
  readonly status: net.Socket;
  readonly log: net.Socket;
  readonly channel: ZygoteChannel;
  /** Null when the zygote died. */
  readonly ended: Promise<ZygoteWords | null>;
}

/** A zygote that has set Django up with a starter's settings. */
export interface DeepZygote {
  readonly channel: ZygoteChannel;
  /** Of the files that the settings were read from; see {@link fingerprint}. */
  readonly files: readonly string[];
  readonly fingerprint: string;
  readonly settings: string;
}

/** A place where one sandbox runs at a time: a zygote with its group. */
export class ZygoteSlot {
  /** The zygote is there, for as long as it lives. */
  isAlive = true;
  private messages = '';
  /** By the key of their starter. */
  private readonly deep = new Map<string, DeepZygote>();
  /** Keys of starters that Django could not be set up with. */
  private readonly refused = new Set<string>();
  /** Connections are accepted in the order in which they were made: one command at a time. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly runtime: PythonRuntime,
    readonly cgroup: SlotCgroup | null,
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly channel: ZygoteChannel,
    private readonly ended: Promise<void>,
  ) {
    child.stderr?.on('data', (chunk: Buffer) => {
      this.messages = (this.messages + chunk.toString('utf8')).slice(-MESSAGES);
    });
    void ended.then(() => {
      this.isAlive = false;
    });
  }

  /**
   * Starts a zygote and waits until it can fork.
   * @throws Error with what launcher or zygote said
   */
  static async open(
    runtime: PythonRuntime,
    parents: CgroupParents | null,
    plan: Omit<ZygotePlan, 'socket' | 'cgroupFiles'>,
  ): Promise<ZygoteSlot> {
    // Not below the work folder, which sandboxes see before they are locked in; short, as paths of sockets must be.
    const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-zygote-'));
    const cgroup = parents && (await SlotCgroup.create(parents));
    // A session of its own: Ctrl-C in the judge's terminal must not look like a fault.
    const child = spawn(runtime.basePython, ['-I', '-S', ZYGOTE_LAUNCHER], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {},
      cwd: '/',
      detached: true,
    });
    let spawnError = '';
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => resolve());
      child.once('error', (error) => {
        spawnError = error.message;
        resolve();
      });
    });
    // Without a descriptor left in this process there are not even pipes.
    if (child.pid === undefined) {
      await ended;
      await cgroup?.remove();
      await rm(folder, { recursive: true, force: true });
      throw new Error(`The zygote could not be made: ${spawnError}`);
    }
    const slot = new ZygoteSlot(runtime, cgroup, folder, child, new ZygoteChannel(child.stdin, child.stdout), ended);
    slot.channel.send({ ...plan, socket: slot.socket, cgroupFiles: cgroup?.processFiles ?? [] });
    const ready = await Promise.race([
      slot.channel.next((words) => words.ready !== undefined),
      wait(READY_SECONDS * 1000, null, { ref: false }),
    ]);
    if (ready === null) {
      await slot.close();
      throw new Error(`The zygote could not be made: ${spawnError || slot.messages.trim() || 'no message'}`);
    }
    await cgroup?.measureIdle();
    return slot;
  }

  /** What launcher and zygote printed. */
  get said(): string {
    return this.messages;
  }

  /**
   * Forks a sandbox. One at a time.
   * @param zygote the one to fork; the slot's own when left out
   */
  run(plan: RunPlan, zygote: DeepZygote | null): Promise<StartedRun> {
    return this.inTurn(async () => {
      const channel = zygote?.channel ?? this.channel;
      const [status, log] = [net.connect(this.socket), net.connect(this.socket)];
      for (const connection of [status, log]) connection.on('error', () => undefined);
      const ended = channel.next((words) => words.ended !== undefined);
      const forked = channel.next((words) => words.forked !== undefined);
      channel.send({ do: 'run' });
      status.write(`${JSON.stringify(plan)}\n`);
      await forked;
      return { status, log, channel, ended };
    });
  }

  /** The deep zygote for a starter if there is one and the project's settings are read from the same bytes; else null. */
  async deepFor(key: string, settings: string, projectDir: string): Promise<DeepZygote | null> {
    const zygote = this.deep.get(key);
    if (!zygote?.channel.isOpen || zygote.settings !== settings) return null;
    return (await fingerprint(projectDir, zygote.files)) === zygote.fingerprint ? zygote : null;
  }

  /** Makes a deep zygote for each of the starters and ends others. Call it while no sandbox runs. Never rejects. */
  async warm(starters: readonly KeptStarter[], workRoot: string): Promise<void> {
    const wanted = new Set(starters.map(({ start }) => start.key));
    for (const [key, { channel }] of this.deep) {
      if (wanted.has(key) && channel.isOpen) continue;
      this.deep.delete(key);
      channel.close();
    }
    const missing = starters.filter(({ start }) => !this.deep.has(start.key) && !this.refused.has(start.key));
    for (const starter of missing) {
      const zygote = await this.makeDeep(starter, workRoot).catch(() => null);
      if (zygote) this.deep.set(starter.start.key, zygote);
      else this.refused.add(starter.start.key);
    }
    if (missing.length > 0 && this.isAlive) await this.cgroup?.measureIdle();
  }

  private async makeDeep({ start, folder }: KeptStarter, workRoot: string): Promise<DeepZygote | null> {
    const connection = await this.inTurn(async () => {
      const made = net.connect(this.socket);
      made.on('error', () => undefined);
      const warming = this.channel.next((words) => words.warming !== undefined);
      this.channel.send({ do: 'warm' });
      await warming;
      return made;
    });
    const channel = new ZygoteChannel(connection, connection);
    const { environment, settings } = start;
    channel.send({ starter: path.relative(workRoot, folder), settings, environment });
    const isReady = channel.next((words) => words.ready !== undefined);
    const ready = await Promise.race([isReady, wait(READY_SECONDS * 1000, null, { ref: false })]);
    const files = ready?.files ?? [];
    const print = await fingerprint(folder, files);
    if (files.length === 0 || print === null) {
      channel.close();
      return null;
    }
    return { channel, files, fingerprint: print, settings };
  }

  /** Kills whatever lives in the slot. */
  async close(): Promise<void> {
    this.channel.close();
    await Promise.race([this.ended, wait(CLOSE_SECONDS * 1000, undefined, { ref: false })]);
    if (this.isAlive) this.child.kill('SIGKILL');
    await this.cgroup?.remove();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get socket(): string {
    return path.join(this.folder, 'zygote.sock');
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.turn.then(action);
    this.turn = result.catch(() => undefined);
    return result;
  }
}
