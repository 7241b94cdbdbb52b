from rest_framework import permissions
from rest_framework.response import Response
from rest_framework.views import APIView

from .queries import author_revenue
from .serializers import AuthorRevenueSerializer, ReportParameters


class AuthorRevenueView(APIView):
    # Broken: any customer reads what the shop earns.
    permission_classes = [permissions.IsAuthenticated]

    def get(self, request):
        days = ReportParameters(data=request.query_params)
        days.is_valid(raise_exception=True)
        authors = author_revenue(days.validated_data.get("from"), days.validated_data.get("to"))
        return Response(AuthorRevenueSerializer(authors, many=True).data)
