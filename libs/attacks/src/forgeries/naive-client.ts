import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../stage';

/** What a client without limits would gather; so that showing it harms nobody, it gives up here. */
const ROOM_BYTES = 8 * 1024 * 1024;

export interface NaiveAnswer {
  /** Whether the other side came to an end by itself. */
  readonly ended: boolean;
  readonly bytes: number;
  /** All that came, as it came. */
  readonly raw: Buffer;
}

/**
 * Asks for a path and takes whatever comes until the connection ends, without any limit of its own.
 *
 * @param patienceMs when it gives up waiting, so that the proof ends
 */
export async function askNaively(stage: Stage, socketPath: string, path: string, patienceMs: number): Promise<NaiveAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const socket = createConnection(socketPath);
  stage.defer(() => socket.destroy());
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-User: alice\r\nAccept: application/json\r\n\r\n`);
  const enough = new Promise<boolean>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > ROOM_BYTES) resolve(false);
    });
    socket.on('error', () => resolve(true));
    socket.on('close', () => resolve(true));
  });
  const ended = await Promise.race([enough, sleep(patienceMs, false, { signal: stage.signal })]);
  socket.destroy();
  return { ended, bytes, raw: Buffer.concat(chunks) };
}
