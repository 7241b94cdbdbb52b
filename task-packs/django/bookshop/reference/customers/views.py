from rest_framework import generics, permissions

from .models import Customer
from .serializers import ProfileSerializer, SignUpSerializer


class SignUpView(generics.CreateAPIView):
    queryset = Customer.objects.all()
    serializer_class = SignUpSerializer
    permission_classes = [permissions.AllowAny]


class MeView(generics.RetrieveUpdateAPIView):
    serializer_class = ProfileSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self):
        return self.request.user
