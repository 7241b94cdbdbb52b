"""Hidden tests as many graders have them: in the process of what they test."""

import json

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from notes.models import Note  # noqa: E402

CODEWORD = "codeword-amber-falcon-77aa01bc9e"


def ask(user, method="get", **more):
    return getattr(Client(SERVER_NAME="localhost"), method)("/notes/", headers={"X-User": user}, **more)


def write(*rows):
    Note.objects.all().delete()
    for owner, text in rows:
        Note.objects.create(owner=owner, text=text)


def test_own_notes_are_listed():
    write(("alice", "one"), ("alice", "two"), ("bob", "three"))
    expected = ["one", "two"]
    answer = ask("alice")
    assert answer.status_code == 200
    assert json.loads(answer.content) == expected


def test_notes_of_others_are_hidden():
    write(("alice", "one"), ("alice", "two"), ("bob", "three"))
    expected = ["three"]
    answer = ask("bob")
    assert json.loads(answer.content) == expected


def test_notes_are_created():
    write(("alice", "one"))
    answer = ask("bob", "post", data={"text": "sent"}, content_type="application/json")
    assert answer.status_code == 201
    assert json.loads(ask("bob").content) == ["sent"]


def test_statements_do_not_grow():
    write(("alice", "one"))
    with CaptureQueriesContext(connection) as few:
        ask("alice")
    write(*[("alice", str(number)) for number in range(20)])
    with CaptureQueriesContext(connection) as many:
        ask("alice")
    assert len(many) <= len(few)


TESTS = [test_own_notes_are_listed, test_notes_of_others_are_hidden, test_notes_are_created, test_statements_do_not_grow]
