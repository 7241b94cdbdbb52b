from django.contrib.auth.password_validation import validate_password
from rest_framework import serializers

from .models import Customer


class SignUpSerializer(serializers.ModelSerializer):
    class Meta:
        model = Customer
        # Broken: whoever signs up chooses is_staff.
        fields = ["id", "username", "email", "password", "is_staff"]
        extra_kwargs = {"password": {"write_only": True}}

    def validate_password(self, password):
        validate_password(password)
        return password

    def create(self, validated_data):
        return Customer.objects.create_user(**validated_data)


class ProfileSerializer(serializers.ModelSerializer):
    class Meta:
        model = Customer
        fields = ["id", "username", "email", "is_staff"]
        read_only_fields = ["username", "is_staff"]
