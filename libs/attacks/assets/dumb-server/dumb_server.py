"""Servers that know nothing: what they answer depends on a seed and on what they are sent, never on a database."""

import json
import random

STATUSES = [200, 200, 200, 201, 201, 204, 301, 400, 401, 403, 404, 405, 409, 429, 500]
KEYS = ["id", "count", "next", "previous", "results", "detail", "token", "status", "total", "lines", "name", "title", "text", "length", "price"]
TEXTS = ["", "0", "1", "ok", "placed", "0.00", "12.50", "2026-01-01", "é", "a\nb", "../..", "null", "\u0000", "<b>", "f" * 40]
NUMBERS = [0, 1, -1, 2, 5, 20, 0.5, 1e308, 10**20]
HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Set-Cookie", "csrftoken=x; Secure; HttpOnly; SameSite=Lax"),
    ("Retry-After", "1"),
    ("Allow", "GET, POST"),
    ("Location", "/"),
]
CONSTANTS = [b"", b"[]", b"{}", b"null", b"true", b"0", b'""', b'[{"id": 1}]', b'{"id": 1}', b'{"count": 0, "next": null, "previous": null, "results": []}', b"OK"]


def value(source, sent, depth=0):
    kind = source.randrange(9 if depth < 4 else 6)
    if kind == 0:
        return None
    if kind == 1:
        return source.choice([True, False])
    if kind == 2:
        return source.choice(NUMBERS)
    if kind in (3, 4):
        return source.choice(TEXTS)
    if kind == 5 and sent:
        return source.choice(sent)
    if kind <= 6:
        return [value(source, sent, depth + 1) for _ in range(source.choice([0, 1, 2, 3, 20]))]
    return {source.choice(KEYS): value(source, sent, depth + 1) for _ in range(source.randrange(8))}


def body_of(environ):
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def sent_in(body):
    try:
        sent = json.loads(body or b"null")
    except ValueError:
        return []
    return [sent, *sent.values()] if isinstance(sent, dict) else [sent]


def at_random(source, environ):
    sent = [environ["PATH_INFO"], environ.get("QUERY_STRING", ""), *sent_in(body_of(environ))]
    return source.choice(STATUSES), json.dumps(value(source, sent)).encode(), source.sample(HEADERS, source.randrange(len(HEADERS)))


def constantly(source, environ):
    """One answer for each method, drawn once."""
    own = random.Random(f"{source.fixed}{environ['REQUEST_METHOD']}")
    return own.choice(STATUSES), own.choice(CONSTANTS), HEADERS


def echoing(source, environ):
    body = body_of(environ)
    known = {"id": source.fixed % 50, "path": environ["PATH_INFO"], "token": "f" * 40, "count": 1, "next": None, "results": []}
    try:
        sent = json.loads(body or b"{}")
    except ValueError:
        return 400, body, HEADERS
    answer = {**known, **sent} if isinstance(sent, dict) else sent
    status = {"POST": 201, "DELETE": 204}.get(environ["REQUEST_METHOD"], 200)
    return status, json.dumps([answer] if source.fixed % 2 else answer).encode(), HEADERS


def lying(source, environ):
    """Lists that are none, and lengths that are not those of the body."""
    count = source.choice([0, 1, 2, 5, 20, 1e9, -1, "5"])
    fake = {"length": count, "count": count, "size": count, "0": {"id": 1}, "1": {"id": 2}, "results": {"length": count, "0": {"id": 1}}}
    body = json.dumps(fake).encode()
    length = source.choice([len(body), len(body) + 50, max(0, len(body) - 5), 0])
    return source.choice([200, 201]), body, [*HEADERS, ("Content-Length", str(length))]


KINDS = {"random": at_random, "constant": constantly, "echoing": echoing, "lying": lying}


def make(kind, seed):
    source = random.Random(seed)
    source.fixed = seed

    def application(environ, start_response):
        status, body, headers = KINDS[kind](source, environ)
        start_response(f"{status} Something", [("Content-Type", "application/json"), *headers])
        return [b"" if status == 204 else body]

    return application
