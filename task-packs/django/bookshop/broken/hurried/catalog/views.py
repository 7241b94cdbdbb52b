from rest_framework import permissions, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from .models import Book
from .serializers import BookSerializer, ReviewSerializer


class BookViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.all()
    serializer_class = BookSerializer

    def get_queryset(self):
        params = self.request.query_params
        books = Book.objects.select_related("author").prefetch_related("tags", "reviews__customer")
        books = books.order_by(params.get("ordering", "title"))
        if "author" in params:
            books = books.filter(author=params["author"])
        if "tag" in params:
            books = books.filter(tags__slug__in=params.getlist("tag")).distinct()
        if "min_price" in params:
            books = books.filter(price__gte=params["min_price"])
        if "max_price" in params:
            books = books.filter(price__lte=params["max_price"])
        return books

    @action(detail=True, methods=["post"], permission_classes=[permissions.IsAuthenticated])
    def reviews(self, request, pk=None):
        book = self.get_object()
        serializer = ReviewSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        if book.reviews.filter(customer=request.user).exists():
            return Response({"detail": "Only one review."}, status=status.HTTP_400_BAD_REQUEST)
        serializer.save(book=book, customer=request.user)
        return Response(serializer.data, status=status.HTTP_201_CREATED)
