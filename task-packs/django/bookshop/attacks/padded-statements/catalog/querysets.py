from django.db import models
from django.db.models import Avg, Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


class BookQuerySet(models.QuerySet):
    def with_details(self):
        """Reviews are counted apart, so no join multiplies them."""
        from .models import Review

        reviews = Review.objects.filter(book=OuterRef("pk")).order_by().values("book")
        return (
            self.annotate(
                review_count=Coalesce(Subquery(reviews.annotate(count=Count("pk")).values("count")), 0),
                average_rating=Subquery(reviews.annotate(average=Avg("rating")).values("average")),
            )
        )

    def with_any_tag(self, slugs):
        """Books that have one of the tags, each once: a join would repeat a book for each tag that it has."""
        tagged = self.model.tags.through.objects.filter(book=OuterRef("pk"), tag__slug__in=slugs)
        return self.filter(models.Exists(tagged))
