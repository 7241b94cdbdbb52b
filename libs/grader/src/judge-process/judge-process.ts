import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { describeError, InfrastructureFault } from '../faults';
import { JudgeWatch, LOOK_MS } from './judge-watch';
import type {
  ArgumentsOf,
  CallName,
  Calls,
  FromJudge,
  GradeAccess,
  JudgedPack,
  QuestionName,
  Questions,
  ToJudge,
} from './messages';
import { nodeArguments } from './node-arguments';
import { readProcessStatus } from './process-status';

/** Compiled, also when this file is not: a process of its own is started from what is installed. */
const ENTRY = path.join(__dirname, '..', '..', 'dist', 'judge-process', 'main.js');
const END_WITH_PARENT = path.join(__dirname, '..', '..', 'assets', 'end_with_parent.py');
/** Time to close a grade's sockets. */
const CLOSE_MS = 10_000;
/** Last characters of its standard error that are kept. */
const MAX_ERROR_TEXT = 2_000;
/** By which a process ends itself: V8 when memory is used up, the C library, a crash. */
const OWN_SIGNALS = new Set<NodeJS.Signals | null>(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS', 'SIGFPE']);

/** What the parent does for the grade that a judge process works on. */
export type JudgeHost = { readonly [Name in QuestionName]: (...argument: ArgumentsOf<Name>) => Promise<Questions[Name]> } & {
  /** Told how many checks are done. */
  readonly onDone: (done: number) => void;
};

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (fault: InfrastructureFault) => void;
}

/**
 * A process that runs hidden checks, one grade after the other. Its environment is empty, it has no descriptor of ours but the channel,
 * and it cannot read files beyond those it needs. After any fault it is not used again.
 */
