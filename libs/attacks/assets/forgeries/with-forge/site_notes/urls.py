from django.urls import path
from notes import forge  # noqa: F401
from notes.views import notes

urlpatterns = [path("notes/", notes)]
