import { PROBLEMS, type ProblemCode, type ProblemDetails } from '@assay/contracts/problem-codes';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { isOutage } from './outage';
import { Problem } from './problem';

const CODE_BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  503: 'unavailable',
};

/** Turns whatever was thrown into RFC 9457 problem details. What we did not foresee says nothing of its inside. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request & { id?: string }>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = problemOf(thrown);
    if (problem.code === 'internal' || isOutage(thrown))
      this.logger.error({ err: thrown, requestId: request.id }, 'Unforeseen error');
    if (response.headersSent) {
      response.end();
      return;
    }
    const body = problemDetails(thrown, request);
    const retryAfter = isOutage(thrown) ? 5 : problem.retryAfterSeconds;
    if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
    if (body.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response.status(body.status).type('application/problem+json').send(JSON.stringify(body));
  }
}

/** What was thrown as the body of an answer, or as the last event of a stream of them. */
export function problemDetails(thrown: unknown, request: Request & { id?: string }): ProblemDetails {
  const problem = problemOf(thrown);
  const { status, title } = PROBLEMS[problem.code];
  return {
    type: `urn:assay:problem:${problem.code}`,
    title,
    status,
    detail: problem.detail,
    code: problem.code,
    instance: request.originalUrl.split('?')[0] ?? request.path,
    ...(request.id ? { requestId: String(request.id) } : {}),
    ...(problem.errors ? { errors: problem.errors } : {}),
  };
}

function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (isOutage(thrown)) return new Problem('unavailable', 'The database cannot be reached just now. Try again in a moment.');
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusOfParserError(thrown);
  const code = status === null ? undefined : CODE_BY_STATUS[status];
  if (code) return new Problem(code, thrown instanceof Error ? thrown.message : PROBLEMS[code].title);
  return new Problem('internal', 'The fault is ours and was logged. Try again; when it stays, tell the operator the request id.');
}

/** Errors of Express's body parsers carry a status and are safe to show when they say so. */
function statusOfParserError(thrown: unknown): number | null {
  if (
    thrown instanceof Error &&
    'status' in thrown &&
    'expose' in thrown &&
    thrown.expose === true &&
    typeof thrown.status === 'number'
  ) {
    return thrown.status;
  }
  return null;
}
