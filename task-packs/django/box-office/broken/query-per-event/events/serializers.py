from rest_framework import serializers

from .models import Event


class EventSerializer(serializers.ModelSerializer):
    free_seats = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = ["id", "name", "starts_at", "free_seats"]

    def get_free_seats(self, event):
        return event.seats.filter(booking__isnull=True).count()
