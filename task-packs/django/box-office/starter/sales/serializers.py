from rest_framework import serializers

from .models import Booking


class BookingSerializer(serializers.ModelSerializer):
    event = serializers.IntegerField(source="seat.event_id", read_only=True)

    class Meta:
        model = Booking
        fields = ["id", "seat", "event", "created_at"]
        read_only_fields = ["created_at"]
