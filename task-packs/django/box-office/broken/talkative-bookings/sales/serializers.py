from events.models import Event, Seat
from rest_framework import serializers

from .models import Booking


class BookingSerializer(serializers.ModelSerializer):
    # A taken seat is a conflict, not bad input.
    seat = serializers.PrimaryKeyRelatedField(queryset=Seat.objects.all(), validators=[])
    event = serializers.IntegerField(source="seat.event_id", read_only=True)

    class Meta:
        model = Booking
        fields = ["id", "seat", "event", "created_at", "customer"]
        read_only_fields = ["created_at", "customer"]

    def validate_seat(self, seat):
        if not Event.objects.on_sale().filter(pk=seat.event_id).exists():
            raise serializers.ValidationError("There are no tickets for this event.")
        return seat
