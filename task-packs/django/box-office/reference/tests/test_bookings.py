from datetime import datetime, timezone

import pytest
from accounts.models import Account
from events.models import Event, Seat
from rest_framework.test import APIClient


@pytest.fixture
def seat(db):
    event = Event.objects.create(name="Recital", starts_at=datetime(2099, 1, 1, tzinfo=timezone.utc))
    return Seat.objects.create(event=event, row="A", number=1)


def client_of(name):
    client = APIClient()
    client.force_authenticate(Account.objects.create_user(name, f"{name}@example.com"))
    return client


def test_a_seat_is_booked_once(seat):
    book = lambda name: client_of(name).post("/api/bookings/", {"seat": seat.pk}, secure=True)  # noqa: E731

    assert [book("ada").status_code, book("ben").status_code] == [201, 409]


def test_only_events_on_sale(seat, django_assert_num_queries):
    Event.objects.create(name="Past", starts_at=datetime(2020, 1, 1, tzinfo=timezone.utc))
    with django_assert_num_queries(1):
        names = [event.name for event in Event.objects.on_sale().with_free_seats()]

    assert names == ["Recital"]
