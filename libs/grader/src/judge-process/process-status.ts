import { readFile } from 'node:fs/promises';

/** Kernel clock ticks are hundredths of a second on every Linux that Node runs on. */
const MS_PER_TICK = 10;

export interface ProcessStatus {
  /** One letter of proc(5): `R` runs or waits for a processor, `S` and `D` sleep. */
  readonly state: string;
  /** Processor time of all its threads. */
  readonly usedMs: number;
  readonly memoryBytes: number;
}

/** What the kernel says of a process; null when it is gone or there is no `/proc`. */
export async function readProcessStatus(pid: number): Promise<ProcessStatus | null> {
  const [stat, status] = await Promise.all(
    ['stat', 'status'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  const fields = fieldsOf(stat ?? '');
  if (fields === null) return null;
  const resident = /^VmRSS:\s*(\d+) kB/m.exec(status ?? '')?.[1];
  return { ...fields, memoryBytes: Number(resident ?? 0) * 1024 };
}

/** Milliseconds that a process's main thread was ready to run and got no processor; 0 where the kernel does not count it. */
export async function readWaitedMs(pid: number): Promise<number> {
  const [, nanoseconds] = (await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '')).split(' ');
  return Number(nanoseconds ?? 0) / 1e6;
}

/** Processor time of a process in milliseconds; 0 when it is gone. */
export async function readUsedMs(pid: number): Promise<number> {
  return fieldsOf(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))?.usedMs ?? 0;
}

/** The name, in parentheses, may hold anything; what follows is numbers and letters. */
function fieldsOf(stat: string): { state: string; usedMs: number } | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, userTicks, systemTicks] = [fields[0], fields[11], fields[12]];
  if (!state || userTicks === undefined || systemTicks === undefined) return null;
  return { state, usedMs: (Number(userTicks) + Number(systemTicks)) * MS_PER_TICK };
}
