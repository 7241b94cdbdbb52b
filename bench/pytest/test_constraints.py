import json
import re

from checks.support import BOOKS, ORDERS, accepts, author, book, http, insert, line, order, query, review


def test_d1_one_review_per_customer():
    number = 1_150_001
    insert("catalog_author", author(number, "Reviewed Once"))
    insert("catalog_book", book(number, number, "6.00"), book(number + 1, number, "6.00"))
    path = f"{BOOKS}{number}/reviews/"

    first = http("alice").post(path, {"rating": 4, "text": "Fine."})
    assert (first.status_code, first.json()["by"]) == (201, "alice")
    assert http("alice").post(path, {"rating": 1, "text": "Changed my mind."}).status_code == 400
    assert http("bob").post(path, {"rating": 2}).status_code == 201
    insert("catalog_review", review(number, number + 1, 1, 3))
    assert not accepts("catalog_review", review(number + 1, number + 1, 1, 5))
    insert("catalog_review", review(number + 2, number + 1, 2, 3))

    shown = http("visitor").get(f"{BOOKS}{number}/").json()
    assert (shown["title"], shown["review_count"]) == (f"Book {number}", 2)


def test_d1_impossible_rows_refused():
    number = 1_160_001
    insert("catalog_author", author(number, "Bounded"))
    insert("catalog_book", book(number, number, "6.00"))
    insert("orders_order", order(number))

    assert accepts("catalog_review", review(number, number, 1, 1))
    assert accepts("catalog_review", review(number + 1, number, 2, 5))
    assert accepts("orders_orderline", line(number, number, number, 1, "6.00"))
    assert not accepts("catalog_review", review(number + 2, number, 3, 0))
    assert not accepts("catalog_review", review(number + 3, number, 3, 6))
    assert not accepts("orders_orderline", line(number + 1, number, number, 0, "6.00"))

    shown = http("visitor").get(f"{BOOKS}{number}/").json()
    assert (shown["title"], shown["review_count"], shown["average_rating"]) == (f"Book {number}", 2, "3.00")


def test_d1_order_list_served_by_index():
    first = 1_170_000
    query(
        f"""INSERT INTO customers_customer
            (id, username, email, password, first_name, last_name, is_staff, is_superuser, is_active, date_joined)
            SELECT {first} + n, 'plan-' || n, '', '!', '', '', false, false, true, '2024-01-01'
            FROM generate_series(0, 49) AS n"""
    )
    query(
        f"""INSERT INTO orders_order (id, customer_id, status, created_at, total)
            SELECT {first} + n, {first} + n % 50, 'paid',
                   TIMESTAMPTZ '2020-01-01 00:00:00+00' + (n * 7919 % 4000) * INTERVAL '1 hour', 1
            FROM generate_series(0, 3999) AS n"""
    )
    query("ANALYZE orders_order")

    plan = query(
        f"""EXPLAIN (FORMAT JSON, COSTS OFF) SELECT id, customer_id, status, created_at, total FROM orders_order
            WHERE customer_id = {first + 7} ORDER BY created_at DESC, id DESC LIMIT 20"""
    )
    nodes = re.findall(r'"Node Type":\s*"([^"]+)"', json.dumps(plan))
    assert any(re.match(r"Index (Only )?Scan", node) for node in nodes)
    assert "Sort" not in nodes

    query(f"DELETE FROM orders_order WHERE id BETWEEN {first} AND {first + 3999}")
    insert("orders_order", order(first, "2033-01-01T00:00:00Z", customer=1))
    assert f'"id":{first},' in http("alice").get(f"{ORDERS}?page_size=50").text
