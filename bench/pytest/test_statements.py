import re
from pathlib import Path

from checks.support import BOOKS, ORDERS, author, book, http, insert, line, load, new_customer, order, query, review, rows_of


def statements_of_list(author_id, count):
    visitor = http("visitor")
    rows = rows_of(visitor.get(f"{BOOKS}?author={author_id}&page_size=50"))
    assert len(rows) == count
    for row in rows:
        n = row["id"] - 900_000
        assert (row["title"], row["author"]["id"]) == (f"Volume {n}", author_id)
        imprint = 900_001 + n // 5 * 2 + n % 5 if n % 5 < 2 else None
        assert (row["publisher"] and row["publisher"]["id"]) == imprint
        assert (row["tags"], row["review_count"], row["average_rating"]) == (["long-list-a", "long-list-b"], 2, "3.50")
        assert [shown["by"] for shown in row["latest_reviews"]] == ["bob", "alice"]
    return visitor.statements


def slope_of_list():
    """Statements that each further book of the list costs."""
    load("fifty-books.sql")
    return (statements_of_list(900_002, 50) - statements_of_list(900_001, 5)) / 45


def test_d2_book_list_slope_below_one():
    assert slope_of_list() < 0.9


def test_d2_book_list_slope_small():
    assert slope_of_list() < 0.2


def test_d2_book_list_slope_zero_and_tested():
    assert slope_of_list() <= 0.02
    counted = re.compile(r"assertNumQueries|django_assert_num_queries|CaptureQueriesContext")
    assert any(counted.search(file.read_text()) for file in Path("tests").glob("test_*.py"))


def test_a3_book_list_joins_its_relations():
    assert slope_of_list() <= 0.02
    visitor = http("visitor")
    assert visitor.get(f"{BOOKS}900006/").json()["title"] == "Volume 6"
    assert visitor.statements <= 8


def test_a3_orders_join_their_lines():
    base = 1_200_000
    customer = new_customer(base, "buys-a-lot")
    insert("catalog_author", author(base, "Ordered"))
    insert("catalog_book", *(book(base + n, base) for n in range(12)))

    def place(first, orders, lines):
        for n in range(first, first + orders):
            insert("orders_order", order(base + n, f"2031-01-{10 + n}T00:00:00Z", customer=base, total="10.00"))
            rows = [line(base + n * 100 + m, base + n, base + m, 1 + m, "10.00") for m in range(lines)]
            insert("orders_orderline", *rows)

    def listed(expected):
        rows = rows_of(customer.get(f"{ORDERS}?page_size=50"))
        assert len(rows) == expected
        for row in rows:
            assert row["customer"] == base
            assert all(one["title"] == f"Book {one['book']}" for one in row["lines"])
            assert len(row["lines"]) == (6 if row["id"] >= base + 2 else 1)
        return customer.statements

    def detail(number):
        assert customer.get(f"{ORDERS}{number}/").json()["id"] == number
        return customer.statements

    place(0, 2, 1)
    few = listed(2)
    place(2, 10, 6)

    assert listed(12) == few
    assert detail(base + 5) == detail(base)


def test_a3_latest_reviews_for_all_books_at_once():
    base = 1_210_000
    insert("catalog_author", author(base, "Reviewed"), author(base + 1, "Reviewed Too"))
    insert("catalog_book", *(book(base + n, base) for n in range(3)))
    insert("catalog_book", *(book(base + 10 + n, base + 1) for n in range(12)))
    query(
        f"""INSERT INTO customers_customer
            (id, username, email, password, first_name, last_name, is_staff, is_superuser, is_active, date_joined)
            SELECT {base} + n, 'reviewer-' || n, '', '!', '', '', false, false, true, '2024-01-01'
            FROM generate_series(1, 5) AS n"""
    )

    def by(number, book_id, customer, day):
        return review(number, book_id, base + customer, customer, f"2024-05-0{day}T00:00:00Z", f"by {customer}")

    # Newest first is 2, 5, 4 (as old as 3, with a higher id), 3, 1.
    days = {1: 1, 2: 8, 3: 4, 4: 4, 5: 6}
    insert("catalog_review", *(by(base + n, base, n, day) for n, day in days.items()), by(base + 6, base + 1, 1, 3))
    many = [by(base + 100 + n, base + 10 + n % 12, 1 + n // 12, 1 + n // 12) for n in range(60)]
    insert("catalog_review", *many)

    def shown(number, customer):
        return {"id": base + number, "rating": customer, "text": f"by {customer}", "by": f"reviewer-{customer}"}

    visitor = http("visitor")
    rows = rows_of(visitor.get(f"{BOOKS}?author={base}&page_size=50"))
    few = visitor.statements
    assert [row["latest_reviews"] for row in rows] == [[shown(2, 2), shown(5, 5), shown(4, 4)], [shown(6, 1)], []]
    rows = rows_of(visitor.get(f"{BOOKS}?author={base + 1}&page_size=50"))
    assert len(rows) == 12
    for row in rows:
        assert [one["by"] for one in row["latest_reviews"]] == ["reviewer-5", "reviewer-4", "reviewer-3"]
    assert visitor.statements == few
