import { createHash, createHmac } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { concatMap, from, lastValueFrom, type Observable } from 'rxjs';
import type { EntityManager } from 'typeorm';
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
  /** The handler answers with a {@link PreparedAnswer}. */
  readonly prepares?: boolean;
}

/** A request as it is when a file of it has been received. */
type SignedInRequest = Request & { readonly user: Principal; readonly file?: Express.Multer.File };

/** An answer of which a part comes from work that must not be done while a transaction is open, such as sending a mail. */
export class UnfinishedAnswer<T> {
  /**
   * @param soFar stored under the key until the rest is done: what holds if it never is
   * @param finish does the rest, once the change is committed
   */
  constructor(
    readonly soFar: T,
    readonly finish: () => Promise<T>,
  ) {}
}

/** The answer of a handler that worked for long and has written nothing yet: the interceptor writes, in its transaction if it has one. */
export class PreparedAnswer<T> {
  constructor(readonly write: () => Promise<T>) {}
}

/**
 * For a POST that creates: with an `Idempotency-Key` the same request sent again gets the first answer and creates nothing. Stands
 * above an interceptor that receives a file, so that the file is there, and counts, before the transaction begins.
 */
export function Idempotent(options: IdempotentOptions = {}): MethodDecorator {
  return applyDecorators(
    SetMetadata(IDEMPOTENT, options),
    UseInterceptors(IdempotencyInterceptor),
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
 * requests with one key at the same time wait for each other. A handler that `prepares` runs before, without a transaction, and only what
 * it writes is inside: two such requests both work, and one of them writes.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly database: TenantDatabase,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const options = this.reflector.get<IdempotentOptions>(IDEMPOTENT, context.getHandler());
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const key = request.header('idempotency-key');
    if (key === undefined) {
      return next.handle().pipe(concatMap(async (answer) => completed(answer)));
    }
    const response = context.switchToHttp().getResponse<Response>();
    return from(this.once(request, response, key, options, () => lastValueFrom(next.handle())));
  }

  private async once(
    request: SignedInRequest,
    response: Response,
    key: string,
    options: IdempotentOptions,
    handle: () => Promise<unknown>,
  ): Promise<unknown> {
    if (!KEY.test(key)) throw new Problem('invalid-input', 'Idempotency-Key must be 1 to 255 visible ASCII characters.');
    const { organisationId } = request.user;
    const entry: Entry = { organisationId, ownerId: ownerOf(request.user), key, requestHash: this.hash(request) };
    // That of a created answer, also when it is streamed and so begins with another one.
    const { statusCode } = response;
    const prepared = options.prepares ? await this.prepare(entry, handle) : null;
    const outcome = await this.database.inOrganisation(organisationId, async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`idempotency ${entry.ownerId} ${key}`]);
      const stored = await selectOptionalAnswer(manager, entry);
      if (stored) {
        response.status(stored.status).setHeader('Idempotency-Replayed', 'true');
        return stored.answer;
      }
      // Handled here and now when the earlier answer has been forgotten meanwhile.
      const made = prepared ?? (await handle());
      const answer = made instanceof PreparedAnswer ? await made.write() : made;
      const known = answer instanceof UnfinishedAnswer ? answer.soFar : answer;
      await storeAnswer(manager, entry, prepared ? statusCode : response.statusCode, withoutSecrets(known, options));
      return answer;
    });
    if (!(outcome instanceof UnfinishedAnswer)) return outcome;
    const answer: unknown = await outcome.finish();
    await this.database.inOrganisation(organisationId, (manager) =>
      storeAnswer(manager, entry, response.statusCode, withoutSecrets(answer, options)),
    );
    return answer;
  }

  /** Null when an earlier answer is there to be given. */
  private async prepare(entry: Entry, handle: () => Promise<unknown>): Promise<PreparedAnswer<unknown> | null> {
    const stored = await this.database.inOrganisation(entry.organisationId, (manager) => selectOptionalAnswer(manager, entry));
    return stored ? null : ((await handle()) as PreparedAnswer<unknown>);
  }

  /** Keyed, because a body may hold a password that could be guessed from a plain hash. */
  private hash(request: SignedInRequest): string {
    const content = request.file
      ? [createHash('sha256').update(request.file.buffer).digest('hex')]
      : [request.body ?? null, request.header('content-length') ?? null];
    return createHmac('sha256', this.config.jwtSecret)
      .update(JSON.stringify([request.method, request.originalUrl, ...content]))
      .digest('hex');
  }
}

function completed(answer: unknown): unknown {
  if (answer instanceof PreparedAnswer) return answer.write();
  return answer instanceof UnfinishedAnswer ? answer.finish() : answer;
}

interface Entry {
  readonly organisationId: string;
  readonly ownerId: string;
  readonly key: string;
  readonly requestHash: string;
}

/** A candidate may take several evaluations, each with a link and keys of its own. */
function ownerOf(principal: Principal): string {
  return principal.kind === 'candidate' ? principal.evaluationId : principal.id;
}

/** @throws Problem `idempotency-key-reused` when the key was sent with another request */
async function selectOptionalAnswer(manager: EntityManager, entry: Entry): Promise<{ status: number; answer: unknown } | null> {
  const [stored] = (await manager.query(
    `SELECT request_hash, status, answer FROM idempotency_keys WHERE principal_id = $1 AND key = $2 AND created_at > now() - interval '1 day'`,
    [entry.ownerId, entry.key],
  )) as { request_hash: string; status: number; answer: unknown }[];
  if (!stored) return null;
  if (stored.request_hash !== entry.requestHash) {
    throw new Problem(
      'idempotency-key-reused',
      'This Idempotency-Key was sent with another request. Use a new key for a new request.',
    );
  }
  return stored;
}

async function storeAnswer(manager: EntityManager, entry: Entry, status: number, answer: unknown): Promise<void> {
  const { organisationId, ownerId, key, requestHash } = entry;
  await manager.query(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'`);
  await manager.query('DELETE FROM idempotency_keys WHERE principal_id = $1 AND key = $2', [ownerId, key]);
  await manager.query(
    `INSERT INTO idempotency_keys (organisation_id, principal_id, key, request_hash, status, answer) VALUES ($1, $2, $3, $4, $5, $6)`,
    [organisationId, ownerId, key, requestHash, status, JSON.stringify(answer)],
  );
}

function withoutSecrets(answer: unknown, options: IdempotentOptions): unknown {
  if (!options.shownOnce || typeof answer !== 'object' || answer === null) return answer;
  return { ...answer, ...Object.fromEntries(options.shownOnce.map((field) => [field, null])) };
}
