import type { ProcessorUse } from '../fair-timer';
import { readUsedMs, readWaitedMs } from './process-status';

/** What the kernel says of a sandbox's processes. @param pids of the host; null when they are not known */
export async function readProcessorUse(pids: readonly number[] | null): Promise<ProcessorUse | null> {
  if (pids === null || pids.length === 0) return null;
  const used = await Promise.all(pids.map(readUsedMs));
  const waited = await Promise.all(pids.map(async (pid) => [String(pid), await readWaitedMs(pid)] as const));
  return { usedMs: used.reduce((sum, ms) => sum + ms, 0), waitedMs: Object.fromEntries(waited) };
}
