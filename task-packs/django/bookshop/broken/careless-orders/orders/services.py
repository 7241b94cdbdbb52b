from django.db import transaction
from django.db.models import F
from rest_framework.exceptions import APIException, ValidationError

from catalog.models import Book

from .models import Order, OrderLine


class CannotBeCancelled(APIException):
    status_code = 409
    default_detail = "This order cannot be cancelled any more."


def place_order(customer, lines):
    """Broken: writes line by line, without a transaction, and leaves behind what was written before a line turned out wrong."""
    order = Order.objects.create(customer=customer, total=0)
    for line in lines:
        book = Book.objects.filter(pk=line["book"]).first()
        if book is None or book.stock < line["quantity"]:
            raise ValidationError({"lines": f"Book {line['book']} cannot be delivered."})
        book.stock -= line["quantity"]
        book.save()
        OrderLine.objects.create(order=order, book=book, quantity=line["quantity"], unit_price=book.price)
        order.total += book.price * line["quantity"]
    order.save()
    return order


@transaction.atomic
def cancel_order(order):
    """Puts the copies back into stock. Raises CannotBeCancelled when the order is shipped or cancelled already."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.status in (Order.Status.SHIPPED, Order.Status.CANCELLED):
        raise CannotBeCancelled()
    for line in order.lines.order_by("book"):
        Book.objects.filter(pk=line.book_id).update(stock=F("stock") + line.quantity)
    order.status = Order.Status.CANCELLED
    order.save(update_fields=["status"])
