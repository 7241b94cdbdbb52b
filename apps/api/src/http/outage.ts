/** Classes and codes of SQLSTATE: connection exceptions, too many connections, shutting down, starting up, a statement that took too long. */
const SQL_STATES = /^(08...|53300|57P0[123]|57014)$/;
const SYSTEM_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
/** Errors of the driver `pg` and its pool that have no code. */
const MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the database was away or too slow: nobody's fault who asked, and over when it is back. */
export function isOutage(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code, driverError } = thrown as Error & { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && (SQL_STATES.test(code) || SYSTEM_CODES.has(code))) return true;
  return MESSAGES.test(thrown.message) || (driverError !== thrown && isOutage(driverError));
}
