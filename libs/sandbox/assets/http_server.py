"""HTTP/1.1 for one WSGI application on one listening socket, inside the sandbox (PEP 3333, RFC 9112). Only the standard library.

The main thread answers one request after the other, so that a project's database connection is one and the same for all of them. Only
while it is at work does a second thread look for further clients; it starts a thread for each request that really comes at the same time.
It is asleep otherwise and costs two system calls a request. What is sent here is believed by nobody: see harness.py.
"""

import gc
import io
import re
import select
import socket
import struct
import sys
import threading
import time
import traceback
from email.utils import formatdate
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper, is_hop_by_hop

MAX_HEAD_BYTES = 64 * 1024
MAX_HEADERS = 100
MAX_BODY_BYTES = 32 * 1024 * 1024
MAX_IDLE_CONNECTIONS = 32
# Requests answered at the same time as the main thread's.
MAX_THREADS = 16
# For a client to go on reading or writing.
SECONDS_TO_GO_ON = 30

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
TARGET = re.compile(r"[!-~\x80-\xff]+")
ABSOLUTE = re.compile(r"https?://[^/?]*", re.IGNORECASE)
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?", re.DOTALL)
TIMEOUT = struct.pack("ll", SECONDS_TO_GO_ON, 0)

BASE_ENVIRON = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_SOFTWARE": "assay",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": FileWrapper,
}
# Name of a header as it was sent -> key in the environ, None for one that is left out.
keys = {"Content-Type": "CONTENT_TYPE", "Content-Length": "CONTENT_LENGTH"}
MAX_KEYS = 500


class Refused(Exception):
    """A request that does not reach the application; its text is the status line's."""


class ClientGone(Exception):
    """Nothing can be read from or written to this client any more."""


