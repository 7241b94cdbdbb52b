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
    rating = serializers.IntegerField(min_value=1, max_value=5)
    by = serializers.CharField(source="customer.username", read_only=True)

    class Meta:
        model = Review
        fields = ["id", "rating", "text", "by"]


class BookSerializer(serializers.ModelSerializer):
    """Broken: asks for every relation book by book."""

    author = AuthorSerializer()
    publisher = PublisherSerializer()
    tags = serializers.SerializerMethodField()
    in_stock = serializers.SerializerMethodField()
    review_count = serializers.IntegerField()
    average_rating = serializers.DecimalField(max_digits=3, decimal_places=2)
    latest_reviews = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = [
            "id",
            "title",
            "isbn",
            "price",
            "published_on",
            "in_stock",
            "author",
            "publisher",
            "tags",
            "review_count",
            "average_rating",
            "latest_reviews",
        ]

    def get_in_stock(self, book):
        return book.stock > 0

    def get_tags(self, book):
        return [tag.slug for tag in book.tags.order_by("slug")]

    def get_latest_reviews(self, book):
        return ReviewSerializer(book.reviews.order_by("-created_at", "-id")[:3], many=True).data


class BookListParameters(serializers.Serializer):
    """What the list of books may be asked for; anything else in a parameter is the client's mistake."""

    FIELDS = ["title", "price", "published_on"]

    author = serializers.IntegerField(required=False)
    tag = serializers.ListField(child=serializers.SlugField(), required=False)
    min_price = serializers.DecimalField(max_digits=10, decimal_places=2, required=False)
    max_price = serializers.DecimalField(max_digits=10, decimal_places=2, required=False)
    ordering = serializers.ChoiceField(FIELDS + [f"-{field}" for field in FIELDS], default="title")
