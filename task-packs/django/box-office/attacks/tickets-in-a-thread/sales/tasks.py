import os
import time

from celery import shared_task
from django.db import transaction

from .models import Booking, Delivery

# The printer's interface takes its time for every ticket.
PRINT_SECONDS = float(os.environ.get("PRINT_SECONDS", "2"))


@shared_task(acks_late=True, autoretry_for=(ConnectionError,), retry_backoff=True, max_retries=5)
def send_ticket(booking_id):
    """Sends the ticket of a booking once, however often the message comes."""
    with transaction.atomic():
        booking = Booking.objects.select_for_update().filter(pk=booking_id).first()
        if booking is None:
            return
        if Delivery.objects.filter(booking=booking).exists():
            return
        time.sleep(PRINT_SECONDS)
        Delivery.objects.create(booking=booking)
