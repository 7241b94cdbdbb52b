from django.conf import settings
from django.db import models
from django.utils import timezone

from events.models import Seat


class Booking(models.Model):
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="bookings")
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    created_at = models.DateTimeField(default=timezone.now)


class Delivery(models.Model):
    """A ticket that was sent."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="deliveries")
    sent_at = models.DateTimeField(default=timezone.now)
