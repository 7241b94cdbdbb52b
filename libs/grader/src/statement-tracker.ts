import { FrameReader, readText } from './postgres-frames';

/** Type bytes of the messages that matter. Source: PostgreSQL manual, "Frontend/Backend Protocol", message formats. */
const FRONTEND = { query: 0x51, parse: 0x50, bind: 0x42, execute: 0x45, sync: 0x53, functionCall: 0x46 } as const;
const BACKEND = {
  commandComplete: 0x43,
  emptyQuery: 0x49,
  portalSuspended: 0x73,
  functionResult: 0x56,
  error: 0x45,
  ready: 0x5a,
} as const;

/** Transaction control and session set-up: command tags, as the server reports them, that are not counted. */
const UNCOUNTED =
  /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|SHOW|DISCARD|PREPARE|DEALLOCATE|LISTEN|UNLISTEN|CLOSE CURSOR)\b/;
/** What Django sends once on each new connection; compared as a whole, so that nothing can hide behind it. */
const DJANGO_CONNECTION_SETUP = /^SELECT set_config\('TimeZone', ('[A-Za-z0-9_/+-]{1,40}'|\$1), false\)$/;
/** Names of statements and portals that are remembered on one connection; further ones are counted without their text. */
const MAX_NAMES = 10_000;

type Pending =
  | { readonly kind: 'query' | 'execute' | 'call'; readonly text: string; told: boolean }
  | { readonly kind: 'sync'; readonly text: ''; told: true };

/**
 * Follows one connection and tells of every statement that the server reports complete, with the text it was sent as. What is counted
 * comes from the server's messages alone, so multi-statement strings, prepared statements and pipelines all count, and nothing that
 * the client sends can hide one.
 */
export class StatementTracker {
  readonly fromClient = new FrameReader((type, prefix) => this.clientMessage(type, prefix));
  readonly fromServer = new FrameReader((type, prefix) => this.serverMessage(type, prefix));
  private readonly statements = new Map<string, string>();
  private readonly portals = new Map<string, string>();
  private readonly pending: Pending[] = [];

  /** @param completed called once a completed statement; the text is empty when it is not known. */
  constructor(private readonly completed: (text: string) => void) {}

  /** Whether the server still owes answers. */
  get busy(): boolean {
    return this.pending.length > 0;
  }

  private clientMessage(type: number, prefix: Buffer): void {
    if (type === FRONTEND.query) {
      this.pending.push({ kind: 'query', text: readText(prefix, 0).text, told: false });
    } else if (type === FRONTEND.parse) {
      const name = readText(prefix, 0);
      remember(this.statements, name.text, readText(prefix, name.next).text);
    } else if (type === FRONTEND.bind) {
      const portal = readText(prefix, 0);
      remember(this.portals, portal.text, this.statements.get(readText(prefix, portal.next).text) ?? '');
    } else if (type === FRONTEND.execute) {
      this.pending.push({ kind: 'execute', text: this.portals.get(readText(prefix, 0).text) ?? '', told: false });
    } else if (type === FRONTEND.functionCall) {
      this.pending.push({ kind: 'call', text: 'function call', told: false });
    } else if (type === FRONTEND.sync) {
      this.pending.push({ kind: 'sync', text: '', told: true });
    }
  }

  private serverMessage(type: number, prefix: Buffer): void {
    const head = this.pending[0];
    if (type === BACKEND.commandComplete) {
      this.tell(head, readText(prefix, 0).text);
      if (head?.kind === 'execute') this.pending.shift();
    } else if (type === BACKEND.functionResult) {
      this.tell(head, 'CALL');
    } else if (type === BACKEND.emptyQuery || type === BACKEND.portalSuspended) {
      if (head?.kind === 'execute') this.pending.shift();
    } else if (type === BACKEND.error) {
      // After an error in the extended protocol the server skips everything up to the next Sync.
      while (this.pending[0]?.kind === 'execute') this.pending.shift();
    } else if (type === BACKEND.ready) {
      while (this.pending[0]?.kind === 'execute') this.pending.shift();
      this.pending.shift();
    }
  }

  private tell(head: Pending | undefined, tag: string): void {
    if (UNCOUNTED.test(tag)) return;
    const text = head?.text ?? '';
    if (DJANGO_CONNECTION_SETUP.test(text)) return;
    this.completed(head?.told ? '' : text);
    if (head) head.told = true;
  }
}

function remember(names: Map<string, string>, name: string, text: string): void {
  if (names.has(name) || names.size < MAX_NAMES) names.set(name, text);
}
