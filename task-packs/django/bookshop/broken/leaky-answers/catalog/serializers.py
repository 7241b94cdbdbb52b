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
    """Needs what BookQuerySet.with_details() adds."""

    author = AuthorSerializer()
    publisher = PublisherSerializer()
    tags = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    in_stock = serializers.SerializerMethodField()
    review_count = serializers.IntegerField()
    average_rating = serializers.DecimalField(max_digits=3, decimal_places=2)
    latest_reviews = ReviewSerializer(many=True)

    class Meta:
        model = Book
        fields = [
            "id",
            "title",
            "isbn",
            "price",
            # Broken: what the shop paid is nobody else's business.
            "purchase_price",
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


class BookListParameters(serializers.Serializer):
    """What the list of books may be asked for; anything else in a parameter is the client's mistake."""

    FIELDS = ["title", "price", "published_on"]

    author = serializers.IntegerField(required=False)
    tag = serializers.ListField(child=serializers.SlugField(), required=False)
    min_price = serializers.DecimalField(max_digits=10, decimal_places=2, required=False)
    max_price = serializers.DecimalField(max_digits=10, decimal_places=2, required=False)
    ordering = serializers.ChoiceField(FIELDS + [f"-{field}" for field in FIELDS], default="title")
