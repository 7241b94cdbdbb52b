from datetime import date

import pytest
from catalog.models import Author, Book

pytestmark = pytest.mark.django_db


def test_a_book_is_shown_with_its_author(client):
    author = Author.objects.create(name="Ursula K. Le Guin")
    book = Book.objects.create(
        title="The Dispossessed",
        isbn="9780060512750",
        author=author,
        price="9.90",
        purchase_price="5.00",
        published_on=date(1974, 5, 1),
        stock=3,
    )

    answer = client.get(f"/api/books/{book.pk}/").json()

    assert answer["title"] == "The Dispossessed"
    assert answer["author"] == {"id": author.pk, "name": "Ursula K. Le Guin"}
