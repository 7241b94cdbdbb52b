from datetime import datetime, timezone

from catalog.models import Review
from orders.models import Order, OrderLine

REPORT = "/api/reports/author-revenue/"


def sell(customer, book, quantity, **fields):
    fields.setdefault("created_at", datetime(2024, 6, 1, 12, tzinfo=timezone.utc))
    order = Order.objects.create(customer=customer, **fields)
    OrderLine.objects.create(order=order, book=book, quantity=quantity, unit_price=book.price)


def test_reviews_do_not_multiply_the_revenue(log_in, make_book):
    staff, alice, bob = log_in("sam", is_staff=True), log_in("alice"), log_in("bob")
    book = make_book(price="10.00")
    sell(alice.customer, book, 2, status="paid")
    for client, rating in ((alice, 5), (bob, 4)):
        Review.objects.create(book=book, customer=client.customer, rating=rating)

    (row,) = staff.get(REPORT).json()

    assert row == {
        "author": {"id": book.author.pk, "name": book.author.name},
        "orders": 1,
        "units": 2,
        "revenue": "20.00",
        "review_count": 2,
        "average_rating": "4.50",
    }


def test_an_author_without_sales_is_listed(log_in, make_book):
    staff = log_in("sam", is_staff=True)
    make_book()

    (row,) = staff.get(REPORT, {"from": "2024-06-01", "to": "2024-06-30"}).json()

    assert (row["orders"], row["units"], row["revenue"]) == (0, 0, "0.00")


def test_a_day_that_is_none_is_refused(log_in):
    staff = log_in("sam", is_staff=True)

    assert staff.get(REPORT, {"from": "June"}).status_code == 400
