import type { NextFunction, Request, Response } from 'express';

/** A request that remembers when it began, so that a slow upload that began in time is in time. */
export type TimedRequest = Request & { arrivedAt: Date };

export function noteArrival(request: Request, _response: Response, next: NextFunction): void {
  (request as TimedRequest).arrivedAt = new Date();
  next();
}
