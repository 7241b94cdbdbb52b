import pytest
from django.db import IntegrityError, transaction
from sales.models import Booking


def test_a_seat_is_booked(log_in, concert):
    seat = concert.seats.first()

    answer = log_in("ada").post("/api/bookings/", {"seat": seat.pk})

    assert answer.status_code == 201
    assert (answer.json()["seat"], answer.json()["event"]) == (seat.pk, concert.pk)


def test_a_taken_seat_is_a_conflict(log_in, concert):
    seat = concert.seats.first()
    log_in("ada").post("/api/bookings/", {"seat": seat.pk})

    assert log_in("ben").post("/api/bookings/", {"seat": seat.pk}).status_code == 409


def test_the_database_refuses_a_second_booking(log_in, concert):
    seat, ada = concert.seats.first(), log_in("ada").account
    Booking.objects.create(seat=seat, customer=ada)

    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(seat=seat, customer=ada)
