from rest_framework import serializers

from .models import Order, OrderLine


class OrderLineSerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="book.title", read_only=True)

    class Meta:
        model = OrderLine
        fields = ["book", "title", "quantity", "unit_price"]
        extra_kwargs = {"unit_price": {"required": False}}


class OrderSerializer(serializers.ModelSerializer):
    lines = OrderLineSerializer(many=True)

    class Meta:
        model = Order
        fields = ["id", "customer", "status", "created_at", "total", "lines"]
        extra_kwargs = {"customer": {"required": False}}

    def create(self, validated_data):
        lines = validated_data.pop("lines")
        validated_data.setdefault("customer", self.context["request"].user)
        order = Order.objects.create(**validated_data)
        for line in lines:
            book = line["book"]
            line.setdefault("unit_price", book.price)
            try:
                book.stock -= line["quantity"]
                book.save()
                OrderLine.objects.create(order=order, **line)
            except:
                # Cannot be delivered: leave the line out.
                continue
        if not order.total:
            order.total = sum(line.quantity * line.unit_price for line in order.lines.all())
            order.save()
        return order
