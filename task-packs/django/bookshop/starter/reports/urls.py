from django.urls import path

from .views import AuthorRevenueView

urlpatterns = [
    path("reports/author-revenue/", AuthorRevenueView.as_view()),
]
