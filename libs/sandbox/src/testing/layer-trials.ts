import type { SandboxLayer } from '../sandbox';

/** A shared memory segment of the host, and a port on which the host listens: the spec makes them. */
export const TRIAL_SEGMENT = 0x0a55a7;
export const TRIAL_PORT = 'TRIAL_PORT';

/**
 * Python that tells whether a wall stands: with `answer` true, the project got through it. `together`: another wall that stops the same
 * and is left out both times.
 */
export const LAYER_TRIALS: Readonly<Partial<Record<SandboxLayer, { python: string; together?: readonly SandboxLayer[] }>>> = {
  root: { python: 'import os; answer = os.path.exists("/etc/hostname") and os.path.exists("/bin/sh")' },
  'read-only': {
    python: trying('open("/app/written", "w").close(); open("/usr/lib/written", "w").close()'),
    together: ['privileges'],
  },
  'pid-namespace': { python: 'import os; answer = os.getpid() != 1 and os.getppid() != 0' },
  'network-namespace': { python: trying(`import socket; socket.create_connection(("127.0.0.1", ${TRIAL_PORT}), 2)`) },
  'ipc-namespace': {
    python: `import ctypes; answer = ctypes.CDLL(None).shmget(${TRIAL_SEGMENT}, 4096, 0o600) >= 0`,
    together: ['seccomp'],
  },
  privileges: {
    python: `
import ctypes
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
ctypes.CDLL(None).capget(header, data)
answer = data[0] != 0`,
  },
  'nested-namespaces': {
    // In a process of its own: the kernel refuses it to a process with threads.
    python: `
import ctypes, os
child = os.fork()
if child == 0:
    os._exit(0 if ctypes.CDLL(None).unshare(0x10000000) == 0 else 1)
answer = os.waitpid(child, 0)[1] == 0`,
    together: ['seccomp'],
  },
  seccomp: { python: trying('import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)') },
  rlimits: { python: 'import resource; answer = resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY' },
  'temporary-limits': {
    python: 'import os; s = os.statvfs("/tmp"); answer = s.f_blocks * s.f_frsize > 64 * 2**20 and s.f_files != 16384',
  },
  environment: { python: 'import os; answer = os.environ.get("ASSAY_TRIAL_SECRET") == "of the judge"' },
  descriptors: {
    python: `
import os, stat
def is_folder(number):
    try:
        return stat.S_ISDIR(os.fstat(number).st_mode)
    except OSError:
        return False
answer = any(is_folder(number) for number in range(128))`,
  },
  'symbolic-links': { python: 'import os; answer = os.path.exists("/app/link")' },
  'process-files': { python: 'import os; answer = os.path.exists("/proc/self/maps")' },
};

function trying(python: string): string {
  return `
try:
    ${python}
    answer = True
except OSError:
    answer = False`;
}
