import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { InfrastructureFault } from '../faults';
import type { MonitoringEvent } from './monitoring-api';
import { readEvents } from './monitoring-envelopes';

/** Bytes of one request as they are sent, and unpacked. */
const MAX_SENT_BYTES = 1024 * 1024;
const MAX_BYTES = 4 * 1024 * 1024;
/** Of one run: requests that are kept, and bytes of all of them. */
const MAX_KEPT = 200;
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
const MAX_CONNECTIONS = 16;
const REQUEST_MS = 10_000;

const UNPACK: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  identity: (body) => Promise.resolve(body),
  gzip: (body) => promisify(gunzip)(body, { maxOutputLength: MAX_BYTES }) as Promise<Buffer>,
  deflate: (body) => promisify(inflate)(body, { maxOutputLength: MAX_BYTES }) as Promise<Buffer>,
  br: (body) => promisify(brotliDecompress)(body, { maxOutputLength: MAX_BYTES }) as Promise<Buffer>,
};

/** One request that a project sent. */
export interface Received {
  readonly events: readonly MonitoringEvent[];
  /** Address, headers and body, unpacked. */
  readonly text: string;
}

/**
 * Takes what a project sends as Sentry would (https://develop.sentry.dev/sdk/). The other side is the submission: everything is bounded,
 * and what cannot be read is refused and counted.
 */
export class MonitoringServer {
  private readonly received: Received[] = [];
  private bytes = 0;
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
    try {
      const path = new URL(request.url ?? '/', 'http://monitoring').pathname;
      const unpack = UNPACK[request.headers['content-encoding'] ?? 'identity'];
      const sent = await bodyOf(request);
      if (request.method !== 'POST' || !/^\/api\/\d+\/(envelope|store)\/$/.test(path)) {
        response.writeHead(404).end();
        return;
      }
      if (unpack === undefined) return this.refuse(response, 415);
      if (sent === null || this.received.length >= MAX_KEPT) return this.refuse(response, 413);
      const body = await unpack(sent);
      this.bytes += body.length;
      if (this.bytes > MAX_KEPT_BYTES) return this.refuse(response, 413);
      const events = readEvents(path, body);
      const headers = request.rawHeaders.join('\n');
      this.received.push({ events, text: `${request.url}\n${headers}\n${body.toString('utf8')}` });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    } catch {
      this.refuse(response, 400);
    }
    for (const stop of this.listeners) stop();
    this.listeners.clear();
  }

  private refuse(response: ServerResponse, status: number): void {
    this.refusedRequests += 1;
    if (!response.headersSent) response.writeHead(status, { connection: 'close' }).end();
  }
}

/** Null when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_SENT_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
