import { createHmac } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Principal } from '../auth/principal';
import { CONFIG, type Config } from '../config';
import { TenantDatabase } from '../database/tenant-database';
import { Problem } from './problem';

const IDEMPOTENT = 'assay:idempotent';
/** ASCII letters, digits and punctuation that clients use for keys. */
const KEY = /^[\x21-\x7e]{1,255}$/;

interface IdempotentOptions {
  /** Fields of the answer that are shown once and so are null when the answer is given again. */
  readonly shownOnce?: readonly string[];
}

/** For a POST that creates: with an `Idempotency-Key` the same request sent again gets the first answer and creates nothing. */
export function Idempotent(options: IdempotentOptions = {}): MethodDecorator {
  return applyDecorators(
    SetMetadata(IDEMPOTENT, options),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'The same key with the same request gets the first answer again (kept for a day); with another request it is refused.',
    }),
  );
}

/**
 * Runs the handler inside the transaction that also stores its answer under the key, so either both are there or none is. Two
 * requests with one key at the same time wait for each other.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly database: TenantDatabase,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const options = this.reflector.get<IdempotentOptions | undefined>(IDEMPOTENT, context.getHandler());
    const request = context.switchToHttp().getRequest<Request & { user: Principal }>();
    const key = request.header('idempotency-key');
    if (!options || key === undefined) return next.handle();
    const response = context.switchToHttp().getResponse<Response>();
    return from(this.once(request, response, key, options, () => lastValueFrom(next.handle())));
  }

  private async once(
    request: Request & { user: Principal },
    response: Response,
    key: string,
    options: IdempotentOptions,
    handle: () => Promise<unknown>,
  ): Promise<unknown> {
    if (!KEY.test(key)) throw new Problem('invalid-input', 'Idempotency-Key must be 1 to 255 visible ASCII characters.');
    const { organisationId, id: principalId } = request.user;
    // Keyed, because a body may hold a password that could be guessed from a plain hash.
    const requestHash = createHmac('sha256', this.config.jwtSecret)
      .update(
        JSON.stringify([request.method, request.originalUrl, request.body ?? null, request.header('content-length') ?? null]),
      )
      .digest('hex');
    return this.database.inOrganisation(organisationId, async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`idempotency ${principalId} ${key}`]);
      const [stored] = (await manager.query(
        `SELECT request_hash, status, answer FROM idempotency_keys WHERE principal_id = $1 AND key = $2 AND created_at > now() - interval '1 day'`,
        [principalId, key],
      )) as { request_hash: string; status: number; answer: unknown }[];
      if (stored) {
        if (stored.request_hash !== requestHash) {
          throw new Problem(
            'idempotency-key-reused',
            'This Idempotency-Key was sent with another request. Use a new key for a new request.',
          );
        }
        response.status(stored.status).setHeader('Idempotency-Replayed', 'true');
        return stored.answer;
      }
      const answer = await handle();
      await manager.query('DELETE FROM idempotency_keys WHERE principal_id = $1 AND key = $2', [principalId, key]);
      await manager.query(
        `INSERT INTO idempotency_keys (organisation_id, principal_id, key, request_hash, status, answer) VALUES ($1, $2, $3, $4, $5, $6)`,
        [organisationId, principalId, key, requestHash, response.statusCode, JSON.stringify(withoutSecrets(answer, options))],
      );
      return answer;
    });
  }
}

function withoutSecrets(answer: unknown, options: IdempotentOptions): unknown {
  if (!options.shownOnce || typeof answer !== 'object' || answer === null) return answer;
  return { ...answer, ...Object.fromEntries(options.shownOnce.map((field) => [field, null])) };
}
