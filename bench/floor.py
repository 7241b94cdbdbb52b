"""The floor under a grade: a Python that has imported all it can forks, and the fork loads the project and runs the tests of bench/pytest.

No sandbox, no judge outside of the process, no HTTP, no new database, no pytest: what is left is Django and the project. Every test runs
in a transaction that is rolled back, as with pytest-django. Started in the project's folder, whose tests are in its folder `checks`.
Commands on standard input, one a line: `migrate` and `run`. Each is answered by one line of JSON.
"""

import gc
import importlib
import inspect
import json
import os
import resource
import sys
import time
import traceback

SETTINGS, SEED = sys.argv[1], sys.argv[2]
sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = True
os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS


def load():
    import django
    from django.test.utils import setup_test_environment
    from django.urls import get_resolver

    django.setup()
    setup_test_environment()
    get_resolver().url_patterns


def tests():
    for name in sorted(os.listdir("checks")):
        if not name.startswith("test_"):
            continue
        module = importlib.import_module(f"checks.{name.removesuffix('.py')}")
        for title, test in vars(module).items():
            if title.startswith("test_"):
                if inspect.signature(test).parameters:
                    raise TypeError(f"{title} needs pytest, and cannot be run without it")
                yield title, test


def migrate():
    from django.core.management import call_command
    from django.db import connection

    load()
    call_command("migrate", verbosity=0, interactive=False)
    with open(SEED) as seed, connection.cursor() as cursor:
        cursor.execute(seed.read())
    return {}


def run():
    from django.core.signals import request_started
    from django.db import transaction

    begin = time.perf_counter()
    load()
    loaded = time.perf_counter()
    failed, requests = [], []
    request_started.connect(lambda **_: requests.append(1), weak=False)
    for title, test in tests():
        with transaction.atomic():
            try:
                test()
            except Exception:
                failed.append(title.removeprefix("test_"))
            transaction.set_rollback(True)
    ended = time.perf_counter()
    return {"loadMs": 1000 * (loaded - begin), "testsMs": 1000 * (ended - loaded), "failed": failed, "requests": len(requests)}


def fork(work):
    """Runs `work` in a process of its own; gives what it returned."""
    result, answer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(answer, json.dumps(work()).encode())
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    os.close(answer)
    with os.fdopen(result) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return json.loads(said) if said else {"error": "the fork ended without a result"}


def modules():
    """Names of all modules that a run imports and that are not the project's."""
    run()
    own = os.getcwd() + os.sep
    return [name for name, module in sys.modules.items() if not (getattr(module, "__file__", None) or "").startswith(own)]


def import_all(names):
    """What reads settings when it is imported fails here, and is imported by the fork."""
    del os.environ["DJANGO_SETTINGS_MODULE"]
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            sys.modules.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    gc.collect()
    gc.freeze()


def main():
    is_ready = False
    for line in sys.stdin:
        command = line.strip()
        if command == "migrate":
            answer = fork(migrate)
        else:
            if not is_ready:
                import_all(fork(modules))
                is_ready = True
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            begin = time.perf_counter()
            answer = fork(run)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            answer |= {"totalMs": 1000 * (time.perf_counter() - begin), "pythonCpuMs": 1000 * used}
        print(json.dumps(answer), flush=True)


main()
