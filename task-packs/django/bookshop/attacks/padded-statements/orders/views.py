from rest_framework import mixins, permissions, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from .models import Order
from .permissions import OnlyStaffChanges
from .serializers import NewOrderSerializer, OrderSerializer, OrderStatusSerializer
from .services import cancel_order, place_order


class OrderViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    permission_classes = [permissions.IsAuthenticated, OnlyStaffChanges]
    lookup_value_regex = r"\d+"

    def get_queryset(self):
        orders = Order.objects.order_by("-created_at", "-id")
        return orders if self.request.user.is_staff else orders.filter(customer=self.request.user)

    def create(self, request):
        wanted = NewOrderSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        order = place_order(request.user, wanted.validated_data["lines"])
        return self.answer(order, status.HTTP_201_CREATED)

    def partial_update(self, request, pk):
        order = self.get_object()
        change = OrderStatusSerializer(order, data=request.data)
        change.is_valid(raise_exception=True)
        change.save()
        return self.answer(order)

    @action(detail=True, methods=["post"])
    def cancel(self, request, pk):
        order = self.get_object()
        cancel_order(order)
        return self.answer(order)

    def answer(self, order, status_code=status.HTTP_200_OK):
        """The order as it stands in the database now."""
        fresh = self.get_queryset().get(pk=order.pk)
        return Response(self.get_serializer(fresh).data, status=status_code)
