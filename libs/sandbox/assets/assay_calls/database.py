"""The project's database connections around a call, as Django treats them around a request."""

import sys


def before_call(is_fresh):
    database = sys.modules.get("django.db")
    if database is not None:
        database.reset_queries()
        if is_fresh:
            database.close_old_connections()


def after_call(is_over):
    """Something that is kept, such as a generator, may be in the middle of reading rows."""
    database = sys.modules.get("django.db")
    if database is not None and is_over:
        database.close_old_connections()


def end_transactions():
    """A context that was entered and never left must not hold the requests that follow in its transaction."""
    database = sys.modules.get("django.db")
    if database is None:
        return
    for connection in database.connections.all(initialized_only=True):
        if connection.in_atomic_block:
            roll_back(connection)
    database.close_old_connections()


def roll_back(connection):
    """Waits until it is done, which closing alone does not: the locks are free for whatever comes next."""
    try:
        connection.connection.rollback()
    except Exception:
        pass  # it was closed, or lost
    connection.in_atomic_block = False  # else Django leaves it open for the end of the block
    connection.close()
