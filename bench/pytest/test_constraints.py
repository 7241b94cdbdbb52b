import json
import re

from checks.support import BOOKS, ORDERS, accepts, author, book, http, insert, line, load, order, query, review


def test_d1_one_review_per_customer():
    number = 1_150_001
    insert("catalog_author", author(number, "Reviewed Once"))
    insert("catalog_book", book(number, number, "6.00"), book(number + 1, number, "6.00"))
    path = f"{BOOKS}{number}/reviews/"

    first = http("alice").post(path, {"rating": 4, "text": "Fine."})
    assert (first.status_code, first.json()["by"]) == (201, "alice")
    assert http("alice").post(path, {"rating": 1, "text": "Changed my mind."}).status_code == 400
    assert http("bob").post(path, {"rating": 2}).status_code == 201
    written = query("SELECT customer_id, rating FROM catalog_review WHERE book_id = %s ORDER BY customer_id", [number])
    assert written == [(1, 4), (2, 2)]
    assert accepts("catalog_review", review(number, number + 1, 1, 3))
    assert not accepts("catalog_review", review(number + 1, number + 1, 1, 5))


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
    load("old-orders.sql")

    plan = query(
        """EXPLAIN (FORMAT JSON, COSTS OFF) SELECT id, customer_id, status, created_at, total FROM orders_order
           WHERE customer_id = 1170007 ORDER BY created_at DESC, id DESC LIMIT 20"""
    )
    text = json.dumps(plan)
    nodes = re.findall(r'"Node Type":\s*"([^"]+)"', text)
    assert re.search(r'"Index Cond":\s*"[^"]*customer_id', text)
    assert any(re.match(r"Index (Only )?Scan", node) for node in nodes)
    assert "Sort" not in nodes

    number = 1_175_000
    insert("orders_order", order(number, "2032-02-03T04:05:06Z", customer=1))
    assert f'"id":{number},' in http("alice").get(f"{ORDERS}?page_size=50").text
