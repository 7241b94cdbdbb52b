import type { CapturedStatement } from './bound-parameters';
import { CAPTURED_BYTES, CapturedDetails } from './captured-details';
import { FrameReader, KEPT_BYTES, MalformedFrame, readText } from './postgres-frames';
import { RememberedTexts } from './remembered-texts';

/** Type bytes of the messages that matter. Source: PostgreSQL manual, "Frontend/Backend Protocol", message formats. */
const FRONTEND = {
  query: 0x51,
  parse: 0x50,
  bind: 0x42,
  describe: 0x44,
  execute: 0x45,
  close: 0x43,
  sync: 0x53,
  functionCall: 0x46,
} as const;
const BACKEND = {
  parseComplete: 0x31,
  bindComplete: 0x32,
  closeComplete: 0x33,
  rowDescription: 0x54,
  noData: 0x6e,
  commandComplete: 0x43,
  emptyQuery: 0x49,
  portalSuspended: 0x73,
  functionResult: 0x56,
  notice: 0x4e,
  notification: 0x41,
  error: 0x45,
  ready: 0x5a,
} as const;

/** Transaction control and session set-up: command tags, as the server reports them, that are not counted. */
const UNCOUNTED =
  /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|SHOW|DISCARD|PREPARE|DEALLOCATE|LISTEN|UNLISTEN|CLOSE CURSOR)\b/;
/** What Django sends first on each new connection; compared as a whole, so that nothing can hide behind it. */
const DJANGO_CONNECTION_SETUP = /^SELECT set_config\('TimeZone', ('[A-Za-z0-9_/+-]{1,40}'|\$1), false\)$/;
/** Messages of one client that the server has not answered yet. Whoever sends more without waiting wants to fill the judge's memory. */
const MAX_PENDING = 20_000;
/** Characters of texts that are kept for the messages not answered yet; those of further ones are not known. */
const MAX_PENDING_CHARACTERS = 1024 * 1024;

type Kind = 'query' | 'call' | 'parse' | 'bind' | 'describe' | 'execute' | 'close' | 'sync';

interface Pending {
  readonly kind: Kind;
  /** SQL of `query` and `parse`. */
  readonly text: string;
  /** Statement of `parse`, portal of `bind` and `execute`. */
  readonly name: string;
  /** Statement of `bind`. */
  readonly statement: string;
  told: boolean;
}

/** What somebody wants to know of one connection besides, for a while. */
export interface TrackerListener {
  /** The client asked for this, and the server may not have it yet. */
  readonly asked?: (text: string) => void;
  /** The server refused a statement, or it changed no row. */
  readonly hadSetback?: () => void;
  /** A statement that counts ended. */
  readonly completed?: (statement: CapturedStatement) => void;
}

const CHANGED_NOTHING = /^(UPDATE|DELETE|MERGE|INSERT 0) 0$/;

/**
 * Follows one connection and tells of everything by which the server gave the client something to work with: statements that ended,
 * with success or with an error, portals read in part, portals that were planned and not run, and notices. All this comes from the
 * server's messages alone; what the client sends only says which text it belongs to.
 */
export class StatementTracker {
  readonly fromClient = new FrameReader((type, prefix, isWhole) => this.clientMessage(type, prefix, isWhole));
  readonly fromServer = new FrameReader((type, prefix) => this.serverMessage(type, prefix));
  private readonly statements = new RememberedTexts();
  private readonly portals = new RememberedTexts();
  private readonly pending: Pending[] = [];
  private pendingCharacters = 0;
  /** After an error in the extended protocol the server passes over everything up to the next Sync. */
  private skipping = false;
  private isReady = false;
  /** Texts that the client sent since it connected. */
  private textsSent = 0;
  private boundAndNotRun = 0;
  private listener: TrackerListener | null = null;
  private details: CapturedDetails | null = null;

  /** @param completed called once for each thing that counts; the text is empty when it is not known. */
  constructor(private readonly completed: (text: string) => void) {}

  /** Whether the server still owes answers. */
  get busy(): boolean {
    return this.pending.length > 0;
  }

  /** From now on, or no longer (null). */
  listen(listener: TrackerListener | null): void {
    this.listener = listener;
    this.details = listener?.completed ? new CapturedDetails() : null;
    this.fromClient.keptBytes = this.details ? CAPTURED_BYTES : KEPT_BYTES;
  }

  private clientMessage(type: number, prefix: Buffer, isWhole: boolean): void {
    if (this.listener !== null) this.noteAsked(type, prefix, isWhole);
    if (type === FRONTEND.query) {
      this.await('query', { text: readText(prefix, 0).text });
    } else if (type === FRONTEND.parse) {
      const name = readText(prefix, 0);
      this.await('parse', { name: name.text, text: readText(prefix, name.next).text });
    } else if (type === FRONTEND.bind) {
      const portal = readText(prefix, 0);
      this.await('bind', { name: portal.text, statement: readText(prefix, portal.next).text });
    } else if (type === FRONTEND.execute) {
      this.await('execute', { name: readText(prefix, 0).text });
    } else if (type === FRONTEND.describe) {
      this.await('describe', {});
    } else if (type === FRONTEND.close) {
      this.await('close', {});
    } else if (type === FRONTEND.functionCall) {
      this.await('call', { text: 'function call' });
    } else if (type === FRONTEND.sync) {
      this.skipping = false;
      this.await('sync', {});
    }
  }

