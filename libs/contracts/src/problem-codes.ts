/**
 * Every problem the API answers with (RFC 9457): the stable `code`, its HTTP status and its title. Clients switch on the code; the
 * `detail` of an answer says what was wrong this time and what to do.
 */
export const PROBLEMS = {
  'malformed-request': { status: 400, title: 'The request could not be read' },
  'invalid-input': { status: 400, title: 'The input is not valid' },
  'invalid-cursor': { status: 400, title: 'The cursor is not valid' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  'invalid-credentials': { status: 401, title: 'The credentials are not right' },
  'invalid-token': { status: 401, title: 'The token is not valid' },
  'token-reused': { status: 401, title: 'The token was used before' },
  'token-expired': { status: 401, title: 'The token has expired' },
  forbidden: { status: 403, title: 'Not permitted' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'The request conflicts with the present state' },
  'already-exists': { status: 409, title: 'It exists already' },
  'evaluation-not-started': { status: 409, title: 'The evaluation has not been started' },
  'evaluation-not-open': { status: 409, title: 'The evaluation is not open yet' },
  'evaluation-closed': { status: 409, title: 'The evaluation is closed' },
  'submission-in-grading': { status: 409, title: 'A submission is being graded' },
  'no-attempt-left': { status: 409, title: 'No attempt is left' },
  'practice-run-open': { status: 409, title: 'A practice run is under way' },
  'not-graded': { status: 409, title: 'There is no grade yet' },
  'nothing-to-regrade': { status: 409, title: 'There is nothing to grade again' },
  'regrade-open': { status: 409, title: 'A regrade is still open' },
  'regrade-decided': { status: 409, title: 'The regrade has been decided' },
  'rubric-mismatch': { status: 409, title: 'The rubric does not fit' },
  'payload-too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The media type is not supported' },
  'archive-refused': { status: 422, title: 'The archive was refused' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key was used for another request' },
  'practice-limit-reached': { status: 429, title: 'No practice run is left for now' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'A service that is needed is not available' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** One field that was wrong; `path` as in `project.hours`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The body of every error, `application/problem+json`. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** Path of the request. */
  readonly instance: string;
  readonly requestId?: string;
  readonly errors?: readonly FieldError[];
}
