from rest_framework import serializers

from catalog.serializers import AuthorSerializer


class ReportParameters(serializers.Serializer):
    def get_fields(self):
        # "from" is a keyword in Python.
        return {"from": serializers.DateField(required=False), "to": serializers.DateField(required=False)}

    def validate(self, days):
        if "from" in days and "to" in days and days["to"] < days["from"]:
            raise serializers.ValidationError({"to": "Must not be before `from`."})
        return days


class AuthorRevenueSerializer(serializers.Serializer):
    author = AuthorSerializer(source="*")
    orders = serializers.IntegerField()
    units = serializers.IntegerField()
    revenue = serializers.DecimalField(max_digits=14, decimal_places=2)
    review_count = serializers.IntegerField()
    average_rating = serializers.DecimalField(max_digits=3, decimal_places=2)
