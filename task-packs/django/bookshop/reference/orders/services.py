from django.db import transaction
from django.db.models import F
from rest_framework.exceptions import APIException, ValidationError

from catalog.models import Book

from .models import Order, OrderLine


class CannotBeCancelled(APIException):
    status_code = 409
    default_detail = "This order cannot be cancelled any more."


@transaction.atomic
def place_order(customer, lines):
    """Takes the copies out of stock and writes the order, or leaves everything as it was. `lines` are dicts of a book's id and a quantity."""
    # Locked in one order, so that two customers who want the same books never wait for each other.
    wanted = [line["book"] for line in lines]
    books = {book.pk: book for book in Book.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    for line in lines:
        book = books.get(line["book"])
        if book is None:
            raise ValidationError({"lines": f"There is no book {line['book']}."})
        if book.stock < line["quantity"]:
            raise ValidationError({"lines": f"There are not enough copies of book {book.pk}."})
        book.stock -= line["quantity"]
    total = sum(books[line["book"]].price * line["quantity"] for line in lines)
    order = Order.objects.create(customer=customer, total=total)
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            book=books[line["book"]],
            quantity=line["quantity"],
            unit_price=books[line["book"]].price,
        )
        for line in lines
    )
    Book.objects.bulk_update(books.values(), ["stock"])
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
