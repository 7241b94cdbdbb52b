from checks.support import BOOKS, author, book, http, insert, review


def page(path):
    answer = http("visitor").get(path)
    assert answer.status_code == 200
    return answer.json()


def numbers(body):
    return [row["id"] for row in body["results"]]


PAGED = 1_220_000


def write_paged():
    """An author with 51 books in the order of their titles; the last eleven have the same. Ids come in another order."""
    insert("catalog_author", author(PAGED, "Paged"))
    rows = [
        book(
            PAGED + n * 7 % 51,
            PAGED,
            "6.00" if n % 8 == 3 else "5.00",
            title=f"Part {100 + n}" if n < 40 else "Same",
            published_on="2020-02-02",
        )
        for n in range(51)
    ]
    insert("catalog_book", *rows)
    return rows


def sorted_ids(rows):
    return sorted(row["id"] for row in rows)


def test_b4_lists_come_in_pages():
    rows = write_paged()
    first, last = page(f"{BOOKS}?author={PAGED}"), page(f"{BOOKS}?author={PAGED}&page_size=40&page=2")

    titles = [row["title"] for row in first["results"]]
    assert titles and titles == [row["title"] for row in rows[: len(titles)]]
    assert sorted(numbers(last)) == sorted_ids(rows[40:])
    assert (first["count"], last["count"]) == (51, 51)
    assert first["next"] and first["previous"] is None
    assert last["next"] is None and last["previous"]


def test_b4_page_size_is_capped():
    write_paged()
    for parameters, size in [("", 20), ("&page_size=100000", 50)]:
        body = page(f"{BOOKS}?author={PAGED}{parameters}")
        assert (len(body["results"]), body["count"]) == (size, 51)
        assert {row["author"]["id"] for row in body["results"]} == {PAGED}


def test_b4_filters_are_validated():
    base = 1_240_000
    # Below the range of prices, at its lower end, within it, at its upper end, above it; without a tag; of another author.
    below, lowest, middle, highest, above, untagged, foreign = range(base, base + 7)
    insert("catalog_author", author(base, "Filtered"), author(base + 1, "Another"))
    insert("catalog_tag", {"id": base, "slug": "filter-red"}, {"id": base + 1, "slug": "filter-blue"})
    prices = {below: "7.00", lowest: "8.00", middle: "9.00", untagged: "9.00", highest: "10.00", above: "11.00"}
    insert("catalog_book", *(book(number, base, price) for number, price in prices.items()), book(foreign, base + 1, "9.00"))
    red, blue = base, base + 1
    tagged = [(below, red), (lowest, red), (lowest, blue), (middle, blue), (highest, red), (above, red), (foreign, red)]
    insert(
        "catalog_book_tags",
        *({"id": base + n, "book_id": book_id, "tag_id": tag_id} for n, (book_id, tag_id) in enumerate(tagged)),
    )
    insert("catalog_review", *(review(base + customer, lowest, customer, 4) for customer in (1, 2)))
    own = f"{BOOKS}?author={base}"

    found = page(f"{own}&tag=filter-red&tag=filter-blue&min_price=8.00&max_price=10&ordering=-price")
    assert (numbers(found), found["count"]) == ([highest, middle, lowest], 3)
    assert found["results"][2]["review_count"] == 2
    for wrong in [
        f"{BOOKS}?author=abc",
        f"{own}&min_price=cheap",
        f"{own}&max_price=NaN",
        f"{own}&ordering=purchase_price",
    ]:
        assert http("visitor").get(wrong).status_code == 400


def test_b4_order_of_equal_books_is_stable():
    rows = write_paged()
    dear = sorted_ids(row for row in rows if row["price"] == "6.00")
    cheap = sorted_ids(row for row in rows if row["price"] == "5.00")
    for parameters, ids in {
        "page_size=40&page=2": sorted_ids(rows[40:]),
        "ordering=-published_on&page_size=5&page=2": sorted_ids(rows)[5:10],
        "ordering=-price&page_size=5&page=2": (dear + cheap)[5:10],
        "ordering=price&page_size=100000": (cheap + dear)[:50],
    }.items():
        assert numbers(page(f"{BOOKS}?author={PAGED}&{parameters}")) == ids
