from django.db import transaction
from rest_framework import serializers

from .models import Order, OrderLine


class OrderLineSerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="book.title", read_only=True)

    class Meta:
        model = OrderLine
        fields = ["book", "title", "quantity", "unit_price"]
        read_only_fields = ["unit_price"]


class OrderSerializer(serializers.ModelSerializer):
    lines = OrderLineSerializer(many=True)

    class Meta:
        model = Order
        fields = ["id", "customer", "status", "created_at", "total", "lines"]
        read_only_fields = ["customer", "total", "created_at"]

    @transaction.atomic
    def create(self, validated_data):
        lines = validated_data.pop("lines")
        order = Order.objects.create(customer=self.context["request"].user)
        for line in lines:
            book = line["book"]
            if book.stock < line["quantity"]:
                raise serializers.ValidationError(f"Not enough copies of {book}.")
            book.stock -= line["quantity"]
            book.save()
            OrderLine.objects.create(order=order, unit_price=book.price, **line)
            order.total += line["quantity"] * book.price
        order.save()
        return order
