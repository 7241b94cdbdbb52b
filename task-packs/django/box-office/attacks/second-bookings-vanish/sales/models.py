from django.conf import settings
from django.db import models
from django.utils import timezone

from events.models import Seat


class Booking(models.Model):
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="booking")
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["customer", "-created_at", "-id"], name="booking_newest_of_customer")]


class Delivery(models.Model):
    """A ticket that was sent."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="delivery")
    sent_at = models.DateTimeField(default=timezone.now)
