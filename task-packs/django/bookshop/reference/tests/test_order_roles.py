import pytest
from customers.models import Customer
from orders.models import Order
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db

# What each role gets for each call on an order of alice.
MATRIX = {
    "visitor": {"list": 401, "read": 401, "place": 401, "pay": 401, "cancel": 401, "replace": 401, "delete": 401},
    "alice": {"list": 200, "read": 200, "place": 400, "pay": 403, "cancel": 200, "replace": 405, "delete": 405},
    "bob": {"list": 200, "read": 404, "place": 400, "pay": 404, "cancel": 404, "replace": 405, "delete": 405},
    "staff": {"list": 200, "read": 200, "place": 400, "pay": 200, "cancel": 200, "replace": 405, "delete": 405},
}


@pytest.fixture
def order():
    return Order.objects.create(customer=Customer.objects.create_user("alice"), total="5.00")


def client_of(role):
    client = APIClient()
    if role != "visitor":
        customer, _ = Customer.objects.get_or_create(username=role, defaults={"is_staff": role == "staff"})
        client.force_authenticate(customer)
    return client


@pytest.mark.parametrize("role", MATRIX)
@pytest.mark.parametrize("call", MATRIX["visitor"])
def test_role_matrix(order, role, call):
    client, path = client_of(role), f"/api/orders/{order.pk}/"
    answer = {
        "list": lambda: client.get("/api/orders/"),
        "read": lambda: client.get(path),
        "place": lambda: client.post("/api/orders/", {"lines": []}),
        "pay": lambda: client.patch(path, {"status": "paid"}),
        "cancel": lambda: client.post(f"{path}cancel/"),
        "replace": lambda: client.put(path, {"status": "paid"}),
        "delete": lambda: client.delete(path),
    }[call]()

    assert answer.status_code == MATRIX[role][call]


def test_the_list_holds_own_orders_only(order):
    assert client_of("alice").get("/api/orders/").json()["count"] == 1
    assert client_of("bob").get("/api/orders/").json()["count"] == 0
    assert client_of("staff").get("/api/orders/").json()["count"] == 1
