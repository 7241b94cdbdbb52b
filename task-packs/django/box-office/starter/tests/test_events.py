from datetime import datetime, timezone

import pytest
from events.models import Event, Seat
from rest_framework.test import APIClient


@pytest.mark.django_db
def test_an_event_is_shown_with_its_free_seats():
    event = Event.objects.create(name="Recital", starts_at=datetime(2099, 1, 1, tzinfo=timezone.utc))
    Seat.objects.create(event=event, row="A", number=1)

    answer = APIClient().get(f"/api/events/{event.pk}/", secure=True).json()

    assert (answer["name"], answer["free_seats"]) == ("Recital", 1)
