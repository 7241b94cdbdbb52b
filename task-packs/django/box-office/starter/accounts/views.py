from rest_framework import permissions, serializers
from rest_framework.authtoken.models import Token
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Account


class CredentialsSerializer(serializers.Serializer):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=200)


class TokenView(APIView):
    authentication_classes = []
    permission_classes = [permissions.AllowAny]

    def post(self, request):
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        account = Account.objects.get(email=credentials.validated_data["email"])
        if not account.check_password(credentials.validated_data["password"]):
            raise serializers.ValidationError({"detail": "E-mail address and password do not match."})
        token, _ = Token.objects.get_or_create(user=account)
        return Response({"token": token.key})


class SummaryView(APIView):
    def get(self, request):
        return Response({"email": request.user.email, "bookings": request.user.bookings.count()})
