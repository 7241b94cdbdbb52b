"""Outside the sandbox, trusted: starts bubblewrap with what only the judge may prepare, and sees to it that nothing outlives the judge.

Reads one line of JSON on standard input, whose end then means: kill everything. The judge closes it to kill, and the kernel closes it
when the judge itself is killed. bubblewrap's own --die-with-parent is not enough: its child sets that up only after milliseconds of
mounting, and a parent that ends before is not noticed. This process adopts and kills whatever loses its parent, and ends last.

Inherits: 1 and 2 the log, 3 the harness's status, 4 bubblewrap's own status. Only the standard library, run with `-I -S`.
A failure to prepare prints one line, before anything of the submission runs.
"""

import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import socket
import stat
import sys
import time

LISTENER, FILTER, ARGUMENTS = 5, 6, 7
PREPARATION_FAILED = 97
PROCESSES_LEFT = 98
KILLED_AS_TOLD = 96

# Until then, orphans are expected to die with their parent, and it is not worth looking for them.
SECONDS_TO_DIE = 0.03
SECONDS_TO_KILL = 10

# linux/mount.h, linux/sched.h, linux/prctl.h
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_NOSYMFOLLOW = 1, 2, 4, 32, 256
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
CLONE_NEWNS = 0x00020000
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

libc = ctypes.CDLL(None, use_errno=True)
libc.mount.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)


def check(result, doing):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{doing}: {os.strerror(number)}")


def die_with_parent(parent):
    check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    if os.getppid() != parent:  # it died before the call
        os._exit(PREPARATION_FAILED)


def listen(path):
    """The socket appears under its name only when connecting to it works."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path + ".new")
    os.chmod(path + ".new", 0o600)
    listener.listen(64)
    os.rename(path + ".new", path)
    return listener


def first_to_die_of_hunger():
    """Where no cgroup bounds the sandbox, the machine's memory runs out: the kernel takes the submission then and not the judge."""
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def join_cgroups(files):
    for file in files:
        with open(file, "w") as procs:
            procs.write("0")


def set_limits(limits):
    for name, (soft, hard) in limits.items():
        kind = getattr(resource, name)
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (soft, hard))


def may_mount():
    """A mount namespace of our own, or False where root has no such right (a container)."""
    if libc.unshare(CLONE_NEWNS) != 0:
        return False
    check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    return True


def stage(binds, temporary):
    """As root only: shows the folders at places that another user can reach, since the way to the originals may be closed to him.

    Returns the binds with their new sources, and the folder that becomes /tmp.
    """
    shared = temporary["shared"] and os.open(temporary["shared"], os.O_PATH)
    descriptors = [os.open(bind["source"], os.O_PATH) for bind in binds]
    check(libc.mount(b"stage", b"/tmp", b"tmpfs", MS_NOSUID | MS_NODEV, b"size=1m,mode=755"), "mount the stage")
    staged = []
    for index, (bind, descriptor) in enumerate(zip(binds, descriptors)):
        place = f"/tmp/{index}"
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            os.mkdir(place)
        else:
            os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o644))
        source = f"/proc/self/fd/{descriptor}".encode()
        check(libc.mount(source, place.encode(), None, MS_BIND, None), f"bind {bind['target']}")
        flags = MS_NOSUID | MS_NODEV | (0 if bind["links"] else MS_NOSYMFOLLOW) | (0 if bind["writable"] else MS_RDONLY)
        check(libc.mount(None, place.encode(), None, MS_BIND | MS_REMOUNT | flags, None), f"protect {bind['target']}")
        os.close(descriptor)
        staged.append({**bind, "source": place})
    os.mkdir("/tmp/tmp")
    if shared:
        check(libc.mount(f"/proc/self/fd/{shared}".encode(), b"/tmp/tmp", None, MS_BIND, None), "bind /tmp")
        os.close(shared)
    else:
        options = ["mode=1777"]
        options += [f"{name}={temporary[key]}" for name, key in (("size", "bytes"), ("nr_inodes", "inodes")) if temporary[key]]
        check(libc.mount(b"tmp", b"/tmp/tmp", b"tmpfs", MS_NOSUID | MS_NODEV, ",".join(options).encode()), "mount /tmp")
    return staged, "/tmp/tmp"


