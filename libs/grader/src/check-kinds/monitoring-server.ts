import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { InfrastructureFault } from '../faults';
import type { MonitoringEvent } from './monitoring-api';
import { readEvents } from './monitoring-envelopes';
import { readableForms } from './monitoring-leaks';

/** Bytes of one request, as they are sent and unpacked. */
const MAX_BYTES = 1024 * 1024;
/** During one check: requests that are kept (each request to the project may bring one), and bytes of all of them. */
const MAX_KEPT = 1_000;
const MAX_KEPT_BYTES = 4 * 1024 * 1024;
/** Bytes of the events among them, which take twenty times as much as objects. */
const MAX_EVENT_BYTES = 2 * 1024 * 1024;
const MAX_CONNECTIONS = 16;
const REQUEST_MS = 10_000;
const PATH = /^\/api\/\d+\/(envelope|store)\/$/;

type Unpack = (body: Buffer) => Promise<Buffer>;
const limited = { maxOutputLength: MAX_BYTES };
const UNPACK: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['identity', (body) => Promise.resolve(body)],
  ['gzip', (body) => promisify<Buffer, object, Buffer>(gunzip)(body, limited)],
  ['deflate', (body) => promisify<Buffer, object, Buffer>(inflate)(body, limited)],
  ['br', (body) => promisify<Buffer, object, Buffer>(brotliDecompress)(body, limited)],
]);

/** One request that a project sent. */
export interface Received {
  readonly events: readonly MonitoringEvent[];
  /** Address, headers and body in every form in which something may be found, see `readableForms`. */
  readonly readable: string;
}

/**
 * Takes what a project sends as Sentry would (https://develop.sentry.dev/sdk/). The other side is the submission: everything is bounded,
 * and what cannot be read is refused and counted.
 */
export class MonitoringServer {
  private readonly received: Received[] = [];
  private bytes = 0;
  private eventBytes = 0;
  private refusedRequests = 0;
  private readonly listeners = new Set<() => void>();

  private constructor(private readonly server: Server) {}

  /** Must listen before any code of the submission runs. Throws {@link InfrastructureFault}. */
  static async listen(socketPath: string): Promise<MonitoringServer> {
    const server = createServer((request, response) => void monitoring.take(request, response));
    const monitoring = new MonitoringServer(server);
    server.maxConnections = MAX_CONNECTIONS;
    server.requestTimeout = REQUEST_MS;
    server.headersTimeout = REQUEST_MS;
    // A client that keeps its connection for the next event must not find it closed.
    server.keepAliveTimeout = 0;
    server.on('clientError', (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(new InfrastructureFault('judge-failed', error.message)));
      // The sandbox has another user; the folder's own permissions keep everyone else out.
      server.listen({ path: socketPath, readableAll: true, writableAll: true }, resolve);
    });
    server.on('error', () => undefined);
    return monitoring;
  }

  /** How many requests came so far, to ask later for those that came since. */
  get count(): number {
    return this.received.length;
  }

  /** How many could not be read or kept. */
  get refused(): number {
    return this.refusedRequests;
  }

  /** Forgets all of it: another check begins. */
  clear(): void {
    this.received.length = 0;
    this.bytes = 0;
    this.eventBytes = 0;
    this.refusedRequests = 0;
  }

  since(count: number): readonly Received[] {
    return this.received.slice(count);
  }

  /** Resolves when the next request was taken in. @returns also what ends the waiting */
  next(): { readonly arrived: Promise<void>; readonly giveUp: () => void } {
    let stop = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      stop = resolve;
    });
    this.listeners.add(stop);
    return { arrived, giveUp: () => this.listeners.delete(stop) && stop() };
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const sent = await bodyOf(request).catch(() => 'broken off' as const);
    if (sent === 'broken off') return;
    if (request.method !== 'POST' || !PATH.test(path)) {
      response.writeHead(404).end();
      return;
    }
    try {
      await this.keep(request, path, sent);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    } catch {
      this.refusedRequests += 1;
      response.writeHead(400, { connection: 'close' }).end();
    }
    for (const stop of this.listeners) stop();
    this.listeners.clear();
  }

  /** Throws on what cannot be read or kept. */
  private async keep(request: IncomingMessage, path: string, sent: Buffer | null): Promise<void> {
    const unpack = UNPACK.get(request.headers['content-encoding'] ?? 'identity');
    if (sent === null || unpack === undefined) throw new Error('too long, or packed in another way');
    const body = await unpack(sent);
    this.bytes += body.length;
    if (this.bytes > MAX_KEPT_BYTES || this.received.length >= MAX_KEPT) throw new Error('too much');
    const events = readEvents(path, body, (bytes) => {
      this.eventBytes += bytes;
      if (this.eventBytes > MAX_EVENT_BYTES) throw new Error('too many events');
    });
    const text = [request.url, ...request.rawHeaders, body.toString('utf8')].join('\n');
    this.received.push({ events, readable: readableForms(text) });
  }
}

/** Null when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
