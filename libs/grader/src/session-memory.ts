import { readFileSync } from 'node:fs';

/**
 * Memory that the children of a process have for themselves, in bytes: what they share (a database's buffers, programs) is left out.
 * 0 where the system does not tell (no /proc).
 */
export function privateMemoryOfChildren(pid: number): number {
  let kibibytes = 0;
  for (const child of read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean)) {
    kibibytes += Number(/^RssAnon:\s+(\d+) kB$/m.exec(read(`/proc/${child}/status`))?.[1] ?? 0);
  }
  return kibibytes * 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Ended meanwhile.
    return '';
  }
}
