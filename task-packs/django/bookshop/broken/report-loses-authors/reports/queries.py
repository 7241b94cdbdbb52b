from datetime import datetime, time, timezone
from decimal import Decimal

from django.db.models import Avg, Count, DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Author, Review
from orders.models import Order, OrderLine


def author_revenue(first=None, last=None):
    """Broken: leaves out authors without sales, ends at the midnight before `last`, and charges today's price."""
    sold = OrderLine.objects.filter(book__author=OuterRef("pk")).exclude(order__status=Order.Status.CANCELLED)
    if first is not None:
        sold = sold.filter(order__created_at__date__gte=first)
    if last is not None:
        sold = sold.filter(order__created_at__lte=datetime.combine(last, time.min, tzinfo=timezone.utc))
    sold = sold.order_by().values("book__author")
    reviews = Review.objects.filter(book__author=OuterRef("pk")).order_by().values("book__author")
    revenue = Sum(F("quantity") * F("book__price"), output_field=DecimalField(max_digits=14, decimal_places=2))
    return Author.objects.annotate(
        orders=Coalesce(Subquery(sold.annotate(value=Count("order", distinct=True)).values("value")), 0),
        units=Coalesce(Subquery(sold.annotate(value=Sum("quantity")).values("value")), 0),
        revenue=Coalesce(Subquery(sold.annotate(value=revenue).values("value")), Decimal("0.00")),
        review_count=Coalesce(Subquery(reviews.annotate(value=Count("pk")).values("value")), 0),
        average_rating=Subquery(reviews.annotate(value=Avg("rating")).values("value")),
    ).filter(units__gt=0).order_by("-revenue")
