import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on 127.0.0.1 between a program and a service, to take the service away. */
export interface CuttableProxy {
  /** The service's URL by way of the proxy. */
  readonly url: string;
  /** Connections are closed and new ones refused, as when the service has ended. */
  cut(): void;
  /** Connections stay open and nothing comes through any more, as when the service or the network hangs. */
  hang(): void;
  /** Everything comes through again; connections that hung are closed. */
  mend(): void;
  close(): Promise<void>;
}

/** @param target URL of the service, with host and port */
export async function openCuttableProxy(target: string): Promise<CuttableProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'hanging' = 'open';

  function pass(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('data', (chunk) => state !== 'hanging' && to.write(chunk));
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }
  function destroyAll(): void {
    for (const socket of sockets) socket.destroy();
  }

  const server = createServer((incoming) => {
    if (state === 'cut') {
      incoming.destroy();
      return;
    }
    const outgoing = connect(Number(port), hostname);
    pass(incoming, outgoing);
    pass(outgoing, incoming);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address() as { port: number };
  return {
    url: Object.assign(new URL(target), { host: `127.0.0.1:${address.port}` }).href,
    cut: () => {
      state = 'cut';
      destroyAll();
    },
    hang: () => {
      state = 'hanging';
    },
    mend: () => {
      if (state === 'hanging') destroyAll();
      state = 'open';
    },
    close: async () => {
      destroyAll();
      await new Promise((closed) => server.close(closed));
    },
  };
}
