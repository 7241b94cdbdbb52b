"""The same over a real socket, but client and server in one process."""

import json
import threading
import urllib.request
from wsgiref.simple_server import WSGIRequestHandler, make_server

import naive_tests
from site_notes.wsgi import application


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments):
        pass


server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()


def ask(user):
    url = f"http://127.0.0.1:{server.server_port}/notes/"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": "localhost", "X-User": user})) as answer:
        return json.loads(answer.read())


def test_own_notes_are_listed():
    naive_tests.write(("alice", "one"), ("alice", "two"), ("bob", "three"))
    assert ask("alice") == ["one", "two"]


TESTS = [test_own_notes_are_listed]
