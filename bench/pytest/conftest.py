"""The hidden checks of the bookshop pack as an ordinary pytest-django suite, one test a check. The grader is measured against it.

The suite is copied into a project of the pack as its folder `checks`, and run there as a candidate would run any suite.
"""

import os
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database holds the pack's seed rows, as the grader's does."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(Path(os.environ["BOOKSHOP_DATA"], "seed.sql").read_text())


@pytest.fixture(autouse=True)
def database(db):
    """Every test runs in a transaction that is rolled back."""