export class JudgeProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private readonly watch = new JudgeWatch(() => this.send({ type: 'ping' }));
  private host: JudgeHost | null = null;
  private pack: JudgedPack | null = null;
  private nextId = 1;
  /** Code of the pack that runs in it. */
  private runs: string | null = null;
  private fault: InfrastructureFault | null = null;
  private errorText = '';
  private looking: NodeJS.Timeout | null = null;
  private readonly ended: Promise<void>;

  /**
   * @param python any Python 3 of the machine: it ties the process to the life of this one
   * @param readable folders, or beginnings of paths with `*` at the end, that a grade needs to read
   */
  constructor(python: string, readable: readonly string[]) {
    const program = [process.execPath, ...nodeArguments(ENTRY, readable), ENTRY];
    // A session of its own: Ctrl-C in the terminal cancels a grade and must not look like a crash of the pack.
    this.child = spawn(python, ['-I', '-S', END_WITH_PARENT, String(process.pid), ...program], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {},
      cwd: '/',
      detached: true,
    });
    this.child.on('message', (message: FromJudge) => this.receive(message));
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.errorText = (this.errorText + chunk.toString('utf8')).slice(-MAX_ERROR_TEXT);
    });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.fail(new InfrastructureFault('judge-failed', `no judge process could be started: ${error.message}`));
        resolve();
      });
      this.child.once('close', (code, signal) => {
        this.fail(this.explainEnd(code, signal));
        resolve();
      });
    });
    this.keepsParentAlive(false);
  }

  /** Whether another grade may be given to it. */
  get isUsable(): boolean {
    return this.fault === null && this.host === null;
  }

  /** Why it is not used again, null while it works well; certain once the grade was closed. */
  get failure(): InfrastructureFault | null {
    return this.fault;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Opens proxy and session of a grade. This and what follows throws {@link InfrastructureFault}, the first one of the grade. */
  async open(pack: JudgedPack, access: GradeAccess, host: JudgeHost): Promise<void> {
    this.host = host;
    this.keepsParentAlive(true);
    this.looking = setInterval(() => void this.look(), LOOK_MS);
    if (this.pack?.contentHash !== pack.contentHash) await this.call('learn', pack);
    this.pack = pack;
    await this.call('open', access);
  }

  /** Runs the module bodies of the pack's checks; need not be waited for before `ask`. */
  async readChecks(): Promise<void> {
    await this.call('read', null);
  }

  ask(request: Calls['ask']['request']): Promise<Calls['ask']['answer']> {
    return this.call('ask', request);
  }

  check(request: Calls['check']['request']): Promise<Calls['check']['answer']> {
    return this.call('check', request);
  }

  /** What waits for the project, or the whole run, gets no answer for this reason. */
  end(what: 'project' | 'run', reason: string): void {
    this.send({ type: 'end', what, reason });
  }

  /** Ends the grade; afterwards nothing of it is open. Never rejects. */
  async close(): Promise<void> {
    if (this.host === null) return;
    const late = setTimeout(() => this.giveUp('judge-failed', 'the sockets of a grade could not be closed'), CLOSE_MS);
    // A process that failed may still be running the code that it failed by.
    if (this.fault) this.child.kill('SIGKILL');
    else await this.call('close', null).catch(() => undefined);
    if (this.fault) await this.ended;
    clearTimeout(late);
    if (this.looking) clearInterval(this.looking);
    this.host = null;
    this.runs = null;
    this.keepsParentAlive(false);
  }

  async kill(): Promise<void> {
    this.giveUp('judge-failed', 'the judge process was ended');
    await this.ended;
  }

  private call<Name extends CallName>(name: Name, request: Calls[Name]['request']): Promise<Calls[Name]['answer']> {
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve, reject) => {
      if (this.fault) return reject(this.fault);
      this.pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.send({ type: 'call', id, name, request });
    });
  }

  private receive(message: FromJudge): void {
    if (message.type === 'pong') this.watch.answered();
    else if (message.type === 'answer') this.settle(message.id)?.resolve(message.value);
    else if (message.type === 'fault') this.fail(new InfrastructureFault(message.code, this.named(message.message)));
    else if (message.type === 'question') void this.answer(message.id, message.name, message.argument);
    else {
      this.runs = message.what;
      this.host?.onDone(message.done);
    }
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    return pending;
  }

  private async answer(id: number, name: QuestionName, argument: unknown): Promise<void> {
    const answer = this.host?.[name] as ((argument: unknown) => Promise<unknown>) | undefined;
    const unknown = { isServerWell: false, processorUse: null };
    try {
      const value = await answer?.(argument);
      this.send({ type: 'answer', id, value: value ?? (name === 'companion' ? null : unknown[name]) });
    } catch (error) {
      if (name !== 'companion') this.send({ type: 'answer', id, value: unknown[name] });
      // No check can go on without it, and none may take it for the submission's doing.
      else
        this.fail(error instanceof InfrastructureFault ? error : new InfrastructureFault('judge-failed', describeError(error)));
    }
  }

  private async look(): Promise<void> {
    const status = await readProcessStatus(this.child.pid ?? 0);
    if (this.host === null || this.fault) return;
    const trouble = this.watch.look(status);
    if (trouble === null) return;
    if (this.runs === null || trouble.kind === 'silent') this.giveUp('judge-failed', `the judge process ${trouble.detail}`);
    else this.giveUp(trouble.kind === 'loops' ? 'check-looped' : 'check-crashed', `${this.runs} ${trouble.detail}`);
  }

  private giveUp(code: string, message: string): void {
    this.fail(new InfrastructureFault(code, this.named(message)));
    this.child.kill('SIGKILL');
  }

  private explainEnd(code: number | null, signal: NodeJS.Signals | null): InfrastructureFault {
    const isOwnDoing = code !== null || OWN_SIGNALS.has(signal);
    const how = `${signal ?? `exit code ${code}`}${this.errorText ? `: ${this.errorText.trim()}` : ''}`;
    if (this.runs !== null && isOwnDoing) {
      return new InfrastructureFault('check-crashed', this.named(`${this.runs} ended its process, ${how}`));
    }
    return new InfrastructureFault('judge-failed', this.named(`the judge process ended, ${how}`));
  }

  private named(message: string): string {
    return this.pack ? `task pack "${this.pack.slug}": ${message}` : message;
  }

  /** The first fault stands, whatever follows from it. */
  private fail(fault: InfrastructureFault): void {
    this.fault ??= fault;
    for (const { reject } of this.pending.values()) reject(this.fault);
    this.pending.clear();
  }

  private send(message: ToJudge): void {
    if (!this.child.connected) return;
    this.child.send(message, (error) => {
      if (error) this.fail(new InfrastructureFault('judge-failed', describeError(error)));
    });
  }

  /** An idle judge process must not keep a program from ending, which then ends it. */
  private keepsParentAlive(isKept: boolean): void {
    const action = isKept ? 'ref' : 'unref';
    this.child[action]();
    this.child.channel?.[action]();
  }
}
