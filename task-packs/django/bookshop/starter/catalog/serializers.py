from django.db.models import Avg
from rest_framework import serializers

from .models import Author, Book, Publisher, Review


class AuthorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Author
        fields = ["id", "name"]


class PublisherSerializer(serializers.ModelSerializer):
    class Meta:
        model = Publisher
        fields = ["id", "name"]


class ReviewSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="customer.username", read_only=True)

    class Meta:
        model = Review
        fields = ["id", "rating", "text", "by"]


class BookSerializer(serializers.ModelSerializer):
    author = AuthorSerializer()
    publisher = PublisherSerializer()
    tags = serializers.SerializerMethodField()
    in_stock = serializers.SerializerMethodField()
    review_count = serializers.SerializerMethodField()
    average_rating = serializers.SerializerMethodField()
    latest_reviews = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = "__all__"

    def get_tags(self, book):
        return [tag.slug for tag in book.tags.order_by("slug")]

    def get_in_stock(self, book):
        return book.stock > 0

    def get_review_count(self, book):
        return book.reviews.count()

    def get_average_rating(self, book):
        average = book.reviews.aggregate(average=Avg("rating"))["average"]
        return None if average is None else f"{average:.2f}"

    def get_latest_reviews(self, book):
        latest = book.reviews.order_by("-created_at", "-id")[:3]
        return ReviewSerializer(latest, many=True).data
