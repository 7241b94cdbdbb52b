from checks.support import REPORT, author, book, http, insert, line, order, query, review


def report(authors, parameters=""):
    sam = http("sam")
    answer = sam.get(f"{REPORT}{parameters}")
    assert answer.status_code == 200
    rows = answer.json()
    return rows, [row for row in rows if row["author"]["id"] in authors], sam.statements


def test_a2_report_counts_what_was_sold():
    number = 1_100_001
    insert("catalog_author", author(number, "Sold and Cancelled"))
    insert("catalog_book", book(number, number))
    insert(
        "orders_order",
        order(number, status="shipped"),
        order(number + 1, "2024-06-02T10:00:00Z", "cancelled"),
        order(number + 2, "2024-06-03T10:00:00Z", "placed"),
    )
    lines = [(number, 2), (number + 1, 5), (number + 2, 1)]
    insert("orders_orderline", *(line(order_id, order_id, number, quantity, "10.00") for order_id, quantity in lines))

    _, (row,), _ = report([number])

    assert (row["orders"], row["units"], row["revenue"]) == (2, 3, "30.00")


def test_a2_report_joins_multiply_nothing():
    number = 1_110_001
    insert("catalog_author", author(number, "Reviewed and Sold"))
    insert("catalog_book", book(number, number, "7.50"), book(number + 1, number, "20.00"), book(number + 2, number, "3.00"))
    insert("orders_order", order(number), order(number + 1, "2024-06-02T10:00:00Z"))
    insert(
        "orders_orderline",
        line(number, number, number, 3, "7.50"),
        line(number + 1, number, number + 1, 1, "20.00"),
        line(number + 2, number + 1, number, 2, "7.50"),
    )
    insert(
        "catalog_review",
        review(number, number, 1, 5),
        review(number + 1, number, 2, 4),
        review(number + 2, number, 3, 5),
        review(number + 3, number + 1, 1, 1),
        review(number + 4, number + 2, 2, 3),
    )

    _, own, _ = report([number])

    sums = {"orders": 2, "units": 6, "revenue": "57.50", "review_count": 5, "average_rating": "3.60"}
    assert own == [{"author": {"id": number, "name": "Reviewed and Sold"}, **sums}]


def test_a2_report_statements_do_not_grow():
    def fill(numbers):
        insert("catalog_author", *(author(number, f"Author {number}") for number in numbers))
        insert("catalog_book", *(book(number, number, "4.00") for number in numbers))
        insert("orders_order", *(order(number) for number in numbers))
        insert("orders_orderline", *(line(number, number, number, 2, "4.00") for number in numbers))
        insert("catalog_review", *(review(number, number, 1, 4) for number in numbers))

    few, many = list(range(1_120_000, 1_120_002)), list(range(1_121_000, 1_121_012))
    fill(few)
    _, own, before = report(few)
    assert len(own) == len(few)
    fill(many)
    _, own, after = report(few + many)

    assert len(own) == len(few) + len(many)
    assert all(row["revenue"] == "8.00" for row in own)
    assert after == before


def test_a2_report_days_are_inclusive():
    sold, unsold = 1_130_001, 1_130_002
    insert("catalog_author", author(sold, "February"), author(unsold, "Never"))
    insert("catalog_book", book(sold, sold, "1.00"), book(unsold, unsold, "1.00"))
    moments = ["2024-01-31T23:59:59Z", "2024-02-01T00:00:00Z", "2024-02-29T23:59:59.5Z", "2024-03-01T00:00:00Z"]
    insert("orders_order", *(order(1_130_001 + n, moment) for n, moment in enumerate(moments)))
    insert("orders_orderline", *(line(1_130_001 + n, 1_130_001 + n, sold, 10**n, "1.00") for n in range(4)))
    insert("catalog_review", review(1_130_001, unsold, 1, 2, "2023-05-06T07:08:09Z"))

    def units_with(parameters):
        _, own, _ = report([sold, unsold], parameters)
        rows = {row["author"]["id"]: row for row in own}
        assert (rows[unsold]["units"], rows[unsold]["review_count"]) == (0, 1)
        return rows[sold]["units"]

    assert units_with("?from=2024-02-01&to=2024-02-29") == 110
    assert units_with("?from=2024-02-29") == 1100
    assert units_with("?to=2024-01-31") == 1
    for wrong in ["?from=yesterday", "?to=2024-02-30", "?from=2024-03-02&to=2024-03-01"]:
        assert http("sam").get(f"{REPORT}{wrong}").status_code == 400


def test_a2_report_edge_data():
    best, tie_a, tie_b, none = 1_140_004, 1_140_003, 1_140_002, 1_140_001
    names = {none: "Zero Sales", tie_b: "Tie, Berta", tie_a: "Tie, Anton", best: "Best, Seller"}
    insert("catalog_author", *(author(number, name) for number, name in names.items()))
    books = [book(1_140_001, best, "1.00"), book(1_140_002, tie_a, "99.00"), book(1_140_003, tie_b, "5.00")]
    insert("catalog_book", *books)
    insert("orders_order", order(1_140_001), order(1_140_002, "2024-06-02T10:00:00Z", "cancelled"))
    insert(
        "orders_orderline",
        line(1_140_001, 1_140_001, 1_140_001, 2, "123456.78"),
        line(1_140_002, 1_140_001, 1_140_002, 3, "0.10"),
        line(1_140_003, 1_140_001, 1_140_003, 1, "0.30"),
        line(1_140_004, 1_140_002, 1_140_003, 9, "99.00"),
    )

    rows, own, _ = report(names)

    assert [row["author"]["id"] for row in own] == [best, tie_a, tie_b, none]
    assert [row["revenue"] for row in own] == ["246913.56", "0.30", "0.30", "0.00"]
    zeros = {"orders": 0, "units": 0, "revenue": "0.00", "review_count": 0, "average_rating": None}
    assert own[3] == {"author": {"id": none, "name": "Zero Sales"}, **zeros}
    ((count,),) = query("SELECT count(*) FROM catalog_author")
    assert len(rows) == count
