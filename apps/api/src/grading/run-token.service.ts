import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config';

/** Tokens that open one run's archive and nothing else; made from the run's id, so none is stored. */
@Injectable()
export class RunTokenService {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  issue(organisationId: string, runId: string): string {
    return createHmac('sha256', this.config.runTokenSecret).update(`archive ${organisationId} ${runId}`).digest('base64url');
  }

  matches(token: string, organisationId: string, runId: string): boolean {
    const expected = Buffer.from(this.issue(organisationId, runId));
    const given = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
