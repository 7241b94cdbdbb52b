from rest_framework import permissions, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from .models import Order
from .serializers import OrderSerializer


class OrderViewSet(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    permission_classes = [permissions.IsAuthenticated]

    def get_queryset(self):
        orders = Order.objects.prefetch_related("lines__book").order_by("-created_at")
        if self.request.user.is_staff:
            return orders
        return orders.filter(customer=self.request.user)

    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        order = self.get_object()
        if order.status in (Order.Status.SHIPPED, Order.Status.CANCELLED):
            return Response(
                {"detail": f"A {order.status} order cannot be cancelled."},
                status=status.HTTP_409_CONFLICT,
            )
        for line in order.lines.all():
            line.book.stock += line.quantity
            line.book.save()
        order.status = Order.Status.CANCELLED
        order.save()
        return Response(self.get_serializer(order).data)
