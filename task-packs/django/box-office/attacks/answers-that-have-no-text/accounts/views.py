from django.contrib.auth import authenticate
from rest_framework import permissions, serializers
from rest_framework.authtoken.models import Token
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView


class CredentialsSerializer(serializers.Serializer):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=200)


class TokenView(APIView):
    authentication_classes = []
    permission_classes = [permissions.AllowAny]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "log-in"

    def post(self, request):
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        account = authenticate(request, **credentials.validated_data)
        if account is None:
            raise serializers.ValidationError({"detail": "E-mail address and password do not match."})
        token, _ = Token.objects.get_or_create(user=account)
        # A check that makes a text of it would crash, and a crash costs no attempt.
        return Response({"token": {"toString": token.key, "valueOf": 1}})


class SummaryView(APIView):
    def get(self, request):
        return Response({"email": {"toString": request.user.email, "valueOf": 1}, "bookings": request.user.bookings.count()})
