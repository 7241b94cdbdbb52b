import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckResult } from '@assay/contracts/grading-report';
import type { RunningSandbox } from '@assay/sandbox/sandbox';
import { InfrastructureFault } from './faults';
import { CONNECTION_CLOSED } from './unix-http';

/** Time that the news of a sandbox's end may take after its project was seen to be gone, in milliseconds. */
const NEWS_MS = 500;

/** Whether the project broke off a conversation: then its sandbox may have ended, and nobody has heard of it yet. */
export function brokeOff(checks: readonly CheckResult[]): boolean {
  return checks.some(
    // Not every conversation is kept as evidence, and a call of a function is no exchange; what ended the check stands in its message.
    ({ evidence, messageForReviewer }) =>
      evidence.exchanges.some(({ error }) => error === CONNECTION_CLOSED) || messageForReviewer.includes(CONNECTION_CLOSED),
  );
}

/**
 * The fault of ours that ended a sandbox while it was judged, or null when it still runs or ended by its project's doing.
 *
 * @param isSuspect whether the project was seen to be gone. The sandbox is then killed, which says for certain what it died of.
 */
export async function sandboxFault(sandbox: RunningSandbox, isSuspect: boolean): Promise<InfrastructureFault | null> {
  const known = await Promise.race([sandbox.exited, sleep(isSuspect ? NEWS_MS : 0, null)]);
  if (known === null && isSuspect) await sandbox.kill();
  const exit = known ?? (isSuspect ? await sandbox.exited : null);
  return exit?.kind === 'infra_fault' ? new InfrastructureFault('sandbox-failed', exit.detail) : null;
}
