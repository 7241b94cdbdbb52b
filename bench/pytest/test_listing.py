from checks.support import BOOKS, author, book, http, insert, review


def page(path):
    answer = http("visitor").get(path)
    assert answer.status_code == 200
    return answer.json()


def numbers(body):
    return [row["id"] for row in body["results"]]


def test_b4_lists_come_in_pages():
    base = 1_220_000
    insert("catalog_author", author(base, "Paged"))
    insert("catalog_book", *(book(base + n, base, title=f"Part {7 - n}") for n in range(7)))
    path = f"{BOOKS}?author={base}&page_size=3"
    pages = [page(path), page(f"{path}&page=2"), page(f"{path}&page=3")]

    assert [row["title"] for body in pages for row in body["results"]] == [f"Part {n}" for n in range(1, 8)]
    assert [len(body["results"]) for body in pages] == [3, 3, 1]
    assert [body["count"] for body in pages] == [7, 7, 7]
    assert pages[0]["next"] and pages[0]["previous"] is None
    assert pages[2]["next"] is None and pages[2]["previous"]


def test_b4_page_size_is_capped():
    base = 1_230_000
    insert("catalog_author", author(base, "Prolific"))
    insert("catalog_book", *(book(base + n, base) for n in range(60)))
    for parameters, size in [("", 20), ("&page_size=35", 35), ("&page_size=51", 50), ("&page_size=100000", 50)]:
        body = page(f"{BOOKS}?author={base}{parameters}")
        assert (len(body["results"]), body["count"]) == (size, 60)
        assert body["results"][0]["author"]["id"] == base


def test_b4_filters_are_validated():
    base = 1_240_000
    insert("catalog_author", author(base, "Filtered"))
    insert("catalog_tag", {"id": base, "slug": "filter-red"}, {"id": base + 1, "slug": "filter-blue"})
    insert("catalog_book", *(book(base + n, base, f"{price}.00") for n, price in enumerate([8, 9, 10, 11])))
    tagged = [(base, base), (base, base + 1), (base + 2, base + 1)]
    insert(
        "catalog_book_tags",
        *({"id": base + n, "book_id": book_id, "tag_id": tag_id} for n, (book_id, tag_id) in enumerate(tagged)),
    )
    insert("catalog_review", *(review(base + customer, base, customer, 4) for customer in (1, 2)))
    own = f"{BOOKS}?author={base}"

    assert numbers(page(f"{own}&min_price=9.00&max_price=10")) == [base + 1, base + 2]
    any_tag = page(f"{BOOKS}?tag=filter-red&tag=filter-blue")
    assert (numbers(any_tag), any_tag["count"]) == ([base, base + 2], 2)
    assert any_tag["results"][0]["review_count"] == 2
    assert numbers(page(f"{own}&tag=filter-blue&ordering=-price")) == [base + 2, base]
    for wrong in [
        f"{BOOKS}?author=abc",
        f"{own}&min_price=cheap",
        f"{own}&max_price=NaN",
        f"{own}&ordering=colour",
        f"{own}&ordering=purchase_price",
        f"{own}&ordering=author__books__orders",
    ]:
        assert http("visitor").get(wrong).status_code == 400


def test_b4_order_of_equal_books_is_stable():
    base = 1_250_000
    insert("catalog_author", author(base, "Equals"))
    # Written in another order than that of their ids.
    shuffled = [7, 2, 9, 4, 0, 11, 6, 1, 10, 3, 8, 5]
    same = {"title": "The Same", "published_on": "2020-02-02"}
    insert("catalog_book", *(book(base + n, base, "5.00" if n < 9 else "6.00", **same) for n in shuffled))
    everything = [base + n for n in range(12)]
    expected = {"title": everything, "-published_on": everything, "price": everything}
    for ordering, ids in {**expected, "-price": everything[9:] + everything[:9]}.items():
        path = f"{BOOKS}?author={base}&ordering={ordering}&page_size=5"
        assert [number for n in (1, 2, 3) for number in numbers(page(f"{path}&page={n}"))] == ids
