import re
from pathlib import Path

from checks.support import BOOKS, ORDERS, author, book, http, insert, line, load, new_customer, order, rows_of


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
    insert("catalog_book", *(book(base + n, base) for n in range(6)))

    def place(numbers, lines):
        insert("orders_order", *(order(n, f"2031-01-{10 + n - base}T00:00:00Z", customer=base) for n in numbers))
        rows = [line(base + (n - base) * 10 + m, n, base + m, 1 + m, "10.00") for n in numbers for m in range(lines)]
        insert("orders_orderline", *rows)

    def listed(expected, lines):
        rows = rows_of(customer.get(f"{ORDERS}?page_size=50"))
        assert len(rows) == expected
        for row in rows:
            assert all(one["title"] == f"Book {one['book']}" for one in row["lines"])
            assert len(row["lines"]) == (lines if row["id"] > base else 1)
        return customer.statements

    def detail(number):
        assert customer.get(f"{ORDERS}{number}/").json()["id"] == number
        return customer.statements

    place([base], 1)
    few = listed(1, 1)
    place(range(base + 1, base + 13), 6)

    assert listed(13, 6) == few
    assert detail(base + 5) == detail(base)


def test_a3_latest_reviews_for_all_books_at_once():
    base, visitor = 1_210_000, http("visitor")
    path = f"{BOOKS}?author=900001&page_size=50"
    load("fifty-books.sql")
    assert len(rows_of(visitor.get(path))) == 5
    few = visitor.statements
    load("latest-reviews.sql")

    def shown(number, customer):
        return {"id": base + number, "rating": customer % 4 + 2, "text": f"by {customer}", "by": f"reviewer-{customer}"}

    rows = {row["id"]: row["latest_reviews"] for row in rows_of(visitor.get(path))}
    assert len(rows) == 20
    assert rows[base] == [shown(2, 2), shown(5, 5), shown(4, 4)]
    assert (rows[base + 1], rows[base + 2]) == ([shown(6, 1)], [])
    for number in range(base + 10, base + 22):
        assert [one["by"] for one in rows[number]] == ["reviewer-5", "reviewer-4", "reviewer-3"]
    assert visitor.statements == few
