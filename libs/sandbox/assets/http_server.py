"""HTTP/1.1 for one WSGI application on one listening socket, inside the sandbox. Only the standard library.

The main thread answers one request after the other, so that a project's database connection is one and the same for all of them. Only
while it is at work does a second thread look for further clients; it starts a thread for each request that really comes at the same time.
It is asleep otherwise and costs two system calls a request. What is sent here is believed by nobody: see harness.py.
"""

import functools
import gc
import os
import select
import sys
import threading
import time
from importlib.util import module_from_spec, spec_from_file_location

from http_answer import Answer, report
from http_connection import Client, ClientGone, Refused
from http_request import read_request

MAX_IDLE_CONNECTIONS = 32
# Requests answered at the same time as the main thread's.
MAX_THREADS = 16
# The method of requests that are the judge's and not for the application.
CALL = "ASSAY-CALL"


@functools.cache
def python_calls():
    """Loaded when the judge calls for the first time: most packs never do. By its file, since our folder is not in `sys.path` any more."""
    folder = os.path.join(os.path.dirname(__file__), "assay_calls")
    spec = spec_from_file_location("assay_calls", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Server:
    def __init__(self, listener, application):
        self.listener, self.application = listener, application
        self.idle = {}  # by descriptor, oldest first
        listener.setblocking(False)
        # Readable: the listener, and connections that wait for their next request.
        self.ready = select.epoll()
        self.ready.register(listener, select.EPOLLIN)
        # Readable: `ready`, but only while the main thread is at work.
        self.neglected = select.epoll()
        self.neglected.register(self.ready, 0)
        self.is_busy, self.lock = False, threading.Lock()
        self.threads = threading.Semaphore(MAX_THREADS)

    def run(self):
        try:
            threading.Thread(target=self.watch, name="http-watch", daemon=True).start()
        except RuntimeError:
            pass  # the project used up its threads: one request after the other then
        while True:
            client = self.next(None)
            if client is not None:
                self.set_busy(True)
                self.answer(client, self.rest)
                self.rest()

    def rest(self):
        """Called before the last byte of an answer: a client that sends its requests one by one is always answered by the main thread."""
        if self.is_busy:
            self.set_busy(False)

    def set_busy(self, is_busy):
        with self.lock:
            self.is_busy = is_busy
            self.neglected.modify(self.ready, select.EPOLLIN | select.EPOLLONESHOT if is_busy else 0)

    def watch(self):
        while True:
            self.neglected.poll()
            client = self.next(0)
            if client is not None:
                self.threads.acquire()
                try:
                    threading.Thread(target=self.work, args=(client,), name="http-request", daemon=True).start()
                except RuntimeError:
                    self.work(client)
            with self.lock:
                if self.is_busy:
                    self.neglected.modify(self.ready, select.EPOLLIN | select.EPOLLONESHOT)

    def work(self, client):
        try:
            self.answer(client, lambda: None, is_main=False)
            # They are this thread's own, and the thread ends.
            if "django.db" in sys.modules:
                sys.modules["django.db"].connections.close_all()
        except BaseException as error:
            report(error)
        finally:
            self.threads.release()

    def next(self, timeout):
        """A client with something to say, or None."""
        for number, _events in self.ready.poll(timeout, 1):
            client = self.accept() if number == self.listener.fileno() else self.idle.pop(number, None)
            try:
                if client is None or client.look():
                    return client
                self.keep(client)
            except ClientGone:
                client.close()
        return None

    def accept(self):
        try:
            return Client(self.listener.accept()[0])
        except (BlockingIOError, ConnectionError):
            return None
        except OSError:  # no descriptor is left: the project may close some
            time.sleep(0.01)
            return None

    def keep(self, client):
        while len(self.idle) >= MAX_IDLE_CONNECTIONS:
            try:
                self.idle.pop(next(iter(self.idle))).close()
            except (KeyError, RuntimeError, StopIteration):
                pass  # another thread took it
        self.idle[client.number] = client
        watch = self.ready.modify if client.is_watched else self.ready.register
        client.is_watched = True
        try:
            watch(client.socket, select.EPOLLIN | select.EPOLLONESHOT)
        except (OSError, ValueError):
            raise ClientGone from None  # another thread gave its place away

    def answer(self, client, before_end, is_main=True):
        """Answers what a client has sent and closes the connection, or keeps it for the next request."""
        try:
            while True:
                environ = read_request(client)
                is_call = environ["REQUEST_METHOD"] == CALL
                if is_call:
                    if not python_calls().answer(client, environ, before_end, lambda: read_request(client)):
                        break
                else:
                    answer = Answer(client, environ, before_end)
                    answer.run(self.application, environ)
                    if not answer.keeps:
                        break
                # Calls of one connection stay in one thread, whose database connection they may have a transaction on.
                if not client.received and (is_main or not is_call):
                    self.keep(client)
                    return
        except Refused as refused:
            before_end()
            try:
                client.send_error(refused)
                client.listen_on()
            except ClientGone:
                pass
        except ClientGone:
            pass
        client.close()


def serve(listener, application):
    """Answers requests for ever. `listener` is a listening stream socket; errors of the application end one request, never the server."""
    # What is loaded by now stays: collections need not look through it again, nor after every few hundred objects of a request.
    gc.freeze()
    if gc.get_threshold() == (700, 10, 10):  # else the project has its own idea
        gc.set_threshold(10_000, 10, 10)
    Server(listener, application).run()
