"""Inside the sandbox, beside the submission: runs a pack's visible checks with pytest and tells of each as it ends.

Arguments: the folder of the checks. Descriptor 3 takes one JSON object a line: `collected`, then one with `check` for each test, then
`over`. The submission's code runs in this process and can say the same, so nothing of it is scored (libs/grader/src/practice).
"""

import json
import os
import sys

import pytest

LINES = 3
LONGEST_ID, LONGEST_MESSAGE = 200, 1500
SETTINGS = "DJANGO_SETTINGS_MODULE"


def tell(**line):
    try:
        os.write(LINES, json.dumps(line).encode() + b"\n")
    except OSError:
        pass


def why(report):
    """In short why a test did not pass: where, and what pytest makes of it."""
    if isinstance(report.longrepr, tuple):  # of a skipped test
        return str(report.longrepr[2])
    crash = getattr(report.longrepr, "reprcrash", None)
    return f"{crash.path}:{crash.lineno}: {crash.message}" if crash else str(report.longrepr or "")


class Reporter:
    def __init__(self, folder):
        self.prefix = folder.rstrip("/") + "/"
        self.settings = None
        self.tests = {}

    def tell_check(self, nodeid, outcome, seconds, message):
        tell(
            check=nodeid.removeprefix(self.prefix)[-LONGEST_ID:],
            outcome=outcome,
            ms=max(0, round(seconds * 1000)),
            message=message.replace("/app/", "")[:LONGEST_MESSAGE],
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_load_initial_conftests(self, early_config):
        # On the candidate's own machine the variable is not set, and what pytest.ini says counts.
        settings = os.environ.pop(SETTINGS, None)
        if settings and not early_config.getini(SETTINGS):
            os.environ[SETTINGS] = settings
        try:
            return (yield)
        finally:
            if settings:
                os.environ.setdefault(SETTINGS, settings)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session):
        use_own_database(session.config)

    def pytest_collection_finish(self, session):
        tell(collected=len(session.items))

    def pytest_collectreport(self, report):
        if report.failed:
            self.tell_check(report.nodeid or self.prefix, "errored", 0, why(report))

    def pytest_runtest_logreport(self, report):
        outcome, seconds, message = self.tests.get(report.nodeid, ("passed", 0, ""))
        seconds += report.duration
        if report.failed and outcome != "failed":
            outcome, message = ("failed" if report.when == "call" else "errored"), why(report)
        elif report.skipped and outcome == "passed":
            outcome, message = "skipped", why(report)
        self.tests[report.nodeid] = outcome, seconds, message

    def pytest_runtest_logfinish(self, nodeid):
        if nodeid in self.tests:
            self.tell_check(nodeid, *self.tests.pop(nodeid))

    def pytest_sessionfinish(self, exitstatus):
        tell(over=int(exitstatus))


def use_own_database(config):
    """The run's own database is new and has only migrations of the starter in it: it serves as the test database that Django would
    make, and need not be made and dropped."""
    from django.conf import settings

    if not settings.configured:
        return
    from django.db import connections

    for connection in connections.all():
        if connection.vendor != "postgresql":
            continue
        name, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
        test["NAME"] = name
        from_models = config.getoption("nomigrations", False) or test.get("MIGRATE") is False

        def begin(*_, connection=connection, name=name, from_models=from_models, **__):
            if from_models:  # the tables are then to come from the models, so those of the migrations must go
                with connection.cursor() as cursor:
                    cursor.execute("DROP SCHEMA public CASCADE")
                    cursor.execute("CREATE SCHEMA public")
            return name

        connection.creation._create_test_db = begin
        connection.creation._destroy_test_db = lambda *_, **__: None


def main(folder):
    arguments = [folder, "--continue-on-collection-errors", "--color=no", "-p", "no:cacheprovider"]
    return pytest.main(arguments, plugins=[Reporter(folder)])


if __name__ == "__main__":
    sys.exit(int(main(sys.argv[1])))
