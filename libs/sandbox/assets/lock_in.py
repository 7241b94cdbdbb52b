"""In a zygote's child, trusted until it returns: turns the process into the first one of a sandbox, for good."""

import fcntl
import os
import resource
import signal
import socket
import struct

import kernel
from project import LISTENER, PROJECT, STATUS

SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40
# The users of the sandbox, as its own /etc/passwd names them.
SUBMISSION = 1000


def high(descriptor):
    """Out of the way of the numbers that the submission gets."""
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD, 64)


def listen(folder):
    """The socket appears under its name only when connecting to it works."""
    os.fchdir(folder)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind("http.sock.new")
    os.chmod("http.sock.new", 0o600)
    listener.listen(64)
    os.rename("http.sock.new", "http.sock")
    return listener


def show(folders):
    """Mounts the folders of this run, each from its place below the judge's work folder, which then goes away."""
    for place in folders:
        opened = os.open(place["source"], os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
        kernel.bind(f"/proc/self/fd/{opened}", place["target"])
        os.close(opened)
        attributes = kernel.NO_SUID | kernel.NO_DEVICES
        attributes |= 0 if place["links"] else kernel.NO_SYMLINKS
        attributes |= 0 if place["writable"] else kernel.READ_ONLY
        kernel.protect(place["target"], attributes)


def make_temporary(temporary):
    if temporary["shared"]:
        # Over what is there: a folder of a mount that is gone cannot be shown.
        kernel.bind("/tmp/" + temporary["shared"], "/tmp")
        return
    kernel.unmount("/tmp")
    options = ["mode=1777"]
    options += [f"{name}={temporary[key]}" for name, key in (("size", "bytes"), ("nr_inodes", "inodes")) if temporary[key]]
    kernel.mount("tmp", "/tmp", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, ",".join(options))


def start_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP | IFF_RUNNING))


def set_limits(limits):
    for name, (soft, hard) in limits.items():
        kind = getattr(resource, name)
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (soft, hard))


def become_submission(user, this, settings, may_nest):
    """`this` is our own folder of /proc, which is no longer mounted, `settings` that of the kernel's about users.

    Returns whether the kernel refuses user namespaces inside.
    """
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        kernel.prctl(kernel.SET_DUMPABLE, 1)  # else our own files in /proc are root's
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.NEW_USER)
    kernel.write_file("setgroups", "deny", this)
    kernel.write_file("uid_map", f"{SUBMISSION} {uid} 1", this)
    kernel.write_file("gid_map", f"{SUBMISSION} {gid} 1", this)
    if may_nest:
        return False
    try:
        kernel.write_file("max_user_namespaces", "0", settings)
        return True
    except OSError:
        return False  # read-only in a container: the system call filter alone refuses them then


def lock_in(run, without, filter, parent_lives, status, log):
    """`run` is what the judge asked for (src/zygote/run-plan.ts), `parent_lives` a pipe whose other end only the zygote holds.

    Returns whether the kernel refuses user namespaces inside, besides the system call filter.
    """
    this = high(os.open("/proc/self", os.O_PATH | os.O_DIRECTORY))
    settings = high(os.open("/proc/sys/user", os.O_PATH | os.O_DIRECTORY))
    kernel.write_file("/proc/self/oom_score_adj", "1000")
    os.chdir("/tmp")
    work = os.open(run["workDir"], os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    listener = listen(work)

    wanted = {
        kernel.NEW_MOUNTS: None,
        kernel.NEW_NAME: None,
        kernel.NEW_CGROUP: None,
        kernel.NEW_IPC: "ipc-namespace",
        kernel.NEW_NETWORK: "network-namespace",
    }
    kernel.unshare(sum(flag for flag, layer in wanted.items() if layer not in without))
    os.chdir("/tmp")
    show(run["folders"])
    os.chdir("/")
    make_temporary(run["temporary"])
    if run["semaphores"]:
        options = f"mode=1777,size={run['semaphores']}"
        kernel.mount("shm", "/dev/shm", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC, options)
    if "process-files" not in without:
        kernel.unmount("/proc")
    else:
        kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
    if "network-namespace" not in without:
        start_loopback()
    kernel.check(kernel.libc.sethostname(b"sandbox", 7), "sethostname")
    os.chdir(PROJECT)

    status, log, listening, parent_lives = map(high, (status, log, listener.detach(), parent_lives))
    for descriptor, number in ((log, 1), (log, 2), (status, STATUS), (listening, LISTENER)):
        os.dup2(descriptor, number, inheritable=True)

    set_limits(run["limits"])
    is_closed = False
    if "privileges" not in without:
        is_closed = become_submission(run["user"], this, settings, "nested-namespaces" in without)
    if run["processes"]:
        # Counted inside this user namespace only, so the judge's own processes do not count.
        resource.setrlimit(resource.RLIMIT_NPROC, (run["processes"], run["processes"]))
    if "privileges" not in without:
        kernel.drop_capabilities()
    kernel.prctl(kernel.NO_NEW_PRIVILEGES, 1)
    kernel.prctl(kernel.SET_DEATH_SIGNAL, signal.SIGKILL)
    os.set_blocking(parent_lives, False)
    try:
        os.read(parent_lives, 1)  # at its end: the zygote died before the call above
        os._exit(1)
    except BlockingIOError:
        pass
    if "descriptors" not in without:
        os.closerange(STATUS + 1, LISTENER)
        os.closerange(LISTENER + 1, 1 << 20)
    if filter is not None:
        filter.apply()
    if "environment" not in without:
        os.environ.clear()
    os.environ.update(run["environment"])
    return is_closed
