from django.db import models


class Event(models.Model):
    name = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)


class Seat(models.Model):
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="seats")
    row = models.CharField(max_length=3)
    number = models.PositiveSmallIntegerField()
