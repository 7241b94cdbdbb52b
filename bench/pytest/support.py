"""What the tests share: requests of the pack's users, and rows written past the ORM."""

import os
from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

BOOKS = "/api/books/"
ORDERS = "/api/orders/"
REPORT = "/api/reports/author-revenue/"
UNKNOWN = 88_000_000

TOKENS = {
    "alice": "a11cea11cea11cea11cea11cea11cea11cea11ce",
    "bob": "b0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb",
    "sam": "5a35a35a35a35a35a35a35a35a35a35a35a35a35",
}


class Http:
    """Requests of one user, in this process. `statements` is the number of SQL statements of the last one."""

    def __init__(self, token=None, https=True):
        headers = {"accept": "application/json"}
        if https:
            headers["x-forwarded-proto"] = "https"
        if token:
            headers["authorization"] = f"Token {token}"
        self._client = Client(raise_request_exception=False, headers=headers, SERVER_NAME="localhost")
        self.statements = 0

    def _send(self, method, path, *arguments, **options):
        with CaptureQueriesContext(connection) as captured:
            answer = getattr(self._client, method)(path, *arguments, **options)
        self.statements = len(captured)
        return answer

    def get(self, path, **headers):
        return self._send("get", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path, body=None):
        return self._send("post", path, body, content_type="application/json")

    def put(self, path, body):
        return self._send("put", path, body, content_type="application/json")

    def patch(self, path, body):
        return self._send("patch", path, body, content_type="application/json")

    def delete(self, path):
        return self._send("delete", path)


def http(name):
    """A user of task.yaml, or `visitor`."""
    return Http(TOKENS.get(name))


def query(sql, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def insert(table, *rows):
    columns = list(rows[0])
    places = f"({', '.join(['%s'] * len(columns))})"
    query(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([places] * len(rows))}",
        [row.get(column) for row in rows for column in columns],
    )


def accepts(table, row):
    try:
        with transaction.atomic():
            insert(table, row)
    except IntegrityError:
        return False
    return True


def load(file):
    query(Path(os.environ["BOOKSHOP_DATA"], file).read_text())


def author(number, name="An Author"):
    return {"id": number, "name": name}


def book(number, author_id, price="10.00", **fields):
    row = {"id": number, "title": f"Book {number}", "isbn": str(9_700_000_000_000 + number), "author_id": author_id}
    row |= {"publisher_id": None, "price": price, "purchase_price": "1.00", "published_on": "2012-03-04", "stock": 50}
    return row | fields


def order(number, created_at="2024-06-01T10:00:00Z", status="paid", customer=3, total="0.00"):
    return {"id": number, "customer_id": customer, "status": status, "created_at": created_at, "total": total}


def line(number, order_id, book_id, quantity, unit_price):
    return {"id": number, "order_id": order_id, "book_id": book_id, "quantity": quantity, "unit_price": unit_price}


def review(number, book_id, customer, rating, created_at="2024-05-06T07:08:09Z", text=""):
    return {"id": number, "book_id": book_id, "customer_id": customer, "rating": rating, "text": text, "created_at": created_at}


def new_customer(number, username=None):
    """A customer of the test's own; returns the client that acts as this customer."""
    row = {"id": number, "username": username or f"customer-{number}", "email": f"{number}@example.com", "password": "!"}
    row |= {"first_name": "", "last_name": "", "is_staff": False, "is_superuser": False, "is_active": True}
    insert("customers_customer", row | {"date_joined": "2024-01-01"})
    key = str(number).rjust(40, "c")
    insert("authtoken_token", {"key": key, "user_id": number, "created": "2024-01-01"})
    return Http(key)


def stock_books(base, *prices):
    """Books base, base + 1, ... with the given prices and 10 copies each."""
    insert("catalog_author", author(base, f"Author {base}"))
    rows = [book(base + n, base, price, title=f"Title {base + n}", stock=10) for n, price in enumerate(prices)]
    insert("catalog_book", *rows)


def copies_of(base):
    return [stock for (stock,) in query("SELECT stock FROM catalog_book WHERE author_id = %s ORDER BY id", [base])]


def stored_order(number):
    (row,) = query("SELECT customer_id, status, total::text FROM orders_order WHERE id = %s", [number])
    return row


def fresh_book(number):
    """A book that only the database can know, as it is shown."""
    insert("catalog_author", author(number))
    insert("catalog_book", book(number, number, "3.21", title=f"Fresh {number}"))
    answer = http("visitor").get(f"{BOOKS}{number}/")
    assert answer.status_code == 200
    assert answer.json()["title"] == f"Fresh {number}"
    return answer


def rows_of(answer):
    assert answer.status_code == 200
    return answer.json()["results"]
