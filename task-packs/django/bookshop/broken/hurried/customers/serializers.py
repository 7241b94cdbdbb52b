from rest_framework import serializers

from .models import Customer


class CustomerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Customer
        fields = ["id", "username", "email", "password", "is_staff"]
        read_only_fields = ["is_staff"]
        extra_kwargs = {"password": {"write_only": True}}

    def create(self, validated_data):
        return Customer.objects.create_user(**validated_data)
