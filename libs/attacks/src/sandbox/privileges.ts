import type { AttackGroup } from '../attack';
import { HOST_PROCESSES, projectAttack, pythonAttack, textOf } from '../sandbox-attack';

const NEW_USER = '0x10000000';

export const privileges: AttackGroup = {
  title: 'More rights',
  attacks: [
    pythonAttack({
      id: 'have-capabilities',
      title: 'Use a capability that was left to it',
      breach: 'The submission holds a capability, or can get one.',
      layers: ['privileges'],
      python: `
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
def held():
    libc.capget(header, data)
    return any(data)
full = (ctypes.c_uint32 * 6)(*[2**32 - 1] * 6)
before = held()
libc.capset(header, full)
answer = f"capabilities {'held' if before or held() else 'none'}"`,
      isBreach: (answer) => answer === 'capabilities held',
    }),
    pythonAttack({
      id: 'become-root',
      title: 'Become root',
      breach: 'The submission runs as user 0.',
      layers: ['privileges'],
      python: `
def become():
    if os.getuid() == 0:
        return 0
    for change in (lambda: os.setresuid(0, 0, 0), lambda: os.setreuid(0, 0), lambda: os.setuid(0)):
        try:
            change()
        except OSError:
            pass
    return os.geteuid()
answer = in_child(become)`,
      isBreach: (answer) => answer === '0',
    }),
    pythonAttack({
      id: 'mount',
      title: 'Mount a file system, unmount one, or change the root',
      breach: 'A mount, unmount, pivot_root or chroot succeeds.',
      layers: ['privileges', 'seccomp'],
      python: `
def change():
    return [call("mount", b"none", b"/tmp", b"tmpfs", 0, 0), call("umount2", b"/app", 2), call("pivot_root", b"/tmp", b"/tmp"), call("chroot", b"/tmp")]
answer = in_child(change)`,
      isBreach: (answer) => /(^\[|, )0/.test(answer),
    }),
    pythonAttack({
      id: 'new-mount-calls',
      title: 'Mount by the newer calls that old filters do not know',
      breach: 'fsopen or open_tree gives a file system to mount.',
      layers: ['privileges', 'seccomp'],
      python: `
def change():
    return [call("fsopen", b"tmpfs", 0), call("open_tree", -100, b"/tmp", 1)]
answer = in_child(change)`,
      isBreach: (answer) => /\d/.test(answer),
    }),
    pythonAttack({
      id: 'nested-user-namespace',
      title: 'Make a user namespace of its own, in which it would be root',
      breach: 'A user namespace is made inside.',
      layers: ['seccomp', 'nested-namespaces'],
      python: `
def nested():
    made = call("unshare", ${NEW_USER})
    return made if made == 0 else [made, call("clone", ${NEW_USER} | 17, 0, 0, 0, 0), call("clone3", 0, 0)]
answer = in_child(nested)`,
      isBreach: (answer) => answer === '0',
    }),
    pythonAttack({
      id: 'new-namespaces',
      title: 'Make mount, network and process namespaces of its own',
      breach: 'A namespace is made inside.',
      layers: ['privileges', 'seccomp'],
      python: `
answer = {name: in_child(lambda: call("unshare", flag)) for name, flag in dict(mount=0x20000, network=0x40000000, process=0x20000000, ipc=0x8000000, group=0x2000000).items()}`,
      isBreach: (answer) => /"0"/.test(answer),
    }),
    projectAttack({
      id: 'join-namespace',
      title: 'Join a namespace of a process of the host',
      breach: 'setns puts the submission into a namespace of another process.',
      layers: ['pid-namespace', 'process-files', 'privileges', 'seccomp'],
      proofOn: HOST_PROCESSES,
      act: async (project) => {
        const answer = textOf(
          await project.run(`
def join(kind):
    opened = outcome(lambda: os.open(f"/proc/{os.getppid() or 1}/ns/{kind}", os.O_RDONLY))
    if not opened.startswith("done"):
        opened = outcome(lambda: os.open(f"/proc/1/ns/{kind}", os.O_RDONLY))
    return call("setns", int(opened[5:]), 0) if opened.startswith("done") else opened
answer = {kind: in_child(lambda: join(kind)) for kind in ("mnt", "net", "ipc", "uts", "pid")}`),
        );
        return { breached: /"0"/.test(answer), seen: answer };
      },
    }),
    pythonAttack({
      id: 'rename-machine',
      title: 'Rename the machine',
      breach: 'sethostname succeeds.',
      layers: ['privileges', 'seccomp'],
      python: `answer = str(call("sethostname", b"mine", 4))`,
      isBreach: (answer) => answer === '0',
    }),
    pythonAttack({
      id: 'raise-limits',
      title: 'Raise its own limits',
      breach: 'A hard limit is raised.',
      layers: ['privileges', 'rlimits'],
      python: `
import resource
def raise_limits():
    raised = []
    for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NOFILE"):
        try:
            resource.setrlimit(getattr(resource, name), (2**18, 2**18) if name == "RLIMIT_NOFILE" else (2**40, 2**40))
            raised.append(name)
        except (ValueError, OSError):
            pass
    return raised
answer = in_child(raise_limits)`,
      isBreach: (answer) => answer !== '[]',
    }),
  ],
};
