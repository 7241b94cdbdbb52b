from events.models import Seat
from rest_framework import serializers

from .models import Booking


class BookingSerializer(serializers.ModelSerializer):
    # A taken seat is a conflict, not bad input.
    seat = serializers.PrimaryKeyRelatedField(queryset=Seat.objects.all(), validators=[])
    event = serializers.IntegerField(source="seat.event_id", read_only=True)

    class Meta:
        model = Booking
        fields = ["id", "seat", "event", "created_at"]
        read_only_fields = ["created_at"]

    def validate_seat(self, seat):
        return seat
