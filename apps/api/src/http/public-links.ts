import type { AddressInfo } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CONFIG, type Config } from '../config';

/** Addresses that people and workers follow: as configured, else where this process listens. */
@Injectable()
export class PublicLinks {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly adapter: HttpAdapterHost,
  ) {}

  invitation(token: string): string {
    return `${this.config.publicUrl ?? this.listeningAt()}/invite#${token}`;
  }

  archive(organisationId: string, runId: string): string {
    return `${this.workerFacing()}/api/v1/internal/organisations/${organisationId}/grading-runs/${runId}/archive`;
  }

  practiceArchive(organisationId: string, runId: string): string {
    return `${this.workerFacing()}/api/v1/internal/organisations/${organisationId}/practice-runs/${runId}/archive`;
  }

  /** Whether the links lead anywhere yet. */
  isReachable(): boolean {
    return this.adapter.httpAdapter.getHttpServer().listening as boolean;
  }

  private workerFacing(): string {
    return this.config.workerFacingUrl ?? this.listeningAt();
  }

  private listeningAt(): string {
    const address = this.adapter.httpAdapter.getHttpServer().address() as AddressInfo | null;
    return `http://${this.config.host === '0.0.0.0' ? '127.0.0.1' : this.config.host}:${address?.port ?? this.config.port}`;
  }
}
