from rest_framework import serializers

from .models import Customer


class CustomerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Customer
        fields = ["id", "username", "email", "password", "is_staff", "is_superuser"]
        extra_kwargs = {"password": {"write_only": True}}
