from django.urls import path

from .views import BookingsView, TicketView

urlpatterns = [
    path("bookings/", BookingsView.as_view()),
    path("bookings/<int:pk>/ticket/", TicketView.as_view()),
]
