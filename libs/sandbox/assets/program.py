"""Inside the sandbox: runs a program of Python in the place of serving the project. Nothing it says is believed for a score.

Descriptor 3 takes lines of text for the judge; the first one is ours, written before any of the submission's code runs. Descriptor 5 is a
listening socket, which children of the program inherit.
"""

import atexit
import importlib.util
import os
import runpy
import signal
import sys
import threading
import traceback

import project


def run(program, started_from):
    """Never returns. `program` is what the judge asked for (src/program.ts)."""
    say, files, status, listener, place = project.say, project.ASSETS, project.STATUS, project.LISTENER, project.PROJECT
    # A default action would not end the first process of a namespace.
    signal.signal(signal.SIGXCPU, lambda *_: os._exit(128 + signal.SIGXCPU))
    os.set_inheritable(status, False)
    os.set_inheritable(listener, True)
    if os.path.exists(project.MONITORING):
        import monitoring_relay

        monitoring_relay.start()
    for name in project.OURS:
        sys.modules.pop(name, None)
    del sys.path[0]  # our own folder
    # As the program in the bin of a virtual environment: nothing of its name in the project takes the place of what is installed.
    if program["kind"] == "module" and importlib.util.find_spec(program["name"]):
        importlib.import_module(program["name"])
    sys.path.insert(0, place)
    file = f"{files}/programs/{program['name']}.py" if program["kind"] == "asset" else program["name"]
    sys.argv = [file, *program["arguments"]]
    say(phase="program", startedFrom=started_from)
    code = 1
    try:
        if program["kind"] == "asset":
            runpy.run_path(file, run_name="__main__")
        else:
            runpy.run_module(program["name"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as error:
        code = code_of(error.code)
    except BaseException:
        traceback.print_exc()
    finish(code)


def code_of(value):
    """As Python itself understands what `sys.exit` was given."""
    if value is None:
        return 0
    if isinstance(value, int):
        return value & 255
    print(value, file=sys.stderr)
    return 1


def finish(code):
    """What Python does at its end, but for taking itself apart."""
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        pass  # the program closed or replaced them
    os._exit(code)
