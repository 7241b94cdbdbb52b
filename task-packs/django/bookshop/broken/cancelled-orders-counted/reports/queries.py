from decimal import Decimal

from django.db.models import Avg, Count, DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Author, Review
from orders.models import OrderLine


def author_revenue(first=None, last=None):
    """
    Broken: cancelled orders count as well. Every author with sales (of orders created from the day `first` to the day `last`, both inclusive, in UTC) and reviews.
    Sales and reviews are summed apart: joined together, each sale would count once for every review.
    """
    sold = OrderLine.objects.filter(book__author=OuterRef("pk"))
    if first is not None:
        sold = sold.filter(order__created_at__date__gte=first)
    if last is not None:
        sold = sold.filter(order__created_at__date__lte=last)
    sold = sold.order_by().values("book__author")
    reviews = Review.objects.filter(book__author=OuterRef("pk")).order_by().values("book__author")
    revenue = Sum(F("quantity") * F("unit_price"), output_field=DecimalField(max_digits=14, decimal_places=2))
    return Author.objects.annotate(
        orders=Coalesce(Subquery(sold.annotate(value=Count("order", distinct=True)).values("value")), 0),
        units=Coalesce(Subquery(sold.annotate(value=Sum("quantity")).values("value")), 0),
        revenue=Coalesce(Subquery(sold.annotate(value=revenue).values("value")), Decimal("0.00")),
        review_count=Coalesce(Subquery(reviews.annotate(value=Count("pk")).values("value")), 0),
        average_rating=Subquery(reviews.annotate(value=Avg("rating")).values("value")),
    ).order_by("-revenue", "name", "id")
