from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache

from .models import Account

MOST_FAILURES = 5
LOCKED_SECONDS = 15 * 60


class EmailBackend(ModelBackend):
    """Knows people by their e-mail address, whatever its case, and stops listening after five wrong passwords."""

    def authenticate(self, request, email=None, password=None, **kwargs):
        address = email or kwargs.get("username")
        if address is None or password is None:
            return None
        key = f"log-in-failures:{address.lower()}"
        if cache.get(key, 0) >= MOST_FAILURES:
            return None
        account = Account.objects.filter(email__iexact=address).first()
        if account is None:
            Account().set_password(password)  # takes as long as for an address that we know
        elif account.check_password(password) and self.user_can_authenticate(account):
            cache.delete(key)
            return account
        if not cache.add(key, 1, LOCKED_SECONDS):
            cache.incr(key)
        return None
