import { type FieldError, PROBLEMS, type ProblemCode } from '@assay/contracts/problem-codes';
import { HttpException } from '@nestjs/common';

/** An error with a stable code. `detail` says what was wrong and what to do; it is shown to whoever asked. */
export class Problem extends HttpException {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly errors?: readonly FieldError[],
    /** Whole seconds until asking again may help: the header `Retry-After`. */
    readonly retryAfterSeconds?: number,
  ) {
    super(detail, PROBLEMS[code].status);
  }
}

/** For fields that have the right type and cannot be taken all the same. @param fields at least one; each message is a sentence */
export function invalidInput(fields: readonly FieldError[]): Problem {
  return new Problem('invalid-input', fields.map(({ path, message }) => `${path}: ${message}`).join(' '), fields);
}

/** As {@link invalidInput} for one. */
export function invalidField(path: string, message: string): Problem {
  return invalidInput([{ path, message }]);
}

/** The answer for what does not exist and, alike, for what belongs to another organisation. */
export function notFound(what: string): Problem {
  return new Problem('not-found', `There is no such ${what}.`);
}
