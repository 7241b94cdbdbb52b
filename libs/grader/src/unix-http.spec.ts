import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CONNECTION_CLOSED, type RawRequest, requestOnce } from './unix-http';

describe('one request to an untrusted server', () => {
  let folder: string;
  let server: Server | null = null;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    await rm(folder, { recursive: true, force: true });
  });

  /** Answers any request with these bytes, as they are. */
  async function serve(answer: (socket: Socket) => void): Promise<void> {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).once('data', () => answer(socket));
    });
    await new Promise<void>((resolve) => server?.listen(path.join(folder, 's'), resolve));
  }

  function ask(options: Partial<RawRequest> = {}) {
    return requestOnce({
      socketPath: path.join(folder, 's'),
      method: 'GET',
      path: '/',
      headers: {},
      body: null,
      timeoutMs: 2_000,
      signal: new AbortController().signal,
      sample: () => Promise.resolve(null),
      ...options,
    });
  }

  const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';

  it('reads an ordinary answer, header names in lower case', async () => {
    await serve((socket) => socket.end(`${HEAD}X-Two: a\r\nX-Two: b\r\nContent-Length: 2\r\n\r\nhi`));
    const { status, headers, text } = await ask();
    expect({ status, text, two: headers['x-two'] }).toEqual({ status: 200, text: 'hi', two: 'a, b' });
  });

  it('follows no redirect', async () => {
    await serve((socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n'));
    expect((await ask()).status).toBe(302);
  });

  it.each([
    ['promises more than it sends', `${HEAD}Content-Length: 100\r\n\r\nshort`, CONNECTION_CLOSED],
    ['says nothing', '', CONNECTION_CLOSED],
    ['speaks no HTTP', 'hello there\r\n\r\n', /not HTTP/],
    ['sends two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!`, /not HTTP/],
    ['has endless headers', `${HEAD}X: ${'x'.repeat(100_000)}\r\n\r\n`, /not HTTP/],
    ['has an endless body', `${HEAD}\r\n${'x'.repeat(2_000_000)}`, /longer than/],
    ['switches protocols', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', /switch protocols/],
  ])('refuses a server that %s', async (_what, bytes, message) => {
    await serve((socket) => socket.end(bytes));
    await expect(ask()).rejects.toThrow(message);
  });

  it('has one deadline for the whole answer, however slowly it drips', async () => {
    await serve((socket) => {
      socket.write(`${HEAD}\r\n`);
      const drip = setInterval(() => socket.write('x'), 50);
      socket.on('close', () => clearInterval(drip));
    });
    await expect(ask({ timeoutMs: 400 })).rejects.toThrow('no complete answer within 0.4 seconds');
  });

  it('ends when it is told to', async () => {
    await serve(() => undefined);
    const end = new AbortController();
    setTimeout(() => end.abort('the time is over'), 100);
    await expect(ask({ signal: end.signal })).rejects.toThrow('the time is over');
    await expect(ask({ signal: end.signal })).rejects.toThrow('the time is over');
  });

  it('says the same whether the server is gone or hangs up', async () => {
    await expect(ask()).rejects.toThrow(CONNECTION_CLOSED);
    await serve((socket) => socket.destroy());
    await expect(ask()).rejects.toThrow(CONNECTION_CLOSED);
  });
});
