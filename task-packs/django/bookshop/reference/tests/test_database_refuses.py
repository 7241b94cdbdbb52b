import pytest
from catalog.models import Author, Book, Review
from customers.models import Customer
from django.db import IntegrityError
from orders.models import Order, OrderLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return Customer.objects.create_user("alice")


@pytest.fixture
def book():
    return Book.objects.create(
        title="Solaris",
        isbn="9780000000008",
        author=Author.objects.create(name="Stanisław Lem"),
        price="10.90",
        purchase_price="6.30",
        published_on="1961-06-01",
    )


def test_a_second_review(customer, book):
    Review.objects.create(book=book, customer=customer, rating=4)

    with pytest.raises(IntegrityError, match="one_review_per_customer"):
        Review.objects.create(book=book, customer=customer, rating=5)


@pytest.mark.parametrize("rating", [0, 6])
def test_a_rating_out_of_range(customer, book, rating):
    with pytest.raises(IntegrityError, match="rating_from_1_to_5"):
        Review.objects.create(book=book, customer=customer, rating=rating)


def test_a_line_without_copies(customer, book):
    order = Order.objects.create(customer=customer)

    with pytest.raises(IntegrityError, match="at_least_one_copy"):
        OrderLine.objects.create(order=order, book=book, quantity=0, unit_price="1.00")
