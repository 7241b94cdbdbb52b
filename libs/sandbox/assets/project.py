"""Inside the sandbox, in the submission's own process: loads the project and serves it. Nothing it says is believed for a score.

Descriptor 3 takes one JSON object a line about the start, 5 is the listening socket. The first line is written before any of the
submission's code runs: without it, the sandbox failed and not the submission.
"""

import gc
import json
import os
import signal
import socket
import sys
import traceback

STATUS, LISTENER, PROJECT, ASSETS = 3, 5, "/app", "/opt/assay"
# There for a project whose errors the judge wants to hear of.
MONITORING = "/run/monitoring/sentry.sock"
# Files beside this one. Their names belong to the submission, which may have modules of the same.
HTTP_SERVER = ("http_answer", "http_connection", "http_request", "http_server")
OURS = ("deep", "harness", *HTTP_SERVER, "kernel", "lock_in", "monitoring_relay", "program", "project", "warm", "zygote")


def say(**line):
    try:
        os.write(STATUS, json.dumps(line, ensure_ascii=False).encode(errors="replace") + b"\n")
    except OSError:
        pass


def out_of_cpu_time(_signal, _frame):
    say(phase="cpu")
    os._exit(128 + signal.SIGXCPU)


def place_of(error):
    """The last line of the submission on the way to the error: a syntax error stands in a file that no frame ran."""
    if isinstance(error, SyntaxError) and str(error.filename).startswith(PROJECT + "/"):
        return {"file": error.filename[len(PROJECT) + 1 :], "line": error.lineno or 1}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(PROJECT + "/")]
    return {"file": frames[-1].filename[len(PROJECT) + 1 :], "line": frames[-1].lineno or 1} if frames else None


def give_up(step, error):
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    sys.stderr.write(text)
    sys.stderr.flush()
    say(
        phase="failed",
        step=step,
        error=type(error).__name__[:200],
        message=str(error)[:2000],
        traceback=text[-8000:],
        location=place_of(error),
    )
    os._exit(1)  # not sys.exit: a thread of the submission could hold it up


def load_and_serve(wsgi, migrate, started_from, after_settings=lambda: None):
    """Never returns. `after_settings` is called when the project's settings were read and nothing else of it ran."""
    signal.signal(signal.SIGXCPU, out_of_cpu_time)
    for descriptor in (STATUS, LISTENER):
        os.set_inheritable(descriptor, False)
    gc.disable()  # nearly nothing that is loaded now is garbage: a tenth of the time
    import django
    import http_server
    from django.conf import settings
    from django.core.management import call_command
    from django.urls import get_resolver

    if os.path.exists(MONITORING):
        import monitoring_relay

        monitoring_relay.start()
    for name in OURS:
        sys.modules.pop(name, None)
    say(phase="setup", startedFrom=started_from)
    step = "setup"
    try:
        sys.argv = ["manage.py"]
        sys.path[0] = PROJECT  # in the place of our own folder, as with manage.py
        settings.INSTALLED_APPS
        after_settings()
        django.setup()
        if migrate:
            step = "migrate"
            say(phase=step)
            call_command("migrate", verbosity=0, interactive=False)
        step = "wsgi"
        say(phase=step)
        __import__(wsgi)
        # Django would load it with the first request only, and answer every request with 500 when it cannot.
        get_resolver().url_patterns
        application = sys.modules[wsgi].application
    except BaseException as error:
        give_up(step, error)
    gc.freeze()  # else the first collection would look through all of it
    gc.enable()
    say(phase="serving")
    http_server.serve(socket.socket(fileno=LISTENER), application)
