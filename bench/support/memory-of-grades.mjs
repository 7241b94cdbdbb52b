import { setTimeout as sleep } from 'node:timers/promises';
import { SLOTS } from './engine.mjs';
import { memoryOf, memoryOfDescendants } from './processes.mjs';
import { median } from './statistics.mjs';

const IDLE_MS = 2_000;
const LOOK_EVERY_MS = 15;
const SAMPLES = 5;

/**
 * Proportional memory: of what waits for a submission, and what one more running grade (or suite) takes at most.
 * @returns `{ slots, idle, running }`: bytes; `idle` by what runs, all slots of all drivers together; null where it may not be read
 */
export async function measureMemory({ engines, pytests, solutions, onProgress }) {
  onProgress('  memory');
  await sleep(IDLE_MS);
  const idle = memoryOfDescendants();
  if (idle === null) return null;
  const works = {
    pytest: () => pytests.schema.suite(),
    ...Object.fromEntries(Object.values(engines).map((engine) => [engine.name, () => engine.grade(solutions.schema)])),
  };
  const running = {};
  for (const [name, work] of Object.entries(works)) {
    const peaks = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) peaks.push(await peakOf(work));
    running[name] = median(peaks);
  }
  return { slots: SLOTS, grader: memoryOf(process.pid).pss, idle: Object.fromEntries(idle), running };
}

/** Most that all processes together had more than before. */
async function peakOf(work) {
  await sleep(IDLE_MS / 4);
  const before = total();
  let peak = 0;
  let isDone = false;
  const done = work().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    peak = Math.max(peak, total() - before);
    await sleep(LOOK_EVERY_MS);
  }
  await done;
  return peak;
}

function total() {
  return [...memoryOfDescendants().values()].reduce((sum, bytes) => sum + bytes, 0);
}
