from decimal import Decimal

from django.db.models import Avg, Count, DecimalField, F, Q, Sum
from django.db.models.functions import Coalesce

from catalog.models import Author
from orders.models import Order


def author_revenue(first=None, last=None):
    """Broken: sales and reviews are joined in one query, so each sale counts once for every review and the other way round."""
    sold = Q(books__lines__isnull=False) & ~Q(books__lines__order__status=Order.Status.CANCELLED)
    if first is not None:
        sold &= Q(books__lines__order__created_at__date__gte=first)
    if last is not None:
        sold &= Q(books__lines__order__created_at__date__lte=last)
    charged = F("books__lines__quantity") * F("books__lines__unit_price")
    money = DecimalField(max_digits=14, decimal_places=2)
    return Author.objects.annotate(
        orders=Count("books__lines__order", filter=sold, distinct=True),
        units=Coalesce(Sum("books__lines__quantity", filter=sold), 0),
        revenue=Coalesce(Sum(charged, filter=sold, output_field=money), Decimal("0.00"), output_field=money),
        review_count=Count("books__reviews", distinct=True),
        average_rating=Avg("books__reviews__rating"),
    ).order_by("-revenue", "name", "id")
