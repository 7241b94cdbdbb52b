import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

/** A request that remembers when it began, so that a slow upload that began in time is in time. */
export type TimedRequest = Request & { id: string; arrivedAt: Date };

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Comes first, so that also a request whose body cannot be read has an id: the caller's when it is harmless, else one of ours. */
export function noteArrival(request: Request, response: Response, next: NextFunction): void {
  const given = request.header('x-request-id');
  const id = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
  Object.assign(request, { id, arrivedAt: new Date() });
  response.setHeader('X-Request-Id', id);
  next();
}
