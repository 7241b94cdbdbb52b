from checks.support import ORDERS, Http, http, insert, line, order, rows_of, stock_books, stored_order


def write_order(number, customer, book_id, status="placed"):
    insert("orders_order", order(number, "2032-02-03T04:05:06Z", status, customer, "9.00"))
    insert("orders_orderline", line(number, number, book_id, 2, "4.50"))


def listed(name):
    return [row["id"] for row in rows_of(http(name).get(f"{ORDERS}?page_size=5"))]


def test_b2_orders_need_a_login():
    base = 1_340_000
    stock_books(base, "4.50")
    write_order(base, 1, base)
    body = {"lines": [{"book": base, "quantity": 1}]}

    own = http("alice").get(f"{ORDERS}{base}/")
    assert (own.status_code, own.json()["total"]) == (200, "9.00")
    visitor = http("visitor")
    assert visitor.get(ORDERS).status_code == 401
    assert visitor.get(f"{ORDERS}{base}/").status_code == 401
    assert visitor.post(ORDERS, body).status_code == 401
    assert visitor.post(f"{ORDERS}{base}/cancel/").status_code == 401
    assert Http("0" * 40).get(ORDERS).status_code == 401
    assert http("alice").post(ORDERS, body).status_code == 201


def test_b2_orders_of_others_are_hidden():
    base = 1_350_000
    stock_books(base, "4.50")
    write_order(base, 1, base)
    write_order(base + 1, 2, base)
    alice, own, other = http("alice"), base, base + 1
    read = alice.get(f"{ORDERS}{own}/")
    assert (read.status_code, read.json()["id"]) == (200, own)
    ids = listed("alice")
    assert own in ids and other not in ids
    assert alice.get(f"{ORDERS}{other}/").status_code == 404
    assert alice.post(f"{ORDERS}{other}/cancel/").status_code == 404
    assert alice.patch(f"{ORDERS}{other}/", {"status": "shipped"}).status_code in (403, 404)
    assert stored_order(other) == (2, "placed", "9.00")
    assert alice.post(f"{ORDERS}{own}/cancel/").status_code == 200
    assert stored_order(base) == (1, "cancelled", "9.00")


def test_b2_role_matrix_of_orders():
    base = 1_360_000
    stock_books(base, "4.50")
    write_order(base, 1, base)
    write_order(base + 1, 2, base)
    write_order(base + 2, 2, base, "shipped")
    path = f"{ORDERS}{base}/"

    assert {base, base + 1} <= set(listed("sam"))
    for name, status in {"sam": 200, "alice": 200, "bob": 404, "visitor": 401}.items():
        assert http(name).get(path).status_code == status
    assert http("alice").patch(path, {"status": "shipped"}).status_code == 403
    assert http("visitor").patch(path, {"status": "shipped"}).status_code == 401
    assert stored_order(base)[1] == "placed"
    paid = http("sam").patch(path, {"status": "paid"})
    assert (paid.status_code, paid.json()["status"]) == (200, "paid")
    for status in ("lost", None, "cancelled"):
        assert http("sam").patch(path, {"status": status}).status_code == 400
    assert stored_order(base)[1] == "paid"
    whole = {"lines": [{"book": base, "quantity": 1}], "status": "shipped"}
    assert http("sam").delete(path).status_code == 405
    assert http("sam").put(path, whole).status_code == 405
    assert stored_order(base) == (1, "paid", "9.00")
    assert http("bob").post(f"{ORDERS}{base + 2}/cancel/").status_code == 409
    assert http("sam").post(f"{ORDERS}{base + 1}/cancel/").status_code == 200
    assert stored_order(base + 1)[1] == "cancelled"
