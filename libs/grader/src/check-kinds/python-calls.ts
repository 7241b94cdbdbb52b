import type { CheckRecord } from '../check-record';
import type { Conversations } from '../conversations';
import { ExpectationFailed, NothingToJudge, quote } from '../expectations';
import type { ProcessorSampler } from '../fair-timer';
import type { PostgresProxy } from '../postgres-proxy';
import { withoutVolatileParts } from '../recorded-text';
import { normaliseStatement } from '../statement-text';
import { NoAnswer, UnixHttp } from '../unix-http';
import type {
  CallOutcome,
  CheckPython,
  DoubleAnswer,
  DoubleCall,
  PythonInput,
  PythonKeywords,
  PythonObject,
  PythonValue,
} from './python-calls-api';
import { type Reply, readReply } from './python-calls-replies';
import {
  Double,
  display,
  encodeInput,
  exception,
  floatOf,
  type Kept,
  raisedBy,
  raises,
  setOf,
  tagged,
} from './python-calls-values';

/** As in `libs/sandbox/assets/http_server.py`: no application sees requests with this method. */
const METHOD = 'ASSAY-CALL';
/** Calls of one check, and uses of our objects in one call. */
const MAX_CALLS = 400;
const MAX_QUESTIONS = 1_000;
/** Characters of all that comes of the calls of one check, which may keep it: in the heap that can be twenty times as much. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
/** Uses of our objects and statements that stand in the evidence of one call. */
const MAX_TOLD = 20;
/** How long the database may still be answering statements of a call that is already answered, in milliseconds. */
const SETTLE_MS = 250;

export interface ProjectCallOptions {
  readonly httpSocket: string;
  readonly requestSeconds: number;
  /** Counts the statements of a call. */
  readonly proxy: Pick<PostgresProxy, 'takeWindow' | 'settle'>;
  /** Aborted when the server is gone or the time of the run is over. */
  readonly signal: AbortSignal;
  /** Time of the run, see `withoutVolatileParts`. */
  readonly now: Date;
  readonly sample: ProcessorSampler;
  readonly conversations: Conversations;
}

/** What is asked of the project's process: JSON for `assay_calls`. */
interface Message {
  readonly do: string;
  readonly target?: string;
  readonly object?: number;
  readonly args: readonly PythonInput[];
  readonly keywords: PythonKeywords;
  readonly keep: boolean;
}

/** Calls into the project of one run. They have a connection of their own, on which one goes after the other. */
export class ProjectCalls {
  private readonly server: UnixHttp;
  private readonly doubles = new Map<unknown, Double>();
  private turn: Promise<unknown> = Promise.resolve();
  private made = 0;
  private isUsed = false;
  private characters = 0;

  constructor(readonly options: ProjectCallOptions) {
    this.server = new UnixHttp(options.httpSocket);
  }

  /** @param guard throws when the check may not ask now */
  create(record: CheckRecord, guard: () => void): CheckPython {
    let count = 0;
    const perform = async (title: string, message: Message): Promise<{ reply: Reply; statementCount: number }> => {
      guard();
      count += 1;
      if (count > MAX_CALLS) throw new ExpectationFailed(`more than ${MAX_CALLS} calls were needed`);
      return this.inTurn(() => this.perform(title, message, record));
    };
    const outcome = async (title: string, message: Omit<Message, 'keep'>): Promise<CallOutcome> => {
      const { reply, statementCount } = await perform(title, { ...message, keep: false });
      return outcomeOf(title, reply, statementCount);
    };
    const keep = async (title: string, message: Omit<Message, 'keep'>): Promise<PythonObject> => {
      const { reply } = await perform(title, { ...message, keep: true });
      if (reply.kind === 'raised') throw new NothingToJudge(`${title} raised ${reply.error.type}: ${reply.error.message}`);
      if (reply.kind !== 'kept') throw new ExpectationFailed(`${title} returned nothing that can be kept`);
      return keptObject(title, reply, outcome, keep);
    };
    return {
      call: (target, args = [], keywords = {}) => outcome(target, { do: 'call', target, args, keywords }),
      keep: (target, args = [], keywords = {}) => keep(target, { do: 'call', target, args, keywords }),
      find: (target) => keep(target, { do: 'read', target, args: [], keywords: {} }),
      recorder: (behave = () => null, name = 'function') => this.double(name, { __call__: behave }),
      source: (items) => this.source(items),
      double: (name, methods) => this.double(name, methods),
      raises,
      exception,
      decimal: (text) => tagged('decimal', text),
      float: floatOf,
      datetime: (iso) => tagged('datetime', iso),
      date: (iso) => tagged('date', iso),
      timedelta: (seconds) => tagged('timedelta', seconds),
      uuid: (text) => tagged('uuid', text),
      bytes: (text) => tagged('bytes', Buffer.from(text, 'utf8').toString('base64')),
      tuple: (items) => tagged('tuple', items),
      set: (items) => setOf(items),
      dict: (pairs) => tagged('dict', pairs),
    };
  }

