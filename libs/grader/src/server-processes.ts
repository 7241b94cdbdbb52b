import { readFileSync } from 'node:fs';

/**
 * Memory that the children of a process have for themselves, in bytes: what they share (a database's buffers, programs) is left out.
 * 0 where the system does not tell (no /proc).
 */
export function privateMemoryOfChildren(pid: number): number {
  let kibibytes = 0;
  for (const child of children(pid)) kibibytes += Number(/^RssAnon:\s+(\d+) kB$/m.exec(read(`/proc/${child}/status`))?.[1] ?? 0);
  return kibibytes * 1024;
}

/** Whether a process has ended, or a child of it has ended without its taking notice yet. False where the system does not tell. */
export function hasUnnoticedEnd(pid: number): boolean {
  if (read('/proc/self/status') === '') return false;
  const own = read(`/proc/${pid}/status`);
  return own === '' || [own, ...children(pid).map((child) => read(`/proc/${child}/status`))].some(isEnding);
}

/** What ends gives its memory back first, closes its connections then, and is a zombie last. Nothing is said of what is gone. */
function isEnding(status: string): boolean {
  return status !== '' && !/^VmRSS:/m.test(status);
}

function children(pid: number): string[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Ended meanwhile.
    return '';
  }
}
