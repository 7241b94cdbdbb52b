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
        exclude = ["purchase_price", "stock"]

    def get_tags(self, book):
        return sorted(tag.slug for tag in book.tags.all())

    def get_in_stock(self, book):
        return book.stock > 0

    def get_review_count(self, book):
        return len(book.reviews.all())

    def get_average_rating(self, book):
        ratings = [review.rating for review in book.reviews.all()]
        return f"{sum(ratings) / len(ratings):.2f}" if ratings else None

    def get_latest_reviews(self, book):
        latest = sorted(book.reviews.all(), key=lambda review: review.created_at, reverse=True)[:3]
        return ReviewSerializer(latest, many=True).data
