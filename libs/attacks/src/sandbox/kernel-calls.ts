import type { AttackGroup } from '../attack';
import { pythonAttack } from '../sandbox-attack';

/** A system call that no web project needs. It is stopped before any of the kernel's own code for it runs: the answer is ENOSYS. */
const surface = (id: string, title: string, expression: string) =>
  pythonAttack({
    id,
    title,
    breach: 'The kernel’s own code for the call is reached: it answers anything but “function not implemented”.',
    layers: ['seccomp'],
    python: `
buffer = ctypes.create_string_buffer(256)
answer = in_child(lambda: ${expression})`,
    isBreach: (answer) => answer.replace(/\bENOSYS\b|[[\]', ]/g, '') !== '',
  });

export const kernelCalls: AttackGroup = {
  title: 'The kernel’s own code',
  attacks: [
    surface(
      'keyring',
      'Keep or find keys in a key ring, which outlives processes',
      '[call("add_key", b"user", b"assay", b"x", 1, -2), call("keyctl", 0, -3, 1)]',
    ),
    surface('bpf', 'Load a program into the kernel', 'call("bpf", 0, 0, 0)'),
    surface('io-uring', 'Make system calls that a filter does not see', 'call("io_uring_setup", 4, buffer)'),
    surface('userfaultfd', 'Hold the kernel up in the middle of a copy', 'call("userfaultfd", 1)'),
    surface(
      'performance-events',
      'Watch other processes through the processor’s counters',
      'call("perf_event_open", 0, 0, -1, -1, 0)',
    ),
    surface(
      'file-handles',
      'Open files by number, past every mount',
      '[call("name_to_handle_at", -100, b"/tmp", buffer, buffer, 0), call("open_by_handle_at", -100, buffer, 0)]',
    ),
    surface('personality', 'Switch off the randomness of addresses', 'call("personality", 0x40000)'),
    surface('kernel-log', 'Read the kernel’s messages', 'call("syslog", 10, 0, 0)'),
    surface(
      'administration',
      'Restart the machine, change swap, quotas or the file watch',
      '[call("reboot", 0, 0, 0, 0), call("swapon", b"/nonexistent", 0), call("quotactl", 0, 0, 0, 0), call("fanotify_init", 0, 0)]',
    ),
    surface('set-clock', 'Set the clock', 'call("clock_settime", 99, 0)'),
    surface(
      'device-node',
      'Make a device node of the disk, to read it past every file',
      'outcome(lambda: os.mknod("/tmp/disk", 0o060600, os.makedev(254, 0)))',
    ),
    surface(
      'real-time',
      'Run before everybody else: real-time scheduling',
      '[call("sched_setscheduler", 0, 1, buffer), call("sched_setattr", 0, 0, 0)]',
    ),
    surface('watch-files', 'Watch who opens files that all submissions share', 'call("inotify_init1", 0)'),
    surface('see-cached-pages', 'See which files others have read, by what is in the page cache', 'call("mincore", 0, 0, 0)'),
    surface('splice', 'Move pages between files and pipes, where kernels had holes', 'call("splice", -1, 0, -1, 0, 0, 0)'),
    surface(
      'hidden-memory',
      'Keep memory and programs where nobody finds them',
      '[call("memfd_create", b"x", 0), call("memfd_secret", 0)]',
    ),
    surface(
      'take-descriptor',
      'Take a descriptor out of another process',
      '[call("pidfd_getfd", -1, 0, 0), call("kcmp", os.getpid(), os.getpid(), 0, 0, 1)]',
    ),
    surface('hidden-clone', 'Start a process by the call whose flags a filter cannot read', 'call("clone3", 0, 0)'),
    pythonAttack({
      id: 'segment-table',
      title: 'Change the processor’s segment table',
      breach: 'The kernel’s own code for the call is reached.',
      layers: ['seccomp'],
      python: `answer = in_child(lambda: call("modify_ldt", 0, ctypes.create_string_buffer(16), 16) if is_intel else "ENOSYS")`,
      isBreach: (answer) => answer !== 'ENOSYS',
    }),
    pythonAttack({
      id: 'foreign-calls',
      title: 'Use the system calls of another architecture, whose numbers mean something else',
      breach: 'A 32-bit (int 0x80) or x32 call is answered; the process should be killed.',
      layers: ['seccomp'],
      python: `
def foreign(number, code):
    import mmap
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
old = in_child(lambda: foreign(20, b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")) if is_intel else "ended by SIGSYS"
x32 = in_child(lambda: libc.syscall(ctypes.c_long(0x40000000 + 39))) if is_intel else "ended by SIGSYS"
answer = [old, x32]`,
      isBreach: (answer) => answer !== '["ended by SIGSYS","ended by SIGSYS"]',
    }),
    pythonAttack({
      id: 'terminal-injection',
      title: 'Type into the terminal of whoever started the judge',
      breach: 'The kernel looks at TIOCSTI or TIOCLINUX; the filter should refuse them whatever the descriptor.',
      layers: ['seccomp'],
      python: `
def type_in(request):
    return name_of(ctypes.get_errno()) if libc.ioctl(0, request, b"x") else 0
answer = [type_in(0x5412), type_in(0x541C)]`,
      isBreach: (answer) => answer !== '["EPERM","EPERM"]',
    }),
    pythonAttack({
      id: 'outlive-judge',
      title: 'Outlive a judge that is killed, by clearing the signal that tells of its death',
      breach: 'prctl(PR_SET_PDEATHSIG) is carried out.',
      layers: ['seccomp'],
      python: `answer = "cleared" if libc.prctl(1, 0, 0, 0, 0) == 0 else name_of(ctypes.get_errno())`,
      isBreach: (answer) => answer !== 'EPERM',
    }),
    pythonAttack({
      id: 'odd-sockets',
      title: 'Make sockets that a web project never needs: netlink, packet, virtual machine, alg, bluetooth',
      breach: 'The kernel’s own code for such a family is reached.',
      layers: ['seccomp'],
      python: `
def make(family, kind):
    number = libc.socket(family, kind, 0)
    return name_of(ctypes.get_errno()) if number == -1 else number
answer = {name: make(*what) for name, what in dict(netlink=(16, 3), packet=(17, 3), vsock=(40, 1), alg=(38, 5)).items()}`,
      isBreach: (answer) =>
        Object.values(JSON.parse(answer) as Record<string, unknown>).some((value) => value !== 'EAFNOSUPPORT'),
    }),
    pythonAttack({
      id: 'trace-child',
      title: 'Trace a process of its own, the first step of many exploits',
      breach: 'ptrace, process_vm_readv or process_madvise is carried out on a child.',
      layers: ['seccomp'],
      python: `
child = os.fork()
if child == 0:
    time.sleep(30)
    os._exit(0)
answer = [call("ptrace", 0x4206, child, 0, 0), call("process_vm_readv", child, 0, 0, 0, 0, 0), call("process_madvise", -1, 0, 0, 0, 0)]
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)`,
      isBreach: (answer) => answer !== '["ENOSYS","ENOSYS","ENOSYS"]',
    }),
  ],
};
