import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc/PID/stat per second: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * The processes that descend from `root`, itself left out: `{ pid, parent, name, cpuMs, endedMs }`, the last one being the CPU time of
 * children that have ended. Fields as in proc_pid_stat(5).
 */
export function descendantsOf(root) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const family = new Set([root]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => pid !== root && family.has(pid));
}

/**
 * Starts a measurement of the CPU time of this process and of all that descend from it, ended ones included.
 * @returns a function that gives the milliseconds used since then
 */
export function startCpuClock() {
  const othersBefore = cpuTimeOfDescendants();
  const ownBefore = process.cpuUsage();
  return () => {
    // Looking at /proc is left out on both sides.
    const own = process.cpuUsage(ownBefore);
    return (own.user + own.system) / 1000 + cpuTimeOfDescendants() - othersBefore;
  };
}

function cpuTimeOfDescendants() {
  const ended = readProcess(process.pid).endedMs;
  return descendantsOf(process.pid).reduce((sum, { cpuMs, endedMs }) => sum + cpuMs + endedMs, ended);
}

/** Proportional memory in bytes of all that descends from this process, by what runs; null where it may not be read. */
export function memoryOfDescendants() {
  const parts = new Map();
  for (const { pid, name } of descendantsOf(process.pid)) {
    const memory = memoryOf(pid);
    if (memory === null) continue;
    if (memory.pss === null) return null;
    const part = name.startsWith('python') ? 'python' : name;
    parts.set(part, (parts.get(part) ?? 0) + memory.pss);
  }
  return parts;
}

/** CPU time that a process has used so far, in milliseconds; 0 when it is gone. */
export function cpuTimeOf(pid) {
  return readProcess(pid)?.cpuMs ?? 0;
}

/** Resident and proportional memory of a process in bytes; `pss` is null where it may not be read; null when it is gone. */
export function memoryOf(pid) {
  const status = read(`/proc/${pid}/status`);
  const rss = kibibytes(status, 'VmRSS');
  return rss === null ? null : { rss, pss: kibibytes(read(`/proc/${pid}/smaps_rollup`), 'Pss') };
}

function readProcess(pid) {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name is in parentheses and may hold any character.
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const milliseconds = (first) => ((Number(fields[first]) + Number(fields[first + 1])) * 1000) / TICKS_PER_SECOND;
  return { pid, parent: Number(fields[1]), name, cpuMs: milliseconds(11), endedMs: milliseconds(13) };
}

function kibibytes(text, field) {
  const found = text === null ? null : new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text);
  return found ? Number(found[1]) * 1024 : null;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
