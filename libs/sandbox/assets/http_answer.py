"""Calls a WSGI application (PEP 3333) and sends its answer as HTTP/1.1. Only the standard library."""

import sys
import time
import traceback
from email.utils import formatdate
from wsgiref.util import is_hop_by_hop

from http_connection import ClientGone
from http_request import stays_open


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
