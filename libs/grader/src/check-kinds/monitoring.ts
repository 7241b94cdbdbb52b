import type { CheckRecord } from '../check-record';
import { ExpectationFailed } from '../expectations';
import { FairTimer } from '../fair-timer';
import { withoutVolatileParts } from '../recorded-text';
import type { CheckMonitoring, MonitoringEvent } from './monitoring-api';
import { valuesIn } from './monitoring-leaks';
import type { MonitoringServer } from './monitoring-server';
import type { ProjectCalls } from './python-calls';

/** How long the project may take to send, in milliseconds of its own time. */
const WAIT_MS = 2_000;

/**
 * @param server null for a pack without monitoring
 * @param guard throws when the check may not ask now
 */
export function createMonitoring(
  server: MonitoringServer | null,
  calls: ProjectCalls,
  record: CheckRecord,
  guard: () => void,
): CheckMonitoring {
  let begin = server?.count ?? 0;
  const { conversations, now } = calls.options;
  const use = (): MonitoringServer => {
    guard();
    if (server === null) throw new TypeError('task.yaml does not say "services: { monitoring: true }"');
    if (server.refused > 0)
      throw new ExpectationFailed('the project sent something to monitoring that cannot be read, or far too much of it');
    return server;
  };
  const eventsSince = (from: MonitoringServer): MonitoringEvent[] => from.since(begin).flatMap(({ events }) => events);
  return {
    events: async ({ atLeast = 1 } = {}) => {
      use();
      await calls.flushMonitoring();
      const isThere = (): boolean => eventsSince(use()).length >= atLeast;
      if (!isThere()) await conversations.during(() => waitFor(use(), calls, isThere));
      const events = eventsSince(use());
      record.addRecord(
        'monitoring-event',
        `${events.length} events arrived`,
        withoutVolatileParts(events.map(told).join('\n'), now),
      );
      return events;
    },
    leaks: (values) => {
      const found = valuesIn(
        use()
          .since(begin)
          .map(({ readable }) => readable)
          .join('\n'),
        values,
      );
      const text = found.length === 0 ? `none of ${values.length}` : found.join('\n');
      record.addRecord('monitoring-event', 'hidden values in what arrived', text);
      return found;
    },
    clear: async () => {
      use();
      await calls.flushMonitoring();
      begin = use().count;
    },
  };
}

async function waitFor(server: MonitoringServer, calls: ProjectCalls, isThere: () => boolean): Promise<void> {
  const { signal, sample } = calls.options;
  let isOver = signal.aborted;
  let giveUp = (): void => undefined;
  const end = (): void => {
    isOver = true;
    giveUp();
  };
  const timer = new FairTimer(WAIT_MS, sample, end);
  signal.addEventListener('abort', end);
  timer.resume();
  while (!isOver && !isThere()) {
    const next = server.next();
    giveUp = next.giveUp;
    await next.arrived;
  }
  timer.stop();
  signal.removeEventListener('abort', end);
}

function told({ exceptions, message, level, release, environment }: MonitoringEvent): string {
  const raised = exceptions.map(({ type, message: text }) => `${type}: ${text}`).join('; ');
  return `${level ?? 'error'} ${raised || message || ''} (release ${release ?? 'none'}, environment ${environment ?? 'none'})`;
}