  /** Waits until the project's Sentry client, where it has one, has sent what it has to send. */
  async flushMonitoring(): Promise<void> {
    try {
      await this.inTurn(() => this.converse({ do: 'flush', args: [], keywords: {}, keep: false }, []));
    } catch (error) {
      // Only what arrives counts.
      if (!(error instanceof NoAnswer || error instanceof ExpectationFailed)) throw error;
    }
  }

  /** Lets go of what a check has kept in the project's process. Call it when the check is over. */
  async forget(): Promise<void> {
    this.characters = 0;
    if (!this.isUsed) return;
    this.isUsed = false;
    try {
      await this.inTurn(() => this.converse({ do: 'forget', args: [], keywords: {}, keep: false }, []));
    } catch (error) {
      // Whatever the project does when it lets go is no answer to anything.
      if (!(error instanceof NoAnswer || error instanceof ExpectationFailed)) throw error;
    }
    this.doubles.clear();
  }

  close(): void {
    this.server.close();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(() => this.options.conversations.during(work));
    this.turn = done.catch(() => undefined);
    return done;
  }

  private double(name: string, methods: Readonly<Record<string, (call: DoubleCall) => DoubleAnswer>>): Double {
    this.made += 1;
    const double = new Double(this.made, name, methods);
    this.doubles.set(double.id, double);
    return double;
  }

  private source(items: readonly PythonInput[]): Double {
    let next = 0;
    const take = (): DoubleAnswer => {
      next += 1;
      return next > items.length ? raises('StopIteration') : (items[next - 1] ?? null);
    };
    return this.double('source', { __iter__: () => null, __next__: take, close: () => null });
  }

  private async perform(title: string, message: Message, record: CheckRecord): Promise<{ reply: Reply; statementCount: number }> {
    const { proxy, now } = this.options;
    const told: string[] = [];
    const ask = shown(title, message);
    proxy.takeWindow();
    let reply: Reply | null = null;
    let problem = '';
    try {
      reply = await this.converse(message, told);
      await proxy.settle(SETTLE_MS);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      problem = error.message;
    }
    const statements = proxy.takeWindow();
    // What a call that was cut off got done depends on the moment of the cut.
    const texts = reply ? statements.texts.slice(0, MAX_TOLD).map((text) => `statement: ${normaliseStatement(text)}`) : [];
    const came = reply ? toldReply(reply) : `no answer: ${problem}`;
    const text = [ask, ...(reply ? told : []), came, `${reply ? statements.count : 0} statements`, ...texts].join('\n');
    record.addRecord('call', title, withoutVolatileParts(text, now));
    if (reply === null) throw new NothingToJudge(`${title} got no answer: ${problem}`);
    if (reply.kind === 'missing' || reply.kind === 'unfit') throw new ExpectationFailed(`${title}: ${reply.message}`);
    return { reply, statementCount: statements.count };
  }

  /** One call with all questions that it brings. @param told gets a line for each use of an object of ours, the first ones */
  private async converse(message: Message, told: string[]): Promise<Reply> {
    this.isUsed = true;
    const { args, keywords } = message;
    let reply = await this.send({ ...message, args: encodeInput(args), keywords: encodeInput(keywords) });
    try {
      for (let asked = 1; reply.kind === 'asks'; asked += 1) {
        if (asked > MAX_QUESTIONS) throw new ExpectationFailed(`more than ${MAX_QUESTIONS} uses of what the check handed in`);
        const answer = this.behave(reply.double, reply.call);
        if (told.length < MAX_TOLD) told.push(this.toldUse(reply.double, reply.call, answer));
        reply = await this.send({ do: 'answer', ...answerWords(answer) });
      }
      return reply;
    } finally {
      // The project waits for an answer that it will not get.
      if (reply.kind === 'asks') this.server.close();
    }
  }

