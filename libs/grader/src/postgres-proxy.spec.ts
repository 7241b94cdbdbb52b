import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresProxy } from './postgres-proxy';

/** No server behind it: these clients never get that far. */
describe('connections to the proxy', () => {
  let folder: string;
  let proxy: PostgresProxy;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    proxy = await PostgresProxy.listen({
      listenPath: path.join(folder, 's'),
      serverPath: path.join(folder, 'none'),
      user: 'u',
      database: 'd',
    });
  });
  afterEach(async () => {
    await proxy.close();
    await rm(folder, { recursive: true, force: true });
  });

  const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
  /** Whether the proxy speaks with a new client. */
  const isServed = () =>
    new Promise<boolean>((resolve) => {
      const socket = createConnection(path.join(folder, 's'));
      socket.on('error', () => undefined).on('close', () => resolve(false));
      socket.on('data', () => {
        resolve(true);
        socket.destroy();
      });
      socket.write(sslRequest);
    });

  it('are bounded in a second, and served again in the next', async () => {
    let [served, refused] = [0, 0];
    for (const until = performance.now() + 20_000; refused < 20 && performance.now() < until; ) {
      if (await isServed()) served += 1;
      else refused += 1;
    }
    expect(refused).toBe(20);
    expect(served).toBeGreaterThanOrEqual(500);
    await sleep(1_100);
    expect(await isServed()).toBe(true);
  });

  it('are bounded at once', async () => {
    const idle = Array.from({ length: 40 }, () => createConnection(path.join(folder, 's')));
    const closed = idle.map((socket) => new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve)));
    await sleep(300);
    expect(idle.filter((socket) => socket.destroyed || socket.readableEnded)).toHaveLength(16);
    for (const socket of idle) socket.destroy();
    await Promise.all(closed);
    await sleep(50);
    expect(await isServed()).toBe(true);
  });

  it('leave nothing behind when the proxy closes', async () => {
    const socket = createConnection(path.join(folder, 's'));
    const closed = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
    socket.write(sslRequest);
    await new Promise((resolve) => socket.once('data', resolve));
    await proxy.close();
    await closed;
    await expect(isServed()).resolves.toBe(false);
    proxy = await PostgresProxy.listen({ listenPath: path.join(folder, 's'), serverPath: 'none', user: 'u', database: 'd' });
    expect(await isServed()).toBe(true);
  });
});
