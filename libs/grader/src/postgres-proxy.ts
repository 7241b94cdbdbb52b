import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CapturedStatement } from './bound-parameters';
import { type ConnectionCount, ConnectionCounter } from './connection-counter';
import { MalformedFrame } from './postgres-frames';
import { StartupReader, tooManyConnections } from './postgres-startup';
import { forward, ProxiedConnection } from './proxied-connection';
import { lackOfDescriptors } from './spare-descriptors';
import type { StatementGate } from './statement-gate';
import { StatementTracker, type TrackerListener } from './statement-tracker';

/** The database role has a lower limit; this one bounds the judge's own descriptors and memory. */
const MAX_CONNECTIONS = 24;
/** Connections of one grade altogether, and in any second; beyond that, whoever connects is sent away. */
const MAX_CONNECTIONS_EVER = 20_000;
const MAX_CONNECTIONS_PER_SECOND = 500;
/** Time that a client has to say who it is, in milliseconds. */
const STARTUP_MS = 10_000;
/** Texts kept of one window; all statements are counted. */
const MAX_TEXTS = 25;
/** Statements captured at a time. */
const MAX_CAPTURED = 60;
/** Characters of their texts and bytes of their parameters, all together. */
const MAX_CAPTURED_SIZE = 4 * 1024 * 1024;

/** What the database completed between two moments. */
export interface StatementWindow {
  readonly count: number;
  /** The first statements as they were sent. */
  readonly texts: readonly string[];
}

export interface PostgresProxyOptions {
  /** Path of the Unix socket to listen on; PostgreSQL clients expect `<folder>/.s.PGSQL.5432`. */
  readonly listenPath: string;
  /** Path of the server's Unix socket. */
  readonly serverPath: string;
  /** The only user and the only database that a client may name. */
  readonly user: string;
  readonly database: string;
}

/**
 * Stands between one submission and its database, the only way there is. Passes every byte on unchanged, pins user and database,
 * refuses cancel requests and replication, and counts what the server completes.
 */
export class PostgresProxy {
  private count = 0;
  private texts: string[] = [];
  private readonly open = new Set<ProxiedConnection>();
  private readonly counter = new ConnectionCounter();
  private gate: StatementGate | null = null;
  private captured: Captured | null = null;
  /** Grows with everything that passes. */
  traffic = 0;
  private problem: Error | null = null;
  private readonly sockets = new Set<Socket>();
  private connections = 0;
  /** The second that is being counted, and the connections in it. */
  private second = { begin: 0, connections: 0 };

  private constructor(
    private readonly server: Server,
    private readonly options: PostgresProxyOptions,
  ) {}

  static async listen(options: PostgresProxyOptions): Promise<PostgresProxy> {
    const server = createServer();
    const proxy = new PostgresProxy(server, options);
    server.maxConnections = MAX_CONNECTIONS;
    server.on('connection', (client) => proxy.accept(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // The candidate's process runs under another user id; the folder's own permissions keep everyone else out.
      server.listen({ path: options.listenPath, readableAll: true, writableAll: true }, resolve);
    });
    server.on('error', (error) => {
      proxy.problem ??= error;
    });
    return proxy;
  }

  /** What went wrong on the judge's side (the server is gone, the proxy itself failed or can take no connection), else null. */
  get fault(): Error | null {
    return this.problem ?? lackOfDescriptors();
  }

  /** Ends the current window and begins the next. */
  takeWindow(): StatementWindow {
    const window = { count: this.count, texts: this.texts };
    this.count = 0;
    this.texts = [];
    return window;
  }

  /** Waits until the server owes no answer on any connection, at most `withinMs`. */
  async settle(withinMs: number): Promise<void> {
    for (let waited = 0; waited < withinMs && [...this.open].some(({ tracker }) => tracker.busy); waited += 2) await sleep(2);
  }

  /** Lets a gate decide from now on which statements wait; null lets all go on. */
  setGate(gate: StatementGate | null): void {
    this.gate = gate;
    for (const connection of this.open) {
      this.listen(connection);
      if (gate === null) connection.release();
    }
  }

  /**
   * Keeps the statements that complete while `work` runs, with their parameters.
   *
   * @param most kept; the text of further ones is not known
   */
  async capture<T>(work: () => Promise<T>, most = MAX_CAPTURED): Promise<{ value: T; statements: readonly CapturedStatement[] }> {
    const statements: CapturedStatement[] = [];
    this.captured = { statements, most, size: 0 };
    for (const connection of this.open) this.listen(connection);
    try {
      const value = await work();
      return { value, statements };
    } finally {
      this.captured = null;
      for (const connection of this.open) this.listen(connection);
    }
  }

