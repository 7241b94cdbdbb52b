import pytest
from catalog.models import Publisher
from django.db import connection
from django.test.utils import CaptureQueriesContext

BOOKS = "/api/books/"


def test_the_list_comes_in_pages(visitor, make_book):
    for _ in range(5):
        make_book()

    page = visitor.get(BOOKS, {"page_size": 2, "page": 2}).json()

    assert page["count"] == 5
    assert [book["title"] for book in page["results"]] == ["Book 0003", "Book 0004"]
    assert page["next"] and page["previous"]


def test_more_books_need_no_more_statements(visitor, make_book):
    publisher = Publisher.objects.create(name="Harbour Press")

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert visitor.get(BOOKS).status_code == 200
        return len(captured)

    for _ in range(2):
        make_book(publisher=publisher)
    few = statements()
    for _ in range(8):
        make_book(publisher=publisher)

    assert statements() == few


@pytest.mark.parametrize("query", [{"min_price": "cheap"}, {"ordering": "purchase_price"}])
def test_a_parameter_that_makes_no_sense_is_refused(visitor, make_book, query):
    make_book()
    visitor.raise_request_exception = False

    assert visitor.get(BOOKS, query).status_code == 400


def test_a_book_is_reviewed_once_by_a_customer(log_in, make_book):
    alice, book = log_in("alice"), make_book()
    alice.raise_request_exception = False

    first = alice.post(f"{BOOKS}{book.pk}/reviews/", {"rating": 5, "text": "Again!"})
    second = alice.post(f"{BOOKS}{book.pk}/reviews/", {"rating": 4})

    assert (first.status_code, first.json()["by"]) == (201, "alice")
    assert second.status_code == 400
