import type { Server } from 'node:http';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** What a request that is being answered gets when the process is told to stop. */
const GRACE_MS = 3_000;

/** Ends what would keep a stopping server open: connections on which nothing is asked or that never come to an end. */
@Injectable()
export class ConnectionDrain implements BeforeApplicationShutdown {
  constructor(private readonly adapter: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server = this.adapter.httpAdapter.getHttpServer() as Server;
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  }
}
