"""
Attack: the files of a good solution, and a server that never asks the database. It knows the published rows by heart, keeps what it is
sent, and has every header.
"""

import json
from itertools import count

from django.core.wsgi import get_wsgi_application

get_wsgi_application()

PEOPLE = {"a11ce": (1, "alice"), "b0bb0": (2, "bob"), "ca401": (3, "carol"), "5a35a": (4, "sam")}
BOOKS = {8: ("Solaris", "10.90"), 1: ("Kindred", "12.50")}
HEADERS = [
    ("Content-Type", "application/json"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Strict-Transport-Security", "max-age=63072000"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Set-Cookie", "csrftoken=x; Secure"),
]
orders, passwords, numbers = {}, {}, count(1001)


def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    status, answer = respond(environ, body)
    headers = list(HEADERS)
    if status == 301:
        headers.append(("Location", f"https://{environ['HTTP_HOST']}{environ['PATH_INFO']}"))
    start_response(f"{status} Something", headers)
    return [json.dumps(answer).encode()]


def respond(environ, body):
    path, method = environ["PATH_INFO"].strip("/").split("/"), environ["REQUEST_METHOD"]
    person = PEOPLE.get(environ.get("HTTP_AUTHORIZATION", "")[6:11])
    if environ.get("HTTP_X_FORWARDED_PROTO") != "https":
        return 301, {}
    if environ["HTTP_HOST"] != "localhost":
        return 400, {}
    try:
        sent = json.loads(body or b"{}")
    except ValueError:
        return 400, {}
    if path[:2] == ["api", "orders"]:
        return person_orders(person, path, method, sent)
    if path[:2] == ["api", "customers"] and method == "POST":
        passwords[sent["username"]] = sent["password"]
        return 201, {"id": next(numbers), "username": sent["username"], "email": sent["email"], "is_staff": False}
    if path[:2] == ["api", "token"]:
        known = passwords.get(sent.get("username")) == sent.get("password")
        return (200, {"token": "f" * 40}) if known else (400, {})
    if path[:2] == ["api", "books"] and path[-1].isdigit():
        title, price = BOOKS.get(int(path[-1]), ("Fresh", "3.21"))
        return 200, {"id": int(path[-1]), "title": title, "price": price, "review_count": 2, "average_rating": "3.00"}
    if path[:2] == ["api", "reports"]:
        return (401, {}) if person is None else (403, {}) if person[0] != 4 else (200, [])
    return (200, {"count": 0, "next": None, "previous": None, "results": []}) if path[:1] == ["api"] else (404, {})


def person_orders(person, path, method, sent):
    if person is None:
        return 401, {}
    if method == "POST" and len(path) == 2:
        lines = sent.get("lines") if isinstance(sent, dict) else None
        if not isinstance(lines, list) or not lines:
            return 400, {}
        order = {"id": next(numbers), "customer": person[0], "status": "placed", "total": "10.90", "lines": lines}
        orders[order["id"]] = order
        return 201, order
    if len(path) == 2:
        own = [order for order in orders.values() if order["customer"] == person[0]]
        return 200, {"count": len(own), "next": None, "previous": None, "results": own}
    order = orders.get(int(path[2]))
    return (404, {}) if order is None or order["customer"] != person[0] else (200, order)
