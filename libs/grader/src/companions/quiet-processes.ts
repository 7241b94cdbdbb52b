import { setTimeout as sleep } from 'node:timers/promises';
import { readProcessStatus } from '../judge-process/process-status';

const LOOK_MS = 30;
/** Looks in a row at processes that all sleep and used no processor in between. */
const QUIET_LOOKS = 4;
/** The same where nobody knows the processes (no cgroups): then time is all there is. */
const BLIND_LOOKS = 40;
/** Processes that never rest are not waited for any longer. */
const MOST_LOOKS = 300;

/**
 * Waits until all processes wait for something outside of them. A machine that gives them no processor makes them look busy, not quiet,
 * so that what comes next does not depend on how busy it is.
 *
 * @param processIds of the host; null where nobody knows them
 * @param ended settles when there are none left
 */
export async function untilQuiet(processIds: () => Promise<readonly number[] | null>, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  ended.then(over, over);
  let [quiet, before] = [0, ''];
  let needed = QUIET_LOOKS;
  for (let look = 0; look < MOST_LOOKS && quiet < needed && !isOver; look += 1) {
    const ids = await processIds();
    needed = ids === null ? BLIND_LOOKS : QUIET_LOOKS;
    const statuses = await Promise.all((ids ?? []).map((id) => readProcessStatus(id)));
    const now = JSON.stringify(statuses.map((status) => [status?.state, status?.usedMs]));
    const isAsleep = statuses.every((status) => status === null || 'SD'.includes(status.state));
    quiet = isAsleep && now === before ? quiet + 1 : 0;
    before = now;
    await sleep(LOOK_MS);
  }
}
