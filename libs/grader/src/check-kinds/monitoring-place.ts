import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/** Where a project sends its errors: a port of its sandbox that leads to the judge (`libs/sandbox/assets/monitoring_relay.py`). */
export const MONITORING_ENVIRONMENT: Readonly<Record<string, string>> = { SENTRY_DSN: 'http://public@127.0.0.1:9000/1' };

/** Makes the folder that a sandbox gets to see; the judge's socket is to be made in it. */
export async function makeMonitoringFolder(workDir: string): Promise<string> {
  const folder = path.join(workDir, 'monitoring');
  await mkdir(folder);
  return folder;
}

export function monitoringSocketIn(folder: string): string {
  return path.join(folder, 'sentry.sock');
}
