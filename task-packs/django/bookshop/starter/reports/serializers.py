from rest_framework import serializers

from catalog.serializers import AuthorSerializer


class AuthorRevenueSerializer(serializers.Serializer):
    author = AuthorSerializer(source="*")
    orders = serializers.IntegerField()
    units = serializers.IntegerField()
    revenue = serializers.DecimalField(max_digits=12, decimal_places=2)
    review_count = serializers.IntegerField()
    average_rating = serializers.DecimalField(max_digits=3, decimal_places=2)
