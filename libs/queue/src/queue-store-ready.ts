import { SchemaMigrationRequiredError } from 'bullmq';
import { within } from './deadline';
import type { QueueConnection } from './queue-connection';

const CONNECT_MS = 15_000;

/** The queue store does not answer, or was never prepared. */
export class QueueStoreUnavailable extends Error {
  override readonly name = 'QueueStoreUnavailable';
}

/**
 * Waits until a new connection to the store works.
 * @param errors what the connection has complained about so far
 * @throws QueueStoreUnavailable that says where it was looked for and what to do
 */
export async function storeReady(
  connection: QueueConnection,
  connecting: Promise<unknown>,
  errors: readonly Error[],
): Promise<void> {
  try {
    if ((await within(connecting, CONNECT_MS)) !== null) return;
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) {
      throw new QueueStoreUnavailable(
        `The queue store at ${connection.address} is not set up. Run prepareQueueStore on it first.`,
      );
    }
    throw unreachable(connection, error);
  }
  throw unreachable(connection, errors.at(-1) ?? new Error(`no answer for ${CONNECT_MS / 1_000} s`));
}

/** The error for a store that cannot be used; `cause` says why. */
export function unreachable(connection: QueueConnection, cause: unknown): QueueStoreUnavailable {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  const message = `The queue store at ${connection.address} cannot be used: ${reason}. Check that it runs and that QUEUE_URL is right.`;
  return new QueueStoreUnavailable(message, { cause });
}
