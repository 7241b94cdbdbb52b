"""
Keeps what it sees of a run wherever it can write, and looks there first: files, shared memory, byte code, tables, settings of its role
and of its database, large objects. Says so in each answer.
"""

import glob
import os

from django.db import connection
from django.http import JsonResponse

MARK = "kept-by-an-earlier-run"
PLACES = [
    f"{folder}/{MARK}"
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/app", "/app/__pycache__", "/root", "/home", "/usr/lib", os.path.expanduser("~"))
]
STATEMENTS = [
    f"CREATE TABLE IF NOT EXISTS kept AS SELECT '{MARK}'::text AS mark",
    f"ALTER ROLE CURRENT_USER SET application_name = '{MARK}'",
    f"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET application_name = {MARK!r}', current_database()); END $$",
    f"COMMENT ON SCHEMA public IS '{MARK}'",
    f"COMMENT ON ROLE CURRENT_USER IS '{MARK}'",
    f"SELECT lo_from_bytea(0, '{MARK}'::bytea)",
    f"NOTIFY kept, '{MARK}'",
    f"CREATE SCHEMA IF NOT EXISTS \"{MARK}\"",
]
QUESTIONS = [
    "SELECT mark FROM kept",
    "SHOW application_name",
    "SELECT string_agg(setconfig::text, ',') FROM pg_db_role_setting",
    "SELECT string_agg(description, ',') FROM pg_description",
    "SELECT string_agg(description, ',') FROM pg_shdescription",
    "SELECT string_agg(convert_from(data, 'UTF8'), ',') FROM pg_largeobject",
    "SELECT string_agg(datname, ',') FROM pg_database",
    "SELECT string_agg(nspname, ',') FROM pg_namespace",
]


def ask(sql):
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return str(cursor.fetchone()) if cursor.description else ""
    except Exception:
        return ""


def look():
    found = [place for place in PLACES + glob.glob("/tmp/*") if MARK in place and os.path.exists(place)]
    return found + [question for question in QUESTIONS if MARK in ask(question)]


def keep():
    for place in PLACES:
        try:
            with open(place, "w") as kept:
                kept.write(MARK)
        except OSError:
            pass
    for statement in STATEMENTS:
        ask(statement)


FOUND = None


def middleware(_get_response):
    def respond(_request):
        global FOUND
        if FOUND is None:
            FOUND = look()
            keep()
        return JsonResponse({"found": FOUND})

    return respond
