import { setTimeout as sleep } from 'node:timers/promises';
import type { CompanionParts } from '../companions/companion-parts';
import { ExpectationFailed } from '../expectations';
import { FairTimer, type TimeUp } from '../fair-timer';
import { InfrastructureFault } from '../faults';
import type { CheckBackgroundWorker } from './background-worker-api';

const USUAL_SECONDS = 10;
/** Where Celery's transport for Redis (kombu) keeps what a worker has taken, and since when. */
const [TAKEN, TAKEN_INDEX] = ['unacked', 'unacked_index'];
/** Between two looks. */
const LOOK_MS = 40;

export function createBackgroundWorker(parts: CompanionParts): CheckBackgroundWorker {
  const tell = (text: string): void => parts.record.addRecord('background-task', 'Worker of Celery', text);
  return {
    start: async ({ application, queues = [], ...options }) => {
      const companion = await parts.start({ kind: 'worker', application, queues }, options);
      await companion.begun();
      tell(`started: ${application}${queues.length > 0 ? ` for ${queues.join(', ')}` : ''}`);
      return {
        kill: async () => {
          // Else it would be a matter of luck whether a message that was about to be acknowledged still is.
          await companion.settle();
          await companion.kill();
          tell('killed');
        },
      };
    },
    broker: (queue = 'celery') =>
      ask(parts, async () => ({
        waiting: Number(await parts.redis().command('LLEN', queue)),
        taken: Number(await parts.redis().command('HLEN', TAKEN)),
      })),
    expireTaken: () =>
      ask(parts, async () => {
        const tags = await parts.redis().command('ZRANGE', TAKEN_INDEX, '0', '-1');
        const list = Array.isArray(tags) ? tags.map(String) : [];
        for (const tag of list) await parts.redis().command('ZADD', TAKEN_INDEX, '0', tag);
        tell(`${list.length} messages that were taken and not acknowledged are due again`);
        return list.length;
      }),
    until: async (what, probe, seconds = USUAL_SECONDS) => {
      const isSeen = await parts.conversations.during(() => untilSeen(parts, probe, seconds));
      tell(`${isSeen ? 'seen' : `not seen within ${seconds} seconds`}: ${what}`);
      if (!isSeen) throw new ExpectationFailed(`not seen within ${seconds} seconds: ${what}`);
    },
  };
}

function ask<T>({ guard, conversations }: CompanionParts, work: () => Promise<T>): Promise<T> {
  guard();
  return conversations.during(work);
}

async function untilSeen(parts: CompanionParts, probe: () => Promise<boolean>, seconds: number): Promise<boolean> {
  let timeUp: TimeUp | null = null;
  const timer = new FairTimer(seconds * 1000, parts.sample, (how) => {
    timeUp = how;
  });
  timer.resume();
  try {
    while (timeUp === null) {
      if (parts.signal.aborted) throw new ExpectationFailed(String(parts.signal.reason));
      if (await probe()) return true;
      await sleep(LOOK_MS);
    }
  } finally {
    timer.stop();
  }
  if (timeUp === 'overloaded') throw new InfrastructureFault('machine-overloaded', 'the worker got too little of a processor');
  return false;
}
