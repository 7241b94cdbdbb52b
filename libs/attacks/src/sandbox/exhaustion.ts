import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseMountinfo, parseOwnGroups } from '@assay/sandbox/cgroup/find-cgroups';
import type { AttackGroup } from '../attack';
import { projectAttack, pythonAttack } from '../sandbox-attack';

const MIB = 1024 * 1024;

/** Every attack here stops by itself at a few times its limit, so that it does no harm without its layer. */
export const exhaustion: AttackGroup = {
  title: 'Using up the machine',
  attacks: [
    projectAttack({
      id: 'fork-bomb',
      title: 'Fork without end',
      breach: 'More processes live on the host than the limit says.',
      layers: ['rlimits', 'cgroup-limits'],
      project: { limits: { processes: 24 } },
      act: async (project) => {
        const answer = await project.run(`
made = 0
try:
    while made < 90:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
    answer = f"{made} forks and no limit"
except OSError as error:
    answer = f"{made} forks, then {name_of(error.errno)}"`);
        const living = (await project.processes()).length;
        return { breached: living > 26, seen: `${answer}; ${living} processes on the host` };
      },
    }),
    pythonAttack({
      id: 'thread-bomb',
      title: 'Start threads without end',
      breach: 'More threads live than the limit of processes says.',
      layers: ['rlimits', 'cgroup-limits'],
      project: { limits: { processes: 24 } },
      python: `
import threading
threading.stack_size(65536)
stop = threading.Event()
made = 0
try:
    while made < 90:
        threading.Thread(target=stop.wait, daemon=True).start()
        made += 1
except (RuntimeError, MemoryError):
    pass
stop.set()
answer = str(made)`,
      isBreach: (answer) => Number(answer) > 26,
    }),
    pythonAttack({
      id: 'memory-of-one-process',
      title: 'Use up the memory in one process',
      breach: 'A process holds more memory than its limit.',
      layers: ['rlimits', 'cgroup-limits'],
      project: { limits: { memoryMiB: 128 } },
      python: `
def eat():
    parts = []
    try:
        while len(parts) < 300:
            parts.append(b"x" * 2**20)
    except MemoryError:
        pass
    return len(parts)
answer = in_child(eat)`,
      isBreach: (answer) => Number(answer) > 128,
    }),
    projectAttack({
      id: 'memory-of-many-processes',
      title: 'Use up the memory in many processes, each within its limit',
      breach: 'The processes together hold more memory than the limit.',
      layers: ['cgroup-limits'],
      project: { limits: { memoryMiB: 256 } },
      act: async (project) => {
        await project.tryRun(`
for _ in range(4):
    if os.fork() == 0:
        held = b"x" * (110 * 2**20)
        time.sleep(30)
        os._exit(0)
answer = "begun"`);
        await wait(2000);
        const held = await memoryOf(await project.processes());
        await project.sandbox.kill();
        const { memoryKills } = (await project.sandbox.exited).counters;
        return {
          breached: held > 1.1 * 256 * MIB,
          seen: `${Math.round(held / MIB)} MiB held of 256, ${memoryKills ?? 'unknown number of'} processes killed by the kernel`,
        };
      },
    }),
    pythonAttack({
      id: 'fill-temporary-folder',
      title: 'Fill the temporary folder',
      breach: 'The files in /tmp together are larger than the limit.',
      layers: ['temporary-limits'],
      project: { limits: { fileMiB: 8 } },
      python: `
written = 0
try:
    while written < 40:
        with open(f"/tmp/fill{written}", "wb") as file:
            file.write(b"x" * 2**20)
        written += 1
except OSError:
    pass
for name in os.listdir("/tmp"):
    if name.startswith("fill"):
        os.unlink("/tmp/" + name)
answer = str(written)`,
      isBreach: (answer) => Number(answer) > 9,
    }),
    pythonAttack({
      id: 'fill-with-empty-files',
      title: 'Fill the temporary folder with empty files, which take kernel memory',
      breach: 'More files are made than the limit.',
      layers: ['temporary-limits'],
      python: `
made = 0
try:
    while made < 20000:
        os.close(os.open(f"/tmp/empty{made}", os.O_CREAT | os.O_WRONLY))
        made += 1
except OSError:
    pass
for number in range(made):
    os.unlink(f"/tmp/empty{number}")
answer = str(made)`,
      isBreach: (answer) => Number(answer) >= 20000,
    }),
    pythonAttack({
      id: 'large-file',
      title: 'Make a file of a terabyte, without a byte in it',
      breach: 'The file is made.',
      layers: ['rlimits'],
      python: `
with open("/tmp/sparse", "wb") as file:
    answer = outcome(lambda: file.truncate(2**40))
os.unlink("/tmp/sparse")`,
      isBreach: (answer) => answer.startsWith('done'),
    }),
    pythonAttack({
      id: 'open-files',
      title: 'Open files without end',
      breach: 'A process opens more descriptors than its limit.',
      layers: ['rlimits'],
      project: { limits: { openFiles: 64 } },
      python: `
numbers = []
try:
    while len(numbers) < 300:
        numbers.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
for number in numbers:
    os.close(number)
answer = str(len(numbers))`,
      isBreach: (answer) => Number(answer) > 64,
    }),
    pythonAttack({
      id: 'processor-time',
      title: 'Use processor time without end, deaf to the signal that tells of the limit',
      breach: 'A process uses more processor time than its limit and the two seconds of grace.',
      layers: ['rlimits'],
      project: { limits: { cpuSeconds: 1 } },
      residual:
        'Children of which each stays below the limit go on until the judge ends the whole run, never faster than one processor.',
      python: `
def burn():
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while time.process_time() < 4.5:
        pass
    return "burned 4.5 s"
answer = in_child(burn, 40)`,
      isBreach: (answer) => answer === 'burned 4.5 s',
    }),
    projectAttack({
      id: 'all-processors',
      title: 'Take all processors with many children',
      breach: 'The processes together use clearly more than one processor, or only a busy machine keeps them from it.',
      layers: ['cgroup-limits'],
      residual: 'One processor of the machine is the submission’s for as long as its run may take.',
      act: async (project) => {
        const [pid] = await project.processes();
        const mayUse = pid === undefined ? null : await processorsOf(pid);
        const used = Number(
          await project.run(`
import resource
def burn():
    end = time.monotonic() + 2
    while time.monotonic() < end:
        pass
began = time.monotonic()
children = []
for _ in range(12):
    child = os.fork()
    if child == 0:
        burn()
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
answer = (usage.ru_utime + usage.ru_stime) / (time.monotonic() - began)`),
        );
        // On a busy machine nobody gets more than one; then the kernel's setting is all that tells.
        const seen = `${used.toFixed(2)} processors used, the kernel allows ${mayUse ?? 'all'}`;
        return { breached: used > 1.25 || mayUse === null, seen };
      },
    }),
    pythonAttack({
      id: 'lock-memory',
      title: 'Lock memory, so that it cannot be moved out of the way of others',
      breach: 'Memory is locked.',
      layers: ['rlimits'],
      python: `
page = ctypes.create_string_buffer(65536)
answer = "locked" if libc.mlock(page, ctypes.c_size_t(65536)) == 0 else name_of(ctypes.get_errno())
libc.munlock(page, ctypes.c_size_t(65536))`,
      isBreach: (answer) => answer === 'locked',
    }),
    pythonAttack({
      id: 'core-dump',
      title: 'Crash so that the kernel writes a core file, or runs the program of the host that collects them',
      breach: 'The kernel says that it dumped core.',
      layers: ['rlimits'],
      python: `
import resource
child = os.fork()
if child == 0:
    try:
        os.chdir("/tmp")
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
        os.kill(os.getpid(), signal.SIGABRT)
        os.abort()
    finally:
        os._exit(1)
_, status = os.waitpid(child, 0)
answer = "dumped" if os.WCOREDUMP(status) else f"not dumped, ended by {os.WTERMSIG(status)}"`,
      isBreach: (answer) => answer === 'dumped',
    }),
    pythonAttack({
      id: 'queue-signals',
      title: 'Queue signals without end in the kernel',
      breach: 'More signals wait than the limit says.',
      layers: ['rlimits'],
      python: `
def queue():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
    class Value(ctypes.Union):
        _fields_ = [("number", ctypes.c_int), ("pointer", ctypes.c_void_p)]
    libc.sigqueue.argtypes = (ctypes.c_int, ctypes.c_int, Value)
    queued = 0
    while queued < 200 and libc.sigqueue(os.getpid(), signal.SIGRTMIN, Value(1)) == 0:
        queued += 1
    return queued
answer = in_child(queue)`,
      isBreach: (answer) => Number(answer) > 64,
    }),
  ],
};

/** Memory in RAM of these processes, in bytes, what they share counted once for each part. */
async function memoryOf(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Processors that the group of a process may use; null when it has no limit. */
async function processorsOf(pid: number): Promise<number | null> {
  const mounts = parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8'));
  const groups = parseOwnGroups(await readFile(`/proc/${pid}/cgroup`, 'utf8'));
  for (const { type, options, mountPoint } of mounts) {
    const group =
      type === 'cgroup2' ? groups.get('') : type === 'cgroup' && options.includes('cpu') ? groups.get('cpu') : undefined;
    if (group === undefined) continue;
    const read = (file: string): Promise<string> => readFile(path.join(mountPoint, group, file), 'utf8').catch(() => '');
    const [quota, period] =
      type === 'cgroup2' ? (await read('cpu.max')).split(' ') : [await read('cpu.cfs_quota_us'), await read('cpu.cfs_period_us')];
    if (Number(quota) > 0) return Number(quota) / Number(period);
  }
  return null;
}