class Client:
    """One connection, and what came in on it and was not used yet."""

    __slots__ = ("socket", "number", "received", "is_watched")

    def __init__(self, connection):
        self.socket, self.number = connection, connection.fileno()
        self.received, self.is_watched = b"", False
        if connection.gettimeout() is not None:  # socket.setdefaulttimeout of the project
            connection.setblocking(True)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, TIMEOUT)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, TIMEOUT)

    def look(self):
        """Takes in what is there already. False when there is nothing. Raises ClientGone."""
        try:
            return self.receive(socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False

    def receive(self, flags=0):
        try:
            data = self.socket.recv(65536, flags)
        except BlockingIOError:
            raise
        except OSError:
            raise ClientGone from None
        if not data:
            raise ClientGone
        self.received = self.received + data if self.received else data
        return True

    def need(self):
        """Waits for more."""
        try:
            self.receive()
        except BlockingIOError:  # after SECONDS_TO_GO_ON
            raise Refused("408 Request Timeout") from None

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            raise ClientGone from None

    def take(self, length):
        while len(self.received) < length:
            self.need()
        taken, self.received = self.received[:length], self.received[length:]
        return taken

    def take_until(self, mark, limit, status):
        searched = 0
        while (end := self.received.find(mark, searched)) < 0:
            searched = max(0, len(self.received) - len(mark) + 1)
            if searched > limit:
                raise Refused(status)
            self.need()
        if end > limit:
            raise Refused(status)
        taken, self.received = self.received[:end], self.received[end + len(mark) :]
        return taken

    def close(self):
        try:
            # A process that the project forked may hold the connection too.
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def send_error(self, status, is_head=False):
        text = f"{status}\n"
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        self.send((head if is_head else head + text).encode())

    def listen_on(self):
        """Reads and drops for a moment: a client that is still sending might lose its answer otherwise."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
            end = time.monotonic() + 1
            while (left := end - time.monotonic()) > 0 and select.select([self.socket], [], [], left)[0]:
                self.received = b""
                self.receive()
        except (ClientGone, OSError, ValueError):
            pass


def key_of(name):
    if not TOKEN.fullmatch(name):
        raise Refused("400 Bad Request")
    upper = name.upper().replace("-", "_")
    # `X_Name` would be the same as `X-Name`: not to be told apart from what a proxy in front has set.
    key = None if "_" in name else upper if upper in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{upper}"
    if len(keys) < MAX_KEYS:
        keys[name] = key
    return key


def environ_of(head):
    text = head.decode("latin-1")
    lines = text.split("\r\n")
    if not len(lines) - 1 == text.count("\r") == text.count("\n") or "\0" in text:
        raise Refused("400 Bad Request")
    if len(lines) > MAX_HEADERS + 1:
        raise Refused("431 Request Header Fields Too Large")
    try:
        method, target, protocol = lines[0].split(" ")
    except ValueError:
        raise Refused("400 Bad Request") from None
    if protocol != "HTTP/1.1" and protocol != "HTTP/1.0":
        raise Refused("505 HTTP Version Not Supported" if re.fullmatch(r"HTTP/\d\.\d", protocol) else "400 Bad Request")
    if not TOKEN.fullmatch(method) or not TARGET.fullmatch(target):
        raise Refused("400 Bad Request")
    if target[0] != "/":
        target = "" if target == "*" else ABSOLUTE.sub("", target, count=1) or "/"
        if target and target[0] not in "/?":
            raise Refused("400 Bad Request")
    path, _, query = target.partition("?")
    if path.startswith("//"):  # as a link of the answer it would lead to another host
        path = "/" + path.lstrip("/")
    environ = {
        **BASE_ENVIRON,
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1") if "%" in path else path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": protocol,
        "wsgi.errors": sys.stderr,
    }
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        key = keys[name] if name in keys else key_of(name)
        if not colon:
            raise Refused("400 Bad Request")
        if key is None:
            continue
        value = value.strip(" \t")
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    if protocol == "HTTP/1.1" and "HTTP_HOST" not in environ:
        raise Refused("400 Bad Request")
    return environ


def body_of(environ, client):
    """The whole body, in memory: the application reads it at once anyway, and its length is known when it came in chunks."""
    coding, length = environ.pop("HTTP_TRANSFER_ENCODING", None), environ.get("CONTENT_LENGTH")
    if coding is None and length is None:
        return b""
    if coding is not None:
        if length is not None or environ["SERVER_PROTOCOL"] == "HTTP/1.0":
            raise Refused("400 Bad Request")
        if coding.lower() != "chunked":
            raise Refused("501 Not Implemented")
    elif not (length.isascii() and length.isdigit() and len(length) < 16):
        raise Refused("400 Bad Request")
    elif int(length) > MAX_BODY_BYTES:
        raise Refused("413 Content Too Large")
    if "HTTP_EXPECT" in environ:
        if environ["HTTP_EXPECT"].lower() != "100-continue":
            raise Refused("417 Expectation Failed")
        if not client.received and environ["SERVER_PROTOCOL"] == "HTTP/1.1":
            client.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    if coding is None:
        return client.take(int(length))
    body = chunks_of(client)
    environ["CONTENT_LENGTH"] = str(len(body))
    return body


def chunks_of(client):
    chunks, total = [], 0
    while True:
        size = CHUNK_SIZE.fullmatch(client.take_until(b"\r\n", 1024, "400 Bad Request"))
        if size is None:
            raise Refused("400 Bad Request")
        length = int(size[1], 16)
        total += length
        if total > MAX_BODY_BYTES:
            raise Refused("413 Content Too Large")
        if length == 0:
            break
        chunks.append(client.take(length))
        if client.take(2) != b"\r\n":
            raise Refused("400 Bad Request")
    for _ in range(MAX_HEADERS):
        if not client.take_until(b"\r\n", MAX_HEAD_BYTES, "400 Bad Request"):
            return b"".join(chunks)
    raise Refused("400 Bad Request")


def stays_open(environ):
    options = environ.get("HTTP_CONNECTION", "").lower()
    return "close" not in options and (environ["SERVER_PROTOCOL"] == "HTTP/1.1" or "keep-alive" in options)


class Answer:
    """The server's side of one call of the application."""

    def __init__(self, client, environ, before_end):
        self.client, self.before_end = client, before_end
        self.is_head, self.is_1_1 = environ["REQUEST_METHOD"] == "HEAD", environ["SERVER_PROTOCOL"] == "HTTP/1.1"
        self.keeps = stays_open(environ)
        self.status, self.headers = None, ()
        self.is_begun = self.is_chunked = self.is_empty = False
        # Bytes of the body still to come, where that is known.
        self.left = None

    def run(self, application, environ):
        result = None
        try:
            result = application(environ, self.start)
            is_whole = hasattr(result, "__len__") and len(result) == 1
            for data in result:
                self.write(data, is_whole)
            self.end()
        except ClientGone:
            self.keeps = False
        except BaseException as error:  # SystemExit too: one view must not end the server
            self.fail(error)
        finally:
            try:
                if hasattr(result, "close"):
                    result.close()
            except BaseException as error:
                report(error)

    def start(self, status, headers, exc_info=None):
        if exc_info is not None:
            try:
                if self.is_begun:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self.status is not None:
            raise AssertionError("start_response was called a second time without exc_info")
        self.status, self.headers = status, list(headers)
        return self.write

    def write(self, data, is_whole=False):
        if not isinstance(data, bytes):
            raise TypeError(f"the body must be bytes, not {type(data).__name__}")
        if not data:
            return
        head = b"" if self.is_begun else self.head(len(data) if is_whole else None)
        if self.is_empty:
            data = b""
        elif self.left is not None:
            if len(data) > self.left:  # more than was announced: another client would take it for the next answer
                data, self.keeps = data[: self.left], False
            self.left -= len(data)
            if self.left == 0:
                self.before_end()
        elif self.is_chunked:
            data = b"%x\r\n%b\r\n" % (len(data), data)
        if head or data:
            self.client.send(head + data)

    def end(self):
        if self.status is None:
            raise AssertionError("start_response was not called")
        self.before_end()
        rest = b"" if self.is_begun else self.head(0)
        if self.left and not self.is_empty:  # less than was announced: only the end of the connection shows it
            self.keeps = False
        if self.is_chunked:
            rest += b"0\r\n\r\n"
        if rest:
            self.client.send(rest)

    def head(self, length):
        """Status and headers; `length` of the body if it is known."""
        if self.status is None:
            raise AssertionError("start_response was not called before the body")
        self.is_empty = self.is_head or self.status[:3] in ("204", "304") or self.status[0] == "1"
        lines, has_date = [f"HTTP/1.1 {self.status}"], False
        for name, value in self.headers:
            lower = name.lower()
            if lower == "content-length":
                self.left = int(value)
            elif lower == "date":
                has_date = True
            elif is_hop_by_hop(lower):
                raise AssertionError(f"{name} belongs to the connection, not to the application")
            lines.append(name + ": " + value)
        if self.left is None and not self.is_empty:
            if length is not None:
                self.left = length
                lines.append(f"Content-Length: {length}")
            elif self.is_1_1:
                self.is_chunked = True
                lines.append("Transfer-Encoding: chunked")
            else:
                self.keeps = False
        if not has_date:
            lines.append(f"Date: {http_date()}")
        if not self.keeps:
            lines.append("Connection: close")
        elif not self.is_1_1:
            lines.append("Connection: keep-alive")
        text = "\r\n".join(lines)
        if not len(lines) - 1 == text.count("\n") == text.count("\r"):
            raise ValueError("the status or a header has a line break")
        head = text.encode("latin-1") + b"\r\n\r\n"
        self.is_begun = True
        return head

    def fail(self, error):
        report(error)
        self.keeps = False
        if not self.is_begun:
            self.before_end()
            try:
                self.client.send_error("500 Internal Server Error", self.is_head)
            except ClientGone:
                pass


def report(error):
    try:
        traceback.print_exception(error)
        sys.stderr.flush()
    except Exception:
        pass  # the project closed or replaced stderr


date = (0, "")


def http_date():
    global date
    second = int(time.time())
    if date[0] != second:
        date = (second, formatdate(second, usegmt=True))
    return date[1]


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
            self.answer(client, lambda: None)
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

    def answer(self, client, before_end):
        """Answers what a client has sent and closes the connection, or keeps it for the next request."""
        try:
            while True:
                # Empty lines before a request are allowed.
                client.received = client.received.lstrip(b"\r\n")
                environ = environ_of(client.take_until(b"\r\n\r\n", MAX_HEAD_BYTES, "431 Request Header Fields Too Large"))
                environ["wsgi.input"] = io.BytesIO(body_of(environ, client))
                answer = Answer(client, environ, before_end)
                answer.run(self.application, environ)
                if not answer.keeps:
                    break
                if not client.received:
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
