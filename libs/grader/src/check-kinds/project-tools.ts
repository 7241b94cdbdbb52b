import type { CheckContext } from '../check-api';
import type { CheckRecord } from '../check-record';
import { browserOrigins } from './browser-origins';
import { createMonitoring } from './monitoring';
import type { MonitoringServer } from './monitoring-server';
import { type ProjectCallOptions, ProjectCalls } from './python-calls';
import { createTokens } from './tokens';

/** What reaches into the running project besides HTTP, for all checks of a run. */
export interface ProjectAccess {
  readonly calls: ProjectCalls;
  /** Null for a pack without monitoring. */
  readonly monitoring: MonitoringServer | null;
  /** The project's `DJANGO_SECRET_KEY`. */
  readonly secretKey: string;
}

export function openProject(options: ProjectCallOptions & Omit<ProjectAccess, 'calls'>): ProjectAccess {
  const { monitoring, secretKey } = options;
  return { calls: new ProjectCalls(options), monitoring, secretKey };
}

/** Between two checks, and before the first: nothing that one of them left behind may reach the next. */
export async function tidyUp({ calls, monitoring }: ProjectAccess): Promise<void> {
  if (monitoring) {
    await calls.flushMonitoring();
    monitoring.clear();
  }
  await calls.forget();
}

/** The part of a check's context that reaches into the running project. @param guard throws when the check may not ask now */
export function projectTools(
  { calls, monitoring, secretKey }: ProjectAccess,
  record: CheckRecord,
  guard: () => void,
): Pick<CheckContext, 'python' | 'monitoring' | 'tokens' | 'origins'> {
  return {
    python: calls.create(record, guard),
    monitoring: createMonitoring(monitoring, calls, record, guard),
    tokens: createTokens(secretKey, calls.options.now),
    origins: browserOrigins,
  };
}
