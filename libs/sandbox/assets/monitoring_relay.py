"""Inside the sandbox: brings what is sent to the port of `SENTRY_DSN` to the socket on which the judge listens, and his answers back.

A thread of the project's process, asleep until something is sent. Whoever breaks it breaks his own monitoring: only what arrives counts.
"""

import selectors
import socket
import threading

from project import MONITORING

# As in libs/grader/src/check-kinds/monitoring-place.ts.
ADDRESS = ("127.0.0.1", 9000)
MAX_CONNECTIONS = 16
SECONDS_TO_PASS_ON = 10


def start():
    """Listens from now on, so that no code of the project can have the port."""
    listener = socket.create_server(ADDRESS, backlog=MAX_CONNECTIONS)
    threading.Thread(target=Relay(listener).run, name="monitoring-relay", daemon=True).start()


class Relay:
    def __init__(self, listener):
        self.listener, self.selector = listener, selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ)
        self.peers = {}

    def run(self):
        while True:
            for key, _events in self.selector.select():
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj in self.peers:
                    self.pass_on(key.fileobj)

    def accept(self):
        try:
            client = self.listener.accept()[0]
        except OSError:
            return
        judge = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            if len(self.peers) >= 2 * MAX_CONNECTIONS:
                raise OSError
            for each in (client, judge):
                each.settimeout(SECONDS_TO_PASS_ON)
            judge.connect(MONITORING)
        except OSError:
            client.close()
            judge.close()
            return
        self.peers.update({client: judge, judge: client})
        for each in (client, judge):
            self.selector.register(each, selectors.EVENT_READ)

    def pass_on(self, source):
        try:
            data = source.recv(65536)
            if data:
                self.peers[source].sendall(data)
                return
        except OSError:
            pass
        for each in (source, self.peers.pop(source)):
            self.peers.pop(each, None)
            self.selector.unregister(each)
            each.close()
