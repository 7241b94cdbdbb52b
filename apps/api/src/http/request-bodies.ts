import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { Problem } from './problem';

/** Far more than any body of the API has; validation goes into a body recursively and must not run out of stack. */
const DEEPEST = 20;

/** Reads JSON and form bodies (at most 100 KiB) and refuses those that are nested too deeply to be looked into. */
export function readBodies(app: NestExpressApplication): void {
  app.useBodyParser('json');
  app.useBodyParser('urlencoded', { extended: true });
  app.use((request: Request, _response: Response, next: NextFunction) => {
    next(
      isTooDeep(request.body)
        ? new Problem('malformed-request', `The body is nested more than ${DEEPEST} levels deep.`)
        : undefined,
    );
  });
}

function isTooDeep(body: unknown): boolean {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}
