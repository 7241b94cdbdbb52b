from datetime import date

import pytest
from catalog.models import Author, Book
from customers.models import Customer
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient


@pytest.fixture
def visitor():
    return APIClient()


@pytest.fixture
def log_in(db):
    """log_in("alice") gives a client that acts as this customer; log_in("sam", is_staff=True) acts as staff."""

    def client_of(username, **fields):
        customer = Customer.objects.create_user(username, password="visible-checks-1", **fields)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=customer).key}")
        client.customer = customer
        return client

    return client_of


@pytest.fixture
def make_book(db):
    """make_book(price="12.50") creates a book; what is left out gets a value of its own."""
    numbers = iter(range(1, 10_000))

    def book(**fields):
        number = next(numbers)
        fields.setdefault("title", f"Book {number:04}")
        fields.setdefault("isbn", f"{9_780_000_000_000 + number}")
        fields.setdefault("price", "10.00")
        fields.setdefault("purchase_price", "4.00")
        fields.setdefault("published_on", date(2020, 1, 1))
        fields.setdefault("stock", 10)
        if "author" not in fields:
            fields["author"] = Author.objects.create(name=f"Author {number:04}")
        return Book.objects.create(**fields)

    return book
