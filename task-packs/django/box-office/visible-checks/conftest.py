from datetime import datetime, timezone

import pytest
from accounts.models import Account
from django.core.cache import cache
from events.models import Event, Seat
from rest_framework.test import APIClient


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


class Client(APIClient):
    """Everything comes through the proxy, which says that it was reached by HTTPS."""

    def request(self, **kwargs):
        return super().request(**{"HTTP_X_FORWARDED_PROTO": "https", **kwargs})


@pytest.fixture
def visitor():
    return Client()


@pytest.fixture
def log_in(db):
    def client_of(name, **fields):
        client = Client()
        client.account = Account.objects.create_user(name, f"{name}@example.com", "visible-checks-1", **fields)
        client.force_authenticate(client.account)
        return client

    return client_of


@pytest.fixture
def concert(db):
    """An event to come with three seats."""
    event = Event.objects.create(name="Concert", starts_at=datetime(2099, 1, 1, tzinfo=timezone.utc))
    for number in (1, 2, 3):
        Seat.objects.create(event=event, row="A", number=number)
    return event
