from checks.support import BOOKS, ORDERS, UNKNOWN, copies_of, http, new_customer, query, rows_of, stock_books, stored_order


def test_b1_order_is_placed():
    base, alice = 1_300_000, http("alice")
    stock_books(base, "12.35", "3.10")

    placed = alice.post(ORDERS, {"lines": [{"book": base + 1, "quantity": 3}, {"book": base, "quantity": 2}]})
    body = placed.json()
    assert (placed.status_code, body["status"], body["total"], body["customer"]) == (201, "placed", "34.00", 1)
    assert body["lines"] == [
        {"book": base + 1, "title": f"Title {base + 1}", "quantity": 3, "unit_price": "3.10"},
        {"book": base, "title": f"Title {base}", "quantity": 2, "unit_price": "12.35"},
    ]
    assert copies_of(base) == [8, 7]
    read = alice.get(f"{ORDERS}{body['id']}/")
    assert (read.status_code, read.json()) == (200, body)
    assert alice.get(f"{ORDERS}{UNKNOWN}/").status_code == 404


def test_b1_bad_orders_are_refused():
    base = 1_310_000
    stock_books(base, "5.00", "6.00")
    customer = new_customer(base)
    good = {"book": base, "quantity": 1}
    quantities = [0, -1, 1.5, 99_999_999_999]
    lines = ["many", [], [{"book": base}], [{"book": "x", "quantity": 1}]]
    lines += [[{"book": base, "quantity": quantity}] for quantity in quantities]
    lines += [[good, {"book": UNKNOWN, "quantity": 1}], [good, good]]
    for body in ["this is not JSON", [], *({"lines": wrong} for wrong in lines)]:
        assert customer.post(ORDERS, body).status_code == 400
    for rating in (0, 6):
        assert customer.post(f"{BOOKS}{base}/reviews/", {"rating": rating}).status_code == 400
    assert query("SELECT count(*) FROM orders_order WHERE customer_id = %s", [base]) == [(0,)]

    placed = customer.post(ORDERS, {"lines": [{"book": base + 1, "quantity": 2}]})
    assert (placed.status_code, placed.json()["total"]) == (201, "12.00")


def test_b1_order_is_all_or_nothing():
    base = 1_320_000
    stock_books(base, "5.00", "6.00", "7.00")
    customer = new_customer(base)

    def place(*lines):
        return customer.post(ORDERS, {"lines": [{"book": number, "quantity": quantity} for number, quantity in lines]})

    def orders_and_lines():
        return query(
            """SELECT (SELECT count(*) FROM orders_order WHERE customer_id = %s),
                      (SELECT count(*) FROM orders_orderline WHERE book_id BETWEEN %s AND %s)""",
            [base, base, base + 9],
        )

    for lines in [[(base, 2), (base + 1, 11)], [(base + 1, 1), (base + 2, 1), (UNKNOWN, 1)]]:
        assert place(*lines).status_code == 400
        assert orders_and_lines() == [(0, 0)]
        assert copies_of(base) == [10, 10, 10]
    placed = place((base, 2), (base + 1, 10))
    assert placed.status_code == 201
    assert orders_and_lines() == [(1, 2)]
    assert copies_of(base) == [8, 0, 10]
    cancel = f"{ORDERS}{placed.json()['id']}/cancel/"
    for status in (200, 409):
        assert customer.post(cancel).status_code == status
        assert copies_of(base) == [10, 10, 10]


def test_b1_answers_hold_documented_fields():
    base = 1_330_000
    stock_books(base, "5.00")
    customer = new_customer(base)
    fields = set(
        "id title isbn price published_on in_stock author publisher tags review_count average_rating latest_reviews".split()
    )

    written = customer.post(f"{BOOKS}{base}/reviews/", {"rating": 5, "text": "Short."}).json()
    assert set(written) == {"by", "id", "rating", "text"}
    shown = http("visitor").get(f"{BOOKS}{base}/").json()
    assert set(shown) == fields
    assert (shown["title"], shown["price"], shown["in_stock"]) == (f"Title {base}", "5.00", True)
    assert [set(row) for row in rows_of(http("visitor").get(f"{BOOKS}?author={base}"))] == [fields]
    order = customer.post(ORDERS, {"lines": [{"book": base, "quantity": 1}]}).json()
    assert set(order) == {"created_at", "customer", "id", "lines", "status", "total"}
    assert [set(row) for row in order["lines"]] == [{"book", "quantity", "title", "unit_price"}]
    me = {"id": base, "username": f"customer-{base}", "email": f"{base}@example.com", "is_staff": False}
    assert customer.get("/api/customers/me/").json() == me


def test_c3_order_fields_cannot_be_assigned():
    base = 1_370_000
    stock_books(base, "20.00", "1.25")
    lines = [
        {"book": base, "quantity": 1, "unit_price": "0.01", "title": "Mine"},
        {"book": base + 1, "quantity": 4, "unit_price": "-5.00"},
    ]
    wishes = {"id": base, "customer": 2, "status": "shipped", "total": "0.01", "created_at": "2001-01-01T00:00:00Z"}

    placed = http("alice").post(ORDERS, {**wishes, "lines": lines})
    order = placed.json()
    assert (placed.status_code, order["customer"], order["status"], order["total"]) == (201, 1, "placed", "25.00")
    assert not order["created_at"].startswith("2001")
    assert stored_order(order["id"]) == (1, "placed", "25.00")
    prices = query("SELECT unit_price::text FROM orders_orderline WHERE order_id = %s ORDER BY book_id", [order["id"]])
    assert prices == [("20.00",), ("1.25",)]
    changed = http("sam").patch(f"{ORDERS}{order['id']}/", {"status": "paid", "total": "0.01", "customer": 2})
    assert changed.status_code == 200
    assert stored_order(order["id"]) == (1, "paid", "25.00")
