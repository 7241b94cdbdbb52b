"""In a root of its own, trusted: a Python that has imported what submissions need, and forks one sandbox for each of them.

It knows nothing of any run. What the judge asks for is read by the fork only, from a connection that is closed here unread, so that no
later fork can find it. One thread, no secret, no descriptor but its control channel and the socket on which the judge connects.
Started by zygote_launcher.py as `python zygote.py JSON`.

Commands, one JSON object a line: `run` accepts two connections (status and log) and forks a sandbox, `kill` ends it; `warm` accepts one
connection and forks a deep zygote, which has its orders from there. Answers: `ready`, `forked`, `warming`, `ended` with the exit code as
a shell would tell it.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback

import deep
import http_server  # noqa: F401 (a fork need not compile it)
import kernel
import lock_in
import program
import project
import warm

CONTROL_IN, CONTROL_OUT, LISTENER = 10, 11, 12
SECONDS_TO_CONNECT = 10
BROKEN = 97


class Zygote:
    def __init__(self, plan, control_in, control_out):
        self.plan, self.starter = plan, None
        self.without, self.python = set(plan["without"]), sys.executable
        self.filter = kernel.SystemCallFilter(bytes.fromhex(plan["filter"])) if plan["filter"] else None
        self.control_in, self.control_out = control_in, control_out
        self.listener = socket.socket(fileno=LISTENER)
        self.listener.settimeout(SECONDS_TO_CONNECT)
        self.own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY)
        self.sandbox, self.ended, self.life = None, None, None
        self.deep = {}
        self.poll = select.poll()
        self.poll.register(control_in, select.POLLIN)
        self.received = b""

    def say(self, **words):
        try:
            os.write(self.control_out, json.dumps(words).encode() + b"\n")
        except OSError:  # the judge is gone
            os._exit(0)

    def work(self):
        self.taken_names = warm.taken_names(project.OURS)
        # What is here stays: no collection of a fork needs to write to its pages.
        gc.collect()
        if self.starter is None:
            deep.before_freezing()
        gc.freeze()
        self.say(ready=True, files=self.starter.files if self.starter else [])
        while True:
            for descriptor, _events in self.poll.poll():
                if descriptor == self.control_in:
                    self.read_commands()
                elif descriptor == self.ended:
                    self.bury()
                elif descriptor in self.deep:
                    os.waitpid(self.deep.pop(descriptor), 0)
                    self.poll.unregister(descriptor)
                    os.close(descriptor)

    def read_commands(self):
        data = os.read(self.control_in, 65536)
        if not data:
            os._exit(0)
        *lines, self.received = (self.received + data).split(b"\n")
        for line in lines:
            command = json.loads(line)
            if command["do"] == "run":
                self.run()
            elif command["do"] == "kill":
                self.kill()
            elif command["do"] == "warm":
                self.fork_deep()

    def run(self):
        status, log = (self.listener.accept()[0].detach() for _ in range(2))
        alive, life = os.pipe()
        if "pid-namespace" not in self.without:
            kernel.unshare(kernel.NEW_PROCESSES)
        self.sandbox = os.fork()
        if self.sandbox == 0:
            os.close(life)
            self.become_sandbox(status, log, alive)
        if "pid-namespace" not in self.without:
            # The next fork of our own, or the next namespace, begins from here again.
            kernel.check(kernel.libc.setns(self.own_namespace, kernel.NEW_PROCESSES), "setns")
        self.life, self.was_told = life, False
        for descriptor in (status, log, alive):
            os.close(descriptor)
        self.ended = os.pidfd_open(self.sandbox)
        self.poll.register(self.ended, select.POLLIN)
        self.say(forked=self.sandbox)

    def fork_deep(self):
        control = self.listener.accept()[0].detach()
        child = os.fork()
        if child == 0:
            self.become_deep(control)
        os.close(control)
        ended = os.pidfd_open(child)
        self.deep[ended] = child
        self.poll.register(ended, select.POLLIN)
        self.say(warming=child)

    def become_deep(self, control):
        try:
            kernel.prctl(kernel.SET_DEATH_SIGNAL, signal.SIGKILL)
            # Of a sandbox that may be running, and of other deep zygotes.
            for descriptor in (CONTROL_IN, CONTROL_OUT, self.own_namespace, self.ended, self.life, *self.deep):
                if descriptor is not None:
                    os.close(descriptor)
            order = json.loads(read_line(control))
            kernel.unshare(kernel.NEW_MOUNTS)
            kernel.bind("/tmp/" + order["starter"], project.PROJECT)
            kernel.protect(project.PROJECT, kernel.READ_ONLY | kernel.NO_SUID | kernel.NO_DEVICES | kernel.NO_SYMLINKS)
            zygote = Zygote(self.plan, control, control)
            zygote.starter = deep.warm_up(order["settings"], order["environment"])
            kernel.unmount(project.PROJECT)
            zygote.settings = order["settings"]
            zygote.work()
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        os._exit(BROKEN)

    def kill(self):
        """What has ended already was not killed by us."""
        if self.sandbox is None or select.select([self.ended], [], [], 0)[0]:
            return
        self.was_told = True
        os.kill(self.sandbox, signal.SIGKILL)

    def bury(self):
        """The kernel lets this go on only when every process of the sandbox is dead."""
        _, status = os.waitpid(self.sandbox, 0)
        self.poll.unregister(self.ended)
        os.close(self.ended)
        os.close(self.life)
        self.sandbox = self.ended = self.life = None
        code = os.waitstatus_to_exitcode(status)
        self.say(ended=code if code >= 0 else 128 - code, told=self.was_told)

    def become_sandbox(self, status, log, alive):
        try:
            run = json.loads(read_line(status))
            is_cold = self.must_be_cold(run)
            lock_in.lock_in(run, self.without, self.filter, alive, status, log)
            if is_cold:
                self.start_cold(run)
            if run["program"]:
                program.run(run["program"], "shallow")
            if self.starter is None:
                project.load_and_serve(run["wsgi"], run["migrate"], "shallow")
            project.load_and_serve(run["wsgi"], run["migrate"], "deep", lambda: self.check_settings(run))
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        os._exit(BROKEN)

    def must_be_cold(self, run):
        """Whether the submission would have been asked for a module that is loaded already, or wants another Python than this one."""
        for name, value in run["environment"].items():
            if name.startswith(("PYTHON", "LANG", "LC_", "MALLOC_")) and os.environ.get(name) != value:
                return True
        names = {name.partition(".")[0] for name in os.listdir("/tmp/" + run["projectDir"])}
        return not names.isdisjoint(self.taken_names)

    def check_settings(self, run):
        if self.starter.differs(sys.modules[self.settings], run["environment"]):
            self.start_cold(run)

    def start_cold(self, run):
        options = {"processes": None, **{name: run[name] for name in ("program", "wsgi", "migrate")}}
        for descriptor in (project.STATUS, project.LISTENER):
            os.set_inheritable(descriptor, True)
        os.execve(self.python, [self.python, "/opt/assay/harness.py", json.dumps(options)], run["environment"])


def read_line(connection):
    line = bytearray()
    while not line.endswith(b"\n"):
        data = os.read(connection, 1 << 20)
        if not data:
            os._exit(BROKEN)
        line += data
    return line


def main():
    plan = json.loads(sys.argv[1])
    warm.import_shallow()
    Zygote(plan, CONTROL_IN, CONTROL_OUT).work()


main()
