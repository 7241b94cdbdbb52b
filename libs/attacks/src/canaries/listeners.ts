import { randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { openFolder } from '../hostile-project';
import type { Stage } from '../stage';

/** A service of the host that no submission may talk to. */
export interface Listener {
  /** Port, name in the abstract namespace, or path. */
  readonly address: string;
  /** Connections or datagrams so far. */
  readonly received: () => number;
}

export function tcpListener(stage: Stage): Promise<Listener> {
  return listen(stage, { port: 0, host: '127.0.0.1' });
}

/** The name without its leading NUL. */
export async function abstractListener(stage: Stage): Promise<Listener> {
  const address = `assay-attack-${randomBytes(6).toString('hex')}`;
  return { ...(await listen(stage, { path: `\0${address}` })), address };
}

/** A socket as that of a container engine, in a folder that every user may enter. */
export async function pathListener(stage: Stage): Promise<Listener> {
  const file = path.join(await openFolder(stage), 'engine.sock');
  const listener = await listen(stage, { path: file });
  await chmod(file, 0o777);
  return { ...listener, address: file };
}

/** As a name server on the host. */
export async function udpListener(stage: Stage): Promise<Listener> {
  const socket = dgram.createSocket('udp4');
  let received = 0;
  socket.on('message', () => {
    received += 1;
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  stage.defer(() => socket.close());
  return { address: String(socket.address().port), received: () => received };
}

async function listen(stage: Stage, where: net.ListenOptions): Promise<Listener> {
  let received = 0;
  const server = net.createServer((connection) => {
    received += 1;
    connection.on('error', () => undefined);
    connection.end('reached');
  });
  server.listen(where);
  await once(server, 'listening');
  stage.defer(() => server.close());
  const address = server.address();
  return { address: typeof address === 'object' && address ? String(address.port) : '', received: () => received };
}
