import type { QueueName } from '@assay/contracts/queues';
import { createEngineQueueEvents, queueConnection } from './queue-connection';
import { type ProgressOf, parseProgress } from './queue-progress';
import { storeReady } from './queue-store-ready';

export interface JobEventsListener<Name extends QueueName> {
  /** A worker has begun the job (again). */
  readonly onStarted: (jobId: string) => void;
  readonly onProgress: (jobId: string, progress: ProgressOf<Name>) => void;
  /** Told of lost connections; listening goes on by itself. */
  readonly onError: (error: Error) => void;
}

export interface JobEvents {
  close(): Promise<void>;
}

/**
 * Listens to what workers say about the jobs of a queue, from now on. Events may be lost while a connection is: nothing may depend
 * on them. Works on both engines.
 * @throws QueueStoreUnavailable
 */
export async function openJobEvents<Name extends QueueName>(
  name: Name,
  url: string,
  listener: JobEventsListener<Name>,
): Promise<JobEvents> {
  const connection = queueConnection(url);
  const events = createEngineQueueEvents(connection, name, {});
  const errors: Error[] = [];
  events.on('error', (error) => {
    errors[0] = error;
    listener.onError(error);
  });
  events.on('active', ({ jobId }) => listener.onStarted(jobId));
  events.on('progress', ({ jobId, data }) => {
    const progress = parseProgress(name, data);
    if (progress !== null) listener.onProgress(jobId, progress);
  });
  try {
    await storeReady(connection, events.waitUntilReady(), errors);
  } catch (error) {
    await events.disconnect().catch(() => undefined);
    throw error;
  }
  return { close: () => events.close() };
}