  private behave(id: number, call: DoubleCall): DoubleAnswer {
    const double = this.doubles.get(id);
    const behave = double && Object.hasOwn(double.behaviours, call.method) ? double.behaviours[call.method] : undefined;
    if (!double || !behave) throw new NoAnswer('the project asked for something that was not handed in');
    double.calls.push(call);
    return behave(call) ?? null;
  }

  private toldUse(id: number, { method, args, keywords }: DoubleCall, answer: DoubleAnswer): string {
    const name = this.doubles.get(id)?.name ?? '';
    const use = `${method === '__call__' ? name : `${name}.${method}`}(${listed(args, keywords)})`;
    const raised = raisedBy(answer);
    return raised === null ? `used ${use}: ${display(answer)}` : `used ${use}: raises ${quote(raised)}`;
  }

  private async send(words: Readonly<Record<string, unknown>>): Promise<Reply> {
    const { requestSeconds, signal, sample } = this.options;
    const body = JSON.stringify(words);
    const answer = await this.server.request({
      method: METHOD,
      path: '/',
      headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) },
      body,
      timeoutMs: requestSeconds * 1000,
      signal,
      sample,
    });
    this.characters += answer.text.length;
    if (this.characters > MAX_CHARACTERS)
      throw new ExpectationFailed(`all answers to calls together are longer than ${MAX_CHARACTERS} characters`);
    return readReply(answer, (id) => this.doubles.get(id)?.name ?? null);
  }
}

type Performing<T> = (title: string, message: Omit<Message, 'keep'>) => Promise<T>;

function keptObject(
  title: string,
  { object, type }: { readonly object: number; readonly type: string },
  outcome: Performing<CallOutcome>,
  keep: Performing<PythonObject>,
): PythonObject & Kept {
  const step = (what: string, args: readonly PythonInput[] = [], keywords: PythonKeywords = {}): Promise<CallOutcome> =>
    outcome(`${title}: ${what}`, { do: what, object, args, keywords });
  return {
    objectId: object,
    type,
    next: () => step('next'),
    send: (value) => step('send', [value]),
    throw: (error) => step('throw', [error]),
    close: () => step('close'),
    enter: () => step('enter'),
    exit: (error) => step('exit', [error ?? null]),
    call: (args, keywords) => step('use', args, keywords),
    method: (name, args = [], keywords = {}) => step('method', [name, ...args], keywords),
    get: (attribute) => step('get', [attribute]),
    keep: (args = [], keywords = {}) => keep(`${title}: use`, { do: 'use', object, args, keywords }),
    keepMethod: (name, args = [], keywords = {}) =>
      keep(`${title}: method`, { do: 'method', object, args: [name, ...args], keywords }),
  };
}

function outcomeOf(title: string, reply: Reply, statementCount: number): CallOutcome {
  if (reply.kind !== 'raised' && reply.kind !== 'returned' && reply.kind !== 'yielded' && reply.kind !== 'ended')
    throw new ExpectationFailed(`${title} was not answered`);
  return {
    kind: reply.kind,
    value: () => {
      if (reply.kind !== 'raised') return reply.value;
      throw new NothingToJudge(`${title} raised ${reply.error.type}: ${reply.error.message}`);
    },
    error: () => {
      if (reply.kind === 'raised') return reply.error;
      throw new ExpectationFailed(`${title} raised nothing, it ${reply.kind} ${quote(reply.value)}`);
    },
    statementCount,
  };
}

function answerWords(answer: DoubleAnswer): Readonly<Record<string, unknown>> {
  const error = raisedBy(answer);
  if (error !== null) return { kind: 'raised', error: encodeInput(error) };
  return { kind: 'returned', value: encodeInput(answer) };
}

function shown(title: string, { args, keywords }: Message): string {
  return `${title}(${listed(args, keywords)})`;
}

function listed(args: readonly PythonInput[], keywords: PythonKeywords): string {
  const named = Object.entries(keywords).map(([name, value]) => `${name}=${display(value)}`);
  return [...args.map(display), ...named].join(', ');
}

function toldReply(reply: Reply): string {
  if (reply.kind === 'raised') {
    const { type, message, cause } = reply.error;
    return `raised ${type}: ${message}${cause === null ? '' : ` (from ${cause})`}`;
  }
  if (reply.kind === 'kept') return `returned ${reply.type}`;
  if (reply.kind === 'missing' || reply.kind === 'unfit') return reply.message;
  return 'value' in reply ? `${reply.kind} ${JSON.stringify(reply.value satisfies PythonValue)}` : reply.kind;
}
