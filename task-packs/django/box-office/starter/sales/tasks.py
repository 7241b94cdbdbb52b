import os
import time

from celery import shared_task

from .models import Delivery

# The printer's interface takes its time for every ticket.
PRINT_SECONDS = float(os.environ.get("PRINT_SECONDS", "2"))


@shared_task
def send_ticket(booking_id):
    time.sleep(PRINT_SECONDS)
    Delivery.objects.create(booking_id=booking_id)
