from django.core.cache import cache
from rest_framework import generics, permissions
from rest_framework.response import Response

from .availability import KEY, SECONDS
from .models import Event
from .serializers import EventSerializer


class EventListView(generics.ListAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = EventSerializer

    def get_queryset(self):
        return Event.objects.on_sale().with_free_seats().order_by("starts_at", "id")

    def list(self, request, *args, **kwargs):
        # The same for everyone, so that one copy serves all.
        return Response(cache.get_or_set(KEY, lambda: self.get_serializer(self.get_queryset(), many=True).data, SECONDS))


class EventDetailView(generics.RetrieveAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = EventSerializer

    def get_queryset(self):
        return Event.objects.on_sale().with_free_seats()
