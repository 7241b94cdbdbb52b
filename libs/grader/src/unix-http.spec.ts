import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CONNECTION_CLOSED, type RawRequest, UnixHttp } from './unix-http';

/** Servers that send bytes as they are. */
describe('requests to an untrusted server', () => {
  let folder: string;
  let server: Server | null = null;
  let http: UnixHttp;
  let connections: number;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    http = new UnixHttp(path.join(folder, 's'));
    connections = 0;
  });
  afterEach(async () => {
    http.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    server = null;
    await rm(folder, { recursive: true, force: true });
  });

  /** @param answer called for each piece of a request, which in these specs is a whole one */
  async function serve(answer: (socket: Socket, request: string) => void): Promise<void> {
    server = createServer((socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('error', () => undefined).on('data', (bytes) => answer(socket, bytes.toString()));
    });
    await new Promise<void>((resolve) => server?.listen(path.join(folder, 's'), resolve));
  }

  function ask(options: Partial<RawRequest> = {}) {
    return http.request({
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

  /** Sends the bytes in pieces of this size. */
  async function sendInPieces(socket: Socket, bytes: string, size: number): Promise<void> {
    for (let offset = 0; offset < bytes.length; offset += size) {
      socket.write(bytes.slice(offset, offset + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';
  const HI = `${HEAD}Content-Length: 2\r\n\r\nhi`;
  const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

  it('name one host, the one that a check may ask for', async () => {
    const hosts: (string[] | null)[] = [];
    await serve((socket, request) => {
      hosts.push(request.match(/^host: .*$/gim));
      socket.write(HI);
    });
    await ask();
    await ask({ headers: { host: 'evil.example' } });
    expect(hosts).toEqual([['host: localhost'], ['host: evil.example']]);
  });

  describe('what is an answer', () => {
    it.each([
      ['with a length', HI, 'hi'],
      ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
      ['in chunks, with trailers', `${CHUNKED}1\r\nh\r\n01;x=y\r\ni\r\n0\r\nX-Check: 1\r\n\r\n`, 'hi'],
      ['after an interim one', `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${HI}`, 'hi'],
      ['that ends with its connection', `${HEAD}\r\nhi`, 'hi'],
      ['without a reason', `HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n`, ''],
      ['of HTTP/1.0', `HTTP/1.0 200 OK\r\n\r\nhi`, 'hi'],
    ])('%s, in pieces of any size', async (_what, bytes, text) => {
      for (const size of [1, 7, 1_000]) {
        if (server) await new Promise((resolve) => server?.close(resolve));
        await serve((socket) => void sendInPieces(socket, bytes, size).then(() => socket.end()));
        expect((await ask()).text).toBe(text);
      }
    });

    it('has header names in lower case, and joins what came more than once', async () => {
      await serve((socket) => socket.write(`${HEAD}X-Two: a\r\nx-two:b \r\nContent-Length: 2\r\n\r\nhi`));
      const { status, headers } = await ask();
      expect({ status, two: headers['x-two'], type: headers['content-type'] }).toEqual({
        status: 200,
        two: 'a, b',
        type: 'text/plain',
      });
    });

    it('may be a redirect, which is not followed', async () => {
      await serve((socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n'));
      expect((await ask()).status).toBe(302);
    });

    it('has no headers that were inherited', async () => {
      await serve((socket) => socket.end(`${HEAD}__proto__: x\r\nconstructor: y\r\nContent-Length: 0\r\n\r\n`));
      const { headers } = await ask();
      expect(Object.keys(headers)).toContain('constructor');
      expect(headers.constructor).toBe('y');
    });
  });

  it.each([
    ['promises more than it sends', `${HEAD}Content-Length: 100\r\n\r\nshort`, CONNECTION_CLOSED],
    ['breaks off in a chunk', `${CHUNKED}5\r\nhi`, CONNECTION_CLOSED],
    ['breaks off in its headers', HEAD, CONNECTION_CLOSED],
    ['says nothing', '', CONNECTION_CLOSED],
    ['speaks no HTTP', 'hello there\r\n\r\n', /not HTTP/],
    ['speaks the beginning of TLS', '\x16\x03\x01\x02', /not HTTP/],
    ['has a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', /not HTTP.*status line/],
    ['sends two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!`, /not HTTP.*body length/],
    [
      'sends a length and chunks',
      `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      /not HTTP.*body length/,
    ],
    ['sends a negative length', `${HEAD}Content-Length: -1\r\n\r\nhi`, /not HTTP.*body length/],
    ['compresses', `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, /not HTTP.*body length/],
    ['folds a header', `${HEAD}X: a\r\n b\r\nContent-Length: 0\r\n\r\n`, /not HTTP.*header/],
    ['puts a space before a colon', `${HEAD}Content-Length : 2\r\n\r\nhi`, /not HTTP.*header/],
    ['ends lines with one character', HI.replaceAll('\r\n', '\n'), CONNECTION_CLOSED],
    ['hides a line in a header', `${HEAD}X: a\nContent-Length: 2\r\n\r\nhi`, /not HTTP.*header/],
    ['has an endless header', `${HEAD}X: ${'x'.repeat(100_000)}\r\n\r\n`, /not HTTP.*too long/],
    ['has endless headers', `${HEAD}${'X: y\r\n'.repeat(101)}\r\n`, /not HTTP.*number of headers/],
    ['continues for ever', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(5_000), /not HTTP.*too long/],
    ['has endless trailers', `${CHUNKED}0\r\n${'X: y\r\n'.repeat(20_000)}\r\n`, /not HTTP.*too long/],
    ['has an endless chunk line', `${CHUNKED}1;${'x'.repeat(1_000)}\r\nh\r\n0\r\n\r\n`, /not HTTP.*line/],
    ['has a chunk of the wrong length', `${CHUNKED}1\r\nhi\r\n0\r\n\r\n`, /not HTTP.*line/],
    ['counts chunks in words', `${CHUNKED}one\r\nh\r\n0\r\n\r\n`, /not HTTP.*chunk/],
    ['has an endless body', `${HEAD}\r\n${'x'.repeat(2_000_000)}`, /longer than/],
    ['promises an endless body', `${HEAD}Content-Length: 99999999999\r\n\r\n`, /longer than/],
    ['has endless chunks', `${CHUNKED}${`fffff\r\n${'x'.repeat(0xfffff)}\r\n`.repeat(3)}`, /longer than/],
    ['switches protocols', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', /switch protocols/],
  ])('refuses a server that %s', async (_what, bytes, message) => {
    await serve((socket) => socket.end(bytes, 'latin1'));
    await expect(ask()).rejects.toThrow(message);
  });

  describe('one deadline for all of an answer', () => {
    it.each([
      ['body', `${HEAD}\r\n`, 'x'],
      ['header', `${HEAD}X: `, 'x'],
      ['chunk', `${CHUNKED}`, '1\r\nx\r\n'],
      ['interim answer', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ])('however slowly it drips (%s)', async (_what, beginning, drop) => {
      await serve((socket) => {
        socket.write(beginning);
        const drip = setInterval(() => socket.write(drop), 50);
        socket.on('close', () => clearInterval(drip));
      });
      await expect(ask({ timeoutMs: 400 })).rejects.toThrow('no complete answer within 0.4 seconds');
    });

    it('however fast single bytes come, memory stays small', async () => {
      await serve((socket) => {
        socket.write(CHUNKED);
        const write = (): void => {
          while (socket.writable && socket.write('1\r\nx\r\n'));
          socket.once('drain', write);
        };
        write();
      });
      const before = process.memoryUsage().rss;
      await expect(ask({ timeoutMs: 10_000 })).rejects.toThrow(/longer than|no complete answer/);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    });

    it('ends when it is told to', async () => {
      await serve(() => undefined);
      const end = new AbortController();
      setTimeout(() => end.abort('the time is over'), 100);
      await expect(ask({ signal: end.signal })).rejects.toThrow('the time is over');
      await expect(ask({ signal: end.signal })).rejects.toThrow('the time is over');
    });
  });

  describe('the connection', () => {
    it('is kept as long as the server keeps it', async () => {
      await serve((socket, request) => socket.write(HI.replace('hi', request.slice(5, 7))));
      expect((await ask({ path: '/aa' })).text).toBe('aa');
      expect((await ask({ path: '/bb' })).text).toBe('bb');
      expect(connections).toBe(1);
    });

    it.each([
      ['says so', `${HEAD}Connection: close\r\nContent-Length: 2\r\n\r\nhi`],
      ['has sent more than it was asked for', HI + HI.replace('hi', 'no')],
      ['answers in HTTP/1.0', HI.replace('1.1', '1.0')],
    ])('is a new one when the server %s', async (_what, bytes) => {
      await serve((socket) => socket.write(bytes));
      for (let times = 0; times < 3; times += 1) expect((await ask()).text).toBe('hi');
      expect(connections).toBe(3);
    });

    it('is a new one when the server sends what nobody asked for', async () => {
      await serve((socket) => {
        socket.write(HI);
        setTimeout(() => socket.write(HI.replace('hi', 'no')), 50);
      });
      expect((await ask()).text).toBe('hi');
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect((await ask()).text).toBe('hi');
      expect(connections).toBe(2);
    });

    it('is a new one when the server closed it meanwhile, whenever it did', async () => {
      let isFirst = true;
      await serve((socket) => {
        if (isFirst) socket.write(HI);
        // The second request on a connection: closed without a word.
        else if (connections === 1) socket.destroy();
        else socket.write(HI);
        isFirst = false;
      });
      expect((await ask()).text).toBe('hi');
      expect((await ask()).text).toBe('hi');
      expect(connections).toBe(2);
      for (const socket of sockets) socket.end();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await ask()).text).toBe('hi');
      expect(connections).toBe(3);
    });

    it('says the same whether the server is gone, hangs up or breaks off', async () => {
      await expect(ask()).rejects.toThrow(CONNECTION_CLOSED);
      await serve((socket) => socket.destroy());
      await expect(ask()).rejects.toThrow(CONNECTION_CLOSED);
      await expect(ask()).rejects.toThrow(CONNECTION_CLOSED);
    });
  });
});
