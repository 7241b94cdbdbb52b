from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_page
from rest_framework import generics, permissions

from .models import Event
from .serializers import EventSerializer


class EventListView(generics.ListAPIView):
    permission_classes = [permissions.AllowAny]
    queryset = Event.objects.order_by("starts_at", "id")
    serializer_class = EventSerializer

    @method_decorator(cache_page(300))
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)


class EventDetailView(generics.RetrieveAPIView):
    permission_classes = [permissions.AllowAny]
    queryset = Event.objects.all()
    serializer_class = EventSerializer
