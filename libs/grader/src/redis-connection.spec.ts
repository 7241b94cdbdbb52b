import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { RedisConnection } from './redis-connection';

/** A server that says what the spec wants: a real Redis never says this. */
describe("the judge's connection to a Redis", () => {
  let folder: string;
  let server: Server;
  let say: (socket: Socket, asked: string) => void;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => say(socket, chunk.toString('utf8')));
    });
    await new Promise<void>((resolve) => server.listen(path.join(folder, 's'), resolve));
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  const ask = (...words: string[]) => new RedisConnection(path.join(folder, 's')).command(...words);

  it('reads what comes in pieces', async () => {
    say = (socket) => {
      const bytes = Buffer.from('*4\r\n$5\r\nd\u00f6rt\r\n:7\r\n$-1\r\n*1\r\n+OK\r\n');
      for (let place = 0; place < bytes.length; place += 3)
        setTimeout(() => socket.write(bytes.subarray(place, place + 3)), place);
    };
    expect(await ask('SCAN', '0')).toEqual(['dört', 7, null, ['OK']]);
  });

  it('sends words of any text', async () => {
    say = (socket, asked) => socket.write(`$${Buffer.byteLength(asked)}\r\n${asked}\r\n`);
    expect(await ask('GET', 'ä b\r\n')).toBe('*2\r\n$3\r\nGET\r\n$6\r\nä b\r\n\r\n');
  });

  it.each([
    ['an error', '-NOPERM no\r\n', /refused a command: NOPERM no/],
    ['another protocol', 'HTTP/1.1 200 OK\r\n', /does not speak its protocol/],
    ['lists in lists', '*1\r\n'.repeat(10), /does not speak its protocol/],
    ['an answer without end', 'x'.repeat(2 ** 21), /answers more than/],
  ])('fails the check for %s', async (_what, text, message) => {
    say = (socket) => socket.write(text);
    await expect(ask('PING')).rejects.toThrow(message);
    await expect(ask('PING')).rejects.toMatchObject({ name: 'ExpectationFailed' });
  });

  it('fails the check when it is gone', async () => {
    say = (socket) => socket.destroy();
    await expect(ask('PING')).rejects.toThrow("the submission's Redis is gone");
    await new Promise((resolve) => server.close(resolve));
    await expect(ask('PING')).rejects.toThrow("the submission's Redis is gone");
    await new Promise<void>((resolve) => server.listen(path.join(folder, 's'), resolve));
  });
});
