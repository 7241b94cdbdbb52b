from rest_framework import serializers

from .models import Event


class EventSerializer(serializers.ModelSerializer):
    free_seats = serializers.IntegerField(read_only=True)

    class Meta:
        model = Event
        fields = ["id", "name", "starts_at", "free_seats"]
