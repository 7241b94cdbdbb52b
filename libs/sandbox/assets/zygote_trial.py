"""In the place of zygote.py, to find out whether a machine has every layer: locks a fork in, as for a submission, and tells how that went."""

import json
import os
import sys

import kernel
import lock_in
import project

CONTROL_OUT = 11


def main():
    plan = json.loads(sys.argv[1])
    without = set(plan["without"])
    filter = kernel.SystemCallFilter(bytes.fromhex(plan["filter"])) if plan["filter"] else None
    own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY)
    (answer, status), (alive, life) = os.pipe(), os.pipe()
    kernel.unshare(kernel.NEW_PROCESSES)
    child = os.fork()
    if child == 0:
        os.close(life)
        try:
            closed = lock_in.lock_in(plan["run"], without, filter, alive, status, 2)
            project.say(ready=os.getpid() == 1 and os.getuid() == lock_in.SUBMISSION, closed=closed)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    kernel.check(kernel.libc.setns(own_namespace, kernel.NEW_PROCESSES), "setns")
    os.close(status)
    os.waitpid(child, 0)
    os.write(CONTROL_OUT, os.read(answer, 100))


main()