  private noteAsked(type: number, prefix: Buffer, isWhole: boolean): void {
    const first = readText(prefix, 0);
    if (type === FRONTEND.query) {
      this.listener?.asked?.(first.text);
    } else if (type === FRONTEND.parse) {
      const text = readText(prefix, first.next);
      this.details?.parsed(first.text, prefix, text.next, isWhole);
      this.listener?.asked?.(text.text);
    } else if (type === FRONTEND.bind) {
      const statement = readText(prefix, first.next);
      this.details?.bound(first.text, statement.text, prefix, statement.next, isWhole);
      this.listener?.asked?.(this.statements.get(statement.text));
    } else if (type === FRONTEND.functionCall) {
      this.listener?.asked?.('CALL');
    }
  }

  private await(kind: Kind, words: { text?: string; name?: string; statement?: string }): void {
    const { text = '', name = '', statement = '' } = words;
    if (kind === 'query' || kind === 'parse' || kind === 'call') this.textsSent += 1;
    if (this.skipping) return;
    if (this.pending.length >= MAX_PENDING) throw new MalformedFrame('too many messages without an answer');
    const characters = text.length + name.length + statement.length;
    const isKept = this.pendingCharacters + characters <= MAX_PENDING_CHARACTERS;
    const entry = isKept
      ? { kind, text, name, statement, told: false }
      : { kind, text: '', name: '', statement: '', told: false };
    this.pendingCharacters += isKept ? characters : 0;
    this.pending.push(entry);
  }

  private serverMessage(type: number, prefix: Buffer): void {
    const head = this.pending[0];
    if (type === BACKEND.commandComplete) {
      this.noteCompletion(head, readText(prefix, 0).text);
      this.noteRun(head);
    } else if (type === BACKEND.portalSuspended) {
      this.tell(head);
      this.noteRun(head);
    } else if (type === BACKEND.emptyQuery) {
      this.noteRun(head);
    } else if (type === BACKEND.functionResult) {
      this.tell(head);
    } else if (type === BACKEND.notice || type === BACKEND.notification) {
      this.completed('');
    } else if (type === BACKEND.error) {
      this.listener?.hadSetback?.();
      this.tell(head);
      this.skipToSync(head);
    } else if (type === BACKEND.ready) {
      this.noteReady();
    } else if (type === BACKEND.parseComplete && head?.kind === 'parse') {
      this.statements.set(head.name, head.text);
      this.shift();
    } else if (type === BACKEND.bindComplete) {
      this.boundAndNotRun += 1;
      if (head?.kind === 'bind') {
        this.portals.set(head.name, this.statements.get(head.statement));
        this.shift();
      }
    } else if (head?.kind === 'describe' && (type === BACKEND.rowDescription || type === BACKEND.noData)) {
      this.shift();
    } else if (head?.kind === 'close' && type === BACKEND.closeComplete) {
      this.shift();
    }
  }

  private noteCompletion(head: Pending | undefined, tag: string): void {
    if (this.listener?.hadSetback && CHANGED_NOTHING.test(tag)) this.listener.hadSetback();
    if (UNCOUNTED.test(tag)) return;
    // The only text that was ever sent is what just ended, whatever else the client may have mixed up.
    if (this.textsSent === 1 && DJANGO_CONNECTION_SETUP.test(this.textOf(head))) return;
    this.tell(head);
  }

  private noteRun(head: Pending | undefined): void {
    if (head?.kind !== 'execute') return;
    this.boundAndNotRun = Math.max(0, this.boundAndNotRun - 1);
    this.shift();
  }

  /** One Ready answers one query, call or Sync; the one after the log-in answers none. */
  private noteReady(): void {
    // To plan a statement is work as well: it runs functions that are declared immutable.
    for (; this.boundAndNotRun > 0; this.boundAndNotRun -= 1) this.completed('');
    if (!this.isReady) {
      this.isReady = true;
      return;
    }
    for (let head = this.shift(); head && !ANSWERED_BY_READY.has(head.kind); ) head = this.shift();
  }

  private skipToSync(head: Pending | undefined): void {
    this.boundAndNotRun = 0;
    if (head === undefined ? !this.isReady : head.kind === 'query' || head.kind === 'call') return;
    while (this.pending.length > 0 && this.pending[0]?.kind !== 'sync') this.shift();
    this.skipping = this.pending.length === 0;
  }

  private shift(): Pending | undefined {
    const head = this.pending.shift();
    if (head) this.pendingCharacters -= head.text.length + head.name.length + head.statement.length;
    return head;
  }

  private tell(head: Pending | undefined): void {
    const text = head?.told ? '' : this.textOf(head);
    this.completed(text);
    if (this.details) {
      this.listener?.completed?.(this.details.of(text, head?.kind === 'execute' ? head.name : null));
    }
    if (head) head.told = true;
  }

  private textOf(head: Pending | undefined): string {
    return head?.kind === 'execute' ? this.portals.get(head.name) : (head?.text ?? '');
  }
}

const ANSWERED_BY_READY: ReadonlySet<Kind> = new Set(['query', 'call', 'sync']);
