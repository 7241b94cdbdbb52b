"""Reads one request of HTTP/1.1 (RFC 9112) from a connection into the environ of PEP 3333. Only the standard library."""

import io
import re
import sys
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

from http_connection import Refused

MAX_HEAD_BYTES = 64 * 1024
MAX_HEADERS = 100
MAX_BODY_BYTES = 32 * 1024 * 1024

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
TARGET = re.compile(r"[!-~\x80-\xff]+")
ABSOLUTE = re.compile(r"https?://[^/?]*", re.IGNORECASE)
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?", re.DOTALL)

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


def read_request(client):
    """The environ of the next request, its whole body in `wsgi.input`. Raises Refused or ClientGone."""
    # Empty lines before a request are allowed.
    client.received = client.received.lstrip(b"\r\n")
    environ = environ_of(client.take_until(b"\r\n\r\n", MAX_HEAD_BYTES, "431 Request Header Fields Too Large"))
    environ["wsgi.input"] = io.BytesIO(body_of(environ, client))
    return environ


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
