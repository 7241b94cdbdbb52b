"""The list of events with their free seats is kept for a minute, and forgotten as soon as a seat is booked."""

from django.core.cache import cache

KEY = "events-on-sale"
SECONDS = 60


def forget():
    cache.delete(KEY)
