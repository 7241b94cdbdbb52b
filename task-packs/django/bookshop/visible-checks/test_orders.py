import pytest
from customers.models import Customer

ORDERS = "/api/orders/"


@pytest.fixture
def place(make_book):
    """Places an order of two copies as the client, and returns the answer's JSON."""

    def order(client, **fields):
        body = {"lines": [{"book": make_book(price="7.50").pk, "quantity": 2}], **fields}
        answer = client.post(ORDERS, body)
        assert answer.status_code == 201
        return answer.json()

    return order


def test_an_order_is_charged_and_leaves_the_stock(log_in, make_book):
    alice, book = log_in("alice"), make_book(price="7.50", stock=3)

    order = alice.post(ORDERS, {"lines": [{"book": book.pk, "quantity": 2}]}).json()

    assert (order["customer"], order["status"], order["total"]) == (alice.customer.pk, "placed", "15.00")
    book.refresh_from_db()
    assert book.stock == 1


def test_an_order_that_cannot_be_delivered_leaves_nothing(log_in, make_book):
    alice, plenty, few = log_in("alice"), make_book(stock=5), make_book(stock=1)
    alice.raise_request_exception = False

    answer = alice.post(ORDERS, {"lines": [{"book": plenty.pk, "quantity": 1}, {"book": few.pk, "quantity": 2}]})

    assert answer.status_code == 400
    plenty.refresh_from_db()
    assert plenty.stock == 5
    assert not alice.customer.orders.exists()


def test_orders_of_others_are_hidden(log_in, place):
    alice, bob = log_in("alice"), log_in("bob")
    order = place(alice)

    assert alice.get(f"{ORDERS}{order['id']}/").json()["total"] == "15.00"
    assert bob.get(f"{ORDERS}{order['id']}/").status_code == 404
    assert bob.get(ORDERS).json()["results"] == []


def test_a_customer_does_not_set_the_total(log_in, place):
    assert place(log_in("alice"), total="0.01")["total"] == "15.00"


def test_only_staff_change_the_status(log_in, place):
    alice, sam = log_in("alice"), log_in("sam", is_staff=True)
    path = f"{ORDERS}{place(alice)['id']}/"

    assert alice.patch(path, {"status": "shipped"}).status_code == 403
    assert sam.patch(path, {"status": "shipped"}).json()["status"] == "shipped"


@pytest.mark.django_db
def test_signing_up_gives_no_rights(visitor):
    body = {"username": "eve", "email": "eve@example.com", "password": "copper-Lantern-1", "is_staff": True}

    assert visitor.post("/api/customers/", body).status_code == 201
    assert not Customer.objects.get(username="eve").is_staff
    assert visitor.post("/api/token/", body).status_code == 200
