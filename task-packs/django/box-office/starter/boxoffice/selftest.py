from rest_framework.permissions import IsAdminUser
from rest_framework.views import APIView


class SelfTestView(APIView):
    """Operations call this after a deployment: the error must arrive where errors are collected."""

    permission_classes = [IsAdminUser]

    def post(self, request):
        raise RuntimeError("self-test of the error reporting")
