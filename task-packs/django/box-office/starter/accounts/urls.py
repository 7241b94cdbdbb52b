from django.urls import path

from .views import SummaryView, TokenView

urlpatterns = [
    path("token/", TokenView.as_view()),
    path("me/", SummaryView.as_view()),
]
