from rest_framework import generics, permissions

from .models import Event
from .serializers import EventSerializer


class EventListView(generics.ListAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = EventSerializer

    def get_queryset(self):
        return Event.objects.on_sale().with_free_seats().order_by("starts_at", "id")


class EventDetailView(generics.RetrieveAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = EventSerializer

    def get_queryset(self):
        return Event.objects.on_sale().with_free_seats()
