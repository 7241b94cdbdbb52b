"""Outside the sandbox, trusted: makes the world in which a zygote lives, and sees to it that the zygote does not outlive the judge.

Reads one line of JSON on standard input. The rest of it belongs to the zygote; when its other end is closed, all is killed. Descriptor 1
takes the zygote's words, 2 messages about what went wrong. Only the standard library, run with `-I -S`. No secret passes through here.

Three processes: this one stays outside; the first one of a process namespace, which takes the rest with it when it dies; the zygote.
"""

import json
import os
import select
import signal
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kernel import (
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    NEW_MOUNTS,
    NEW_PROCESSES,
    NEW_USER,
    NO_DEVICES,
    NO_SUID,
    READ_ONLY,
    SET_DEATH_SIGNAL,
    bind,
    change_root,
    mount,
    prctl,
    protect,
    unshare,
    write_file,
)

FAILED = 97
CONTROL_IN, CONTROL_OUT, LISTENER = 10, 11, 12
# Exists everywhere and has nothing that is shown: a tree with the stage in it could not be.
STAGE = "/sys"


def read_line():
    """Byte by byte: what comes after it is not for us."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            os._exit(0)
        line += byte
    return line


def stay_alive():
    """When memory runs out, the kernel takes a submission, which sets this to the contrary. Only root may."""
    try:
        write_file("/proc/self/oom_score_adj", "-900")
    except OSError:
        pass


def listen(path):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    os.chmod(path, 0o600)
    listener.listen(8)
    return listener


def map_lines(own, users):
    """For root, the users that submissions run as are there too, under the same numbers."""
    return f"0 {own} 1\n" + (f"{users['first']} {users['first']} {users['count']}\n" if users else "")


def enter_namespaces(users):
    """A user namespace has its users written by a process outside of it."""
    this, uid, gid = os.getpid(), os.getuid(), os.getgid()
    (wait, go), (answer, told) = os.pipe(), os.pipe()
    helper = os.fork()
    if helper == 0:
        os.close(go)
        try:
            if os.read(wait, 1):
                if users is None:
                    write_file(f"/proc/{this}/setgroups", "deny")
                write_file(f"/proc/{this}/uid_map", map_lines(uid, users))
                write_file(f"/proc/{this}/gid_map", map_lines(gid, users))
        except OSError as error:
            os.write(told, f"write the users of the namespace: {error}".encode())
        os._exit(0)
    unshare(NEW_USER | NEW_MOUNTS | NEW_PROCESSES)
    os.write(go, b"1")
    os.waitpid(helper, 0)
    os.set_blocking(answer, False)
    try:
        raise OSError(os.read(answer, 1000).decode())
    except BlockingIOError:
        pass
    for descriptor in (wait, go, answer, told):
        os.close(descriptor)
    if users is not None:
        os.setgroups([])


def open_all(root, extra):
    """In the mount namespace of our own, from which alone they may be shown."""
    sources = [*(entry["source"] for entry in root["binds"]), *extra]
    return {source: os.open(source, os.O_PATH | os.O_CLOEXEC) for source in sources}


def make_root(plan, opened):
    """The root of the zygote and of what it forks. `/tmp` is the judge's work folder, which every sandbox lets go of."""
    mount(None, "/", flags=MS_REC | MS_PRIVATE)
    mount("root", STAGE, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    show = lambda source: f"/proc/self/fd/{opened[source]}"
    for folder in plan["root"]["folders"]:
        os.makedirs(STAGE + folder, 0o755)
    for link in plan["root"]["links"]:
        os.symlink(link["target"], STAGE + link["path"])
    for entry in plan["root"]["binds"]:
        target = STAGE + entry["target"]
        os.makedirs(target, 0o755, exist_ok=True)
        bind(show(entry["source"]), target, whole_tree=True)
        attributes = NO_SUID | NO_DEVICES | (0 if entry["writable"] else READ_ONLY)
        protect(target, attributes, whole_tree=True)
    mount("dev", STAGE + "/dev", "tmpfs", MS_NOSUID, "size=64k,mode=755")
    for name in plan["devices"]:
        os.close(os.open(f"{STAGE}/dev/{name}", os.O_CREAT | os.O_WRONLY, 0o666))
        bind(show(f"/dev/{name}"), f"{STAGE}/dev/{name}")
    os.mkdir(STAGE + "/dev/shm", 0o755)
    bind(show("/proc"), STAGE + "/proc", whole_tree=True)
    bind(show(plan["workRoot"]), STAGE + "/tmp", whole_tree=True)
    protect(STAGE + "/tmp", NO_SUID | NO_DEVICES, whole_tree=True)
    if plan["readOnly"]:
        protect(STAGE + "/dev", READ_ONLY)
        protect(STAGE, READ_ONLY)
    change_root(STAGE)


def become_zygote(plan, listener):
    """Descriptors 0, 1 and 2 are for what a submission gets there."""
    os.dup2(0, CONTROL_IN)
    os.dup2(1, CONTROL_OUT)
    os.dup2(listener.fileno(), LISTENER)
    os.closerange(3, CONTROL_IN)
    os.closerange(LISTENER + 1, 1024)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(2, 1)
    for number in (CONTROL_IN, CONTROL_OUT, LISTENER):
        os.set_inheritable(number, True)
    prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    os.execve(plan["python"], [plan["python"], plan["program"], json.dumps(plan["zygote"])], plan["environment"])


def be_first(plan, listener):
    """The first process of the namespace: it takes in orphans and ends with the zygote."""
    prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    zygote = os.fork()
    if zygote == 0:
        guarded(lambda: become_zygote(plan, listener))
    os.closerange(0, 1024)
    while True:
        ended, status = os.wait()
        if ended == zygote:
            os._exit(os.waitstatus_to_exitcode(status) & 255)


def guarded(action):
    try:
        action()
    except BaseException as error:
        os.write(2, f"zygote launcher: {type(error).__name__}: {error}\n".encode())
    os._exit(FAILED)


def main():
    plan = json.loads(read_line())
    stay_alive()
    for file in plan["cgroupFiles"]:
        write_file(file, "0")
    listener = listen(plan["socket"])
    enter_namespaces(plan["users"])
    opened = open_all(plan["root"], ["/proc", plan["workRoot"], *(f"/dev/{name}" for name in plan["devices"])])
    make_root(plan, opened)
    first = os.fork()
    if first == 0:
        guarded(lambda: be_first(plan, listener))
    ended = os.pidfd_open(first)
    for number in (1, 2, listener.fileno(), *opened.values()):
        os.close(number)
    poll = select.poll()
    poll.register(0, select.POLLRDHUP)
    poll.register(ended, select.POLLIN)
    poll.poll()
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)
    os._exit(0)


guarded(main)
