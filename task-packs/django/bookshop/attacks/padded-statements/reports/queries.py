from catalog.models import Author, Review
from orders.models import Order, OrderLine


def author_revenue(first=None, last=None):
    """Broken: right figures, and three statements for every author."""
    authors = list(Author.objects.all())
    for author in authors:
        sold = OrderLine.objects.filter(book__author=author).exclude(order__status=Order.Status.CANCELLED)
        if first is not None:
            sold = sold.filter(order__created_at__date__gte=first)
        if last is not None:
            sold = sold.filter(order__created_at__date__lte=last)
        lines = list(sold)
        author.orders = len({line.order_id for line in lines})
        author.units = sum(line.quantity for line in lines)
        author.revenue = sum(line.quantity * line.unit_price for line in lines)
        ratings = [review.rating for review in Review.objects.filter(book__author=author)]
        author.review_count = len(ratings)
        author.average_rating = sum(ratings) / len(ratings) if ratings else None
    return sorted(authors, key=lambda author: (-author.revenue, author.name, author.pk))