  /**
   * Counts connections from now on until the result is asked for.
   *
   * @param limit how many may be open at once; whoever wants a further one is told so as the server would, null: no such limit
   */
  countConnections(limit: number | null = null): () => ConnectionCount {
    return this.counter.begin(limit);
  }

  private listen(connection: ProxiedConnection): void {
    const { captured } = this;
    const listener: TrackerListener | null = captured && { completed: (statement) => keep(captured, statement) };
    connection.listen(this.gate, listener);
  }

  /** Cuts every connection and removes the socket. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(client: Socket): void {
    if (this.isTooMany()) {
      client.on('error', () => undefined).destroy();
      return;
    }
    const startup = new StartupReader(this.options.user, this.options.database);
    const tracker = new StatementTracker((text) => this.completed(text));
    const connection = new ProxiedConnection(this.connections, client, tracker);
    this.sockets.add(client);
    const end = (): void => {
      client.destroy();
      connection.upstream?.destroy();
      clearTimeout(late);
      this.forget(connection);
      this.sockets.delete(client);
    };
    const late = setTimeout(end, STARTUP_MS);
    client.on('error', end).on('close', end);
    client.on('data', (chunk) =>
      this.guarded(end, () => {
        this.traffic += 1;
        if (connection.upstream) {
          connection.pass(chunk, this.gate);
          return;
        }
        const step = startup.push(chunk);
        if (step.kind === 'decline') client.write('N');
        if (step.kind !== 'accept') return;
        clearTimeout(late);
        if (!this.counter.opens(connection)) {
          client.end(tooManyConnections(this.options.user));
          return;
        }
        connection.upstream = this.connectServer(connection, end);
        connection.upstream.write(step.packet);
        if (step.rest.length > 0) connection.pass(step.rest, this.gate);
      }),
    );
  }

  private forget(connection: ProxiedConnection): void {
    this.counter.closes(connection);
    if (this.open.delete(connection)) this.gate?.gone(connection);
  }

  private isTooMany(): boolean {
    const now = performance.now();
    if (now - this.second.begin >= 1_000) this.second = { begin: now, connections: 0 };
    this.second.connections += 1;
    this.connections += 1;
    return this.connections > MAX_CONNECTIONS_EVER || this.second.connections > MAX_CONNECTIONS_PER_SECOND;
  }

  private connectServer(connection: ProxiedConnection, end: () => void): Socket {
    const upstream = createConnection(this.options.serverPath);
    const { client, tracker } = connection;
    this.open.add(connection);
    this.listen(connection);
    this.sockets.add(upstream);
    upstream.on('error', (error) => {
      if (upstream.connecting || upstream.bytesRead === 0) this.problem ??= error;
      end();
    });
    upstream.on('close', () => {
      this.sockets.delete(upstream);
      client.end();
      this.forget(connection);
    });
    upstream.on('data', (chunk) =>
      this.guarded(end, () => {
        this.traffic += 1;
        tracker.fromServer.push(chunk);
        forward(chunk, upstream, client);
      }),
    );
    return upstream;
  }

  /** The candidate's bytes must never end the judge: whatever goes wrong ends this connection only. */
  private guarded(end: () => void, action: () => void): void {
    try {
      action();
    } catch (error) {
      end();
      if (!(error instanceof MalformedFrame)) this.problem ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  private completed(text: string): void {
    this.count += 1;
    if (text !== '' && this.texts.length < MAX_TEXTS) this.texts.push(text);
  }
}

interface Captured {
  readonly statements: CapturedStatement[];
  readonly most: number;
  /** Characters and bytes kept so far. */
  size: number;
}

/** One that is too many, or too much, still says that there was one. */
function keep(captured: Captured, statement: CapturedStatement): void {
  const { statements, most } = captured;
  if (statements.length > most) return;
  const size = sizeOf(statement);
  const fits = statements.length < most && captured.size + size <= MAX_CAPTURED_SIZE;
  captured.size += fits ? size : 0;
  statements.push(fits ? statement : { text: '', bound: null, isWhole: false });
}

function sizeOf({ text, bound }: CapturedStatement): number {
  return (bound?.values ?? []).reduce((sum, value) => sum + (value?.length ?? 0), text.length);
}
