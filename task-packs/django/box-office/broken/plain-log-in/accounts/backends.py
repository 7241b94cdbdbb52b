from django.contrib.auth.backends import ModelBackend

from .models import Account


class EmailBackend(ModelBackend):
    def authenticate(self, request, email=None, password=None, **kwargs):
        account = Account.objects.filter(email=email or kwargs.get("username")).first()
        return account if account and account.check_password(password) else None
