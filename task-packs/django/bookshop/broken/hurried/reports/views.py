from django.db.models import Avg, Count, F, Sum
from rest_framework import permissions
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.models import Author

from .serializers import AuthorRevenueSerializer


class AuthorRevenueView(APIView):
    permission_classes = [permissions.IsAdminUser]

    def get(self, request):
        authors = Author.objects.exclude(books__lines__order__status="cancelled")
        if "from" in request.query_params:
            authors = authors.filter(
                books__lines__order__created_at__gte=request.query_params["from"]
            )
        if "to" in request.query_params:
            authors = authors.filter(
                books__lines__order__created_at__lte=request.query_params["to"]
            )
        authors = authors.annotate(
            orders=Count("books__lines__order", distinct=True),
            units=Sum("books__lines__quantity"),
            revenue=Sum(F("books__lines__quantity") * F("books__lines__unit_price")),
            review_count=Count("books__reviews", distinct=True),
            average_rating=Avg("books__reviews__rating"),
        ).order_by("-revenue")
        return Response(AuthorRevenueSerializer(authors, many=True).data)