def become(user):
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def memory_file(name, content):
    descriptor = os.memfd_create(name, 0)
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def start(spec, parent):
    """In a process of its own, which becomes bubblewrap."""
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(1, 2)  # one log, in the order of writing
    die_with_parent(parent)
    first_to_die_of_hunger()
    listener = listen(spec["socket"])
    join_cgroups(spec["cgroupFiles"])

    binds, temporary = spec["binds"], spec["temporary"]["shared"]
    leaked = spec["keeps"]["descriptor"] and os.open(spec["keeps"]["descriptor"], os.O_RDONLY)
    if spec["user"] is not None:
        if may_mount():
            binds, temporary = stage(binds, spec["temporary"])
        become(spec["user"])
        die_with_parent(parent)  # a change of user clears it

    arguments = list(spec["before"])
    for bind in binds:
        arguments += ["--bind" if bind["writable"] else "--ro-bind", bind["source"], bind["target"]]
    if temporary is not None:
        arguments += ["--bind", temporary, "/tmp"]
    else:
        size = spec["temporary"]["bytes"]
        arguments += [*(["--size", str(size)] if size else []), "--tmpfs", "/tmp"]
    arguments += [*(["--seccomp", str(FILTER)] if spec["filter"] else []), *spec["after"]]

    filter_file = memory_file("filter", bytes.fromhex(spec["filter"] or ""))
    arguments_file = memory_file("arguments", b"".join(argument.encode() + b"\0" for argument in arguments))
    # First out of the way of the numbers they get, which may be taken by each other.
    high = [fcntl.fcntl(file, fcntl.F_DUPFD, 64) for file in (listener.fileno(), filter_file, arguments_file)]
    leaked = leaked and fcntl.fcntl(leaked, fcntl.F_DUPFD, 64)
    for descriptor, number in zip(high, (LISTENER, FILTER, ARGUMENTS)):
        os.dup2(descriptor, number, inheritable=True)
    if leaked:
        leaked = os.dup2(leaked, 8, inheritable=True)
    os.closerange(9 if leaked else 8, 256)
    os.set_inheritable(3, True)
    os.set_inheritable(4, True)

    set_limits(spec["limits"])
    # The variable is for whoever looks at the host's processes; the submission does not get it.
    environment = {**(os.environ if spec["keeps"]["environment"] else {}), "ASSAY_SANDBOX": spec["socket"]}
    os.execve(spec["bwrap"], ["bwrap", "--args", str(ARGUMENTS), "--", *spec["command"]], environment)


def children_by_looking():
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                parent = int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == os.getpid():
            yield int(name)


def kill_all(first):
    """Kills the first child and all that is handed to us when it dies. Only our own children are killed, so no number is reused."""
    began = time.monotonic()
    os.kill(first, signal.SIGKILL)
    while time.monotonic() - began < SECONDS_TO_KILL:
        try:
            while os.waitpid(-1, os.WNOHANG)[0] != 0:
                pass
        except ChildProcessError:
            return
        if time.monotonic() - began > SECONDS_TO_DIE:
            for child in children_by_looking():
                os.kill(child, signal.SIGKILL)
        time.sleep(0.002)
    os._exit(PROCESSES_LEFT)


def watch(child):
    for number in (1, 2, 3, 4):
        os.close(number)
    ended = os.pidfd_open(child)
    poll = select.poll()
    poll.register(0, select.POLLIN)
    poll.register(ended, select.POLLIN)
    ready = dict(poll.poll())
    kill_all(child)
    if ended not in ready:
        os._exit(KILLED_AS_TOLD)


def main():
    spec = json.loads(sys.stdin.buffer.readline())
    check(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")
    this = os.getpid()
    child = os.fork()
    if child == 0:
        start(spec, this)
    watch(child)


try:
    main()
except BaseException as error:
    try:
        print(f"launcher: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(PREPARATION_FAILED)
os._exit(0)
