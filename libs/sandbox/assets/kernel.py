"""What the standard library of Python does not offer of the kernel: mounts, namespaces, capabilities and the system call filter."""

import ctypes
import os
import struct

# linux/mount.h
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
READ_ONLY, NO_SUID, NO_DEVICES, NO_SYMLINKS = 1, 2, 4, 0x200000
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

# linux/sched.h
NEW_MOUNTS, NEW_CGROUP, NEW_NAME, NEW_IPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000

# linux/prctl.h
SET_DEATH_SIGNAL, SET_DUMPABLE, SET_SECCOMP, DROP_BOUNDING, NO_NEW_PRIVILEGES, AMBIENT = 1, 4, 22, 24, 38, 47
SECCOMP_FILTER, AMBIENT_CLEAR_ALL = 2, 4

# The same on every architecture since they were made.
SYS_MOUNT_SETATTR = 442
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

libc = ctypes.CDLL(None, use_errno=True)
libc.mount.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)
libc.prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong)


def check(result, doing):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{doing}: {os.strerror(number)}")


def mount(source, target, kind=None, flags=0, options=None):
    encoded = [value and value.encode() for value in (source, target, kind, options)]
    check(libc.mount(encoded[0], encoded[1], encoded[2], flags, encoded[3]), f"mount {target}")


def bind(source, target, whole_tree=False):
    mount(source, target, flags=MS_BIND | (MS_REC if whole_tree else 0))


def protect(target, attributes, whole_tree=False):
    request = struct.pack("QQQQ", attributes, 0, 0, 0)
    flags = AT_RECURSIVE if whole_tree else 0
    check(libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, target.encode(), flags, request, len(request)), f"protect {target}")


def unmount(target):
    check(libc.umount2(target.encode(), MNT_DETACH), f"unmount {target}")


def unshare(flags):
    check(libc.unshare(flags), f"unshare {flags:#x}")


def change_root(folder):
    """Makes a mounted folder the root and lets go of the old one."""
    os.chdir(folder)
    check(libc.syscall(SYS_PIVOT_ROOT[os.uname().machine], b".", b"."), "pivot_root")
    unmount(".")
    os.chdir("/")


def prctl(option, a=0, b=0, c=0, d=0):
    check(libc.prctl(option, a, b, c, d), f"prctl {option}")


def write_file(path, text, folder=None):
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def drop_capabilities():
    for capability in range(64):
        if libc.prctl(DROP_BOUNDING, capability, 0, 0, 0) != 0:
            break
    libc.prctl(AMBIENT, AMBIENT_CLEAR_ALL, 0, 0, 0)
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    check(libc.capset(header, nothing), "capset")


class Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


class SystemCallFilter:
    """Made before the fork: only the last call is left to do."""

    def __init__(self, code):
        self.code = ctypes.create_string_buffer(code, len(code))
        self.program = Program(len(code) // 8, ctypes.cast(self.code, ctypes.c_void_p))

    def apply(self):
        prctl(SET_SECCOMP, SECCOMP_FILTER, ctypes.addressof(self.program))
