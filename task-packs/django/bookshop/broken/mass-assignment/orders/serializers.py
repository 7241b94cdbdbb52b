from rest_framework import serializers

from customers.models import Customer

from .models import Order, OrderLine


class OrderLineSerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="book.title")

    class Meta:
        model = OrderLine
        fields = ["book", "title", "quantity", "unit_price"]


class OrderSerializer(serializers.ModelSerializer):
    lines = OrderLineSerializer(many=True)

    class Meta:
        model = Order
        fields = ["id", "customer", "status", "created_at", "total", "lines"]


class NewOrderLineSerializer(serializers.Serializer):
    book = serializers.IntegerField(min_value=1)
    quantity = serializers.IntegerField(min_value=1)


class NewOrderSerializer(serializers.Serializer):
    # Broken: whoever orders chooses for whom, and what it costs.
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all(), required=False)
    total = serializers.DecimalField(max_digits=10, decimal_places=2, required=False)
    lines = NewOrderLineSerializer(many=True, allow_empty=False)

    def validate_lines(self, lines):
        if len({line["book"] for line in lines}) < len(lines):
            raise serializers.ValidationError("A book may stand in one line only.")
        return lines


class OrderStatusSerializer(serializers.ModelSerializer):
    status = serializers.ChoiceField([Order.Status.PLACED, Order.Status.PAID, Order.Status.SHIPPED])

    class Meta:
        model = Order
        fields = ["status"]
