from django.db import models
from django.db.models import Count, Q
from django.utils import timezone


class EventQuerySet(models.QuerySet):
    def on_sale(self):
        return self.filter(starts_at__gt=timezone.now())

    def with_free_seats(self):
        return self.annotate(free_seats=Count("seats", filter=Q(seats__booking__isnull=True)))


class Event(models.Model):
    name = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = EventQuerySet.as_manager()


class Seat(models.Model):
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="seats")
    row = models.CharField(max_length=3)
    number = models.PositiveSmallIntegerField()
    # What stands on the ticket: "A-12". Empty for seats that other systems have written since.
    label = models.CharField(max_length=9, null=True)
