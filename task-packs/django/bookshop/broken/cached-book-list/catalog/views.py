from django.db import IntegrityError, transaction
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_page
from rest_framework import permissions, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from .models import Book
from .serializers import BookListParameters, BookSerializer, ReviewSerializer


# Broken: answers are a minute old, and other systems write to this database.
@method_decorator(cache_page(60), name="list")
class BookViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.with_details()
    serializer_class = BookSerializer
    permission_classes = [permissions.AllowAny]
    lookup_value_regex = r"\d+"

    def filter_queryset(self, books):
        if self.action != "list":
            return books
        parameters = BookListParameters(data=self.request.query_params)
        parameters.is_valid(raise_exception=True)
        wanted = parameters.validated_data
        if "author" in wanted:
            books = books.filter(author=wanted["author"])
        if "tag" in wanted:
            books = books.with_any_tag(wanted["tag"])
        if "min_price" in wanted:
            books = books.filter(price__gte=wanted["min_price"])
        if "max_price" in wanted:
            books = books.filter(price__lte=wanted["max_price"])
        return books.order_by(wanted["ordering"], "id")

    @action(detail=True, methods=["post"], permission_classes=[permissions.IsAuthenticated])
    def reviews(self, request, pk=None):
        book = get_object_or_404(Book, pk=pk)
        serializer = ReviewSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            with transaction.atomic():
                serializer.save(book=book, customer=request.user)
        except IntegrityError as error:
            raise ValidationError({"detail": "You have reviewed this book already."}) from error
        return Response(serializer.data, status=status.HTTP_201_CREATED)
