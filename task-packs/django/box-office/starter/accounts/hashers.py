import os

from django.contrib.auth import hashers


class PBKDF2PasswordHasher(hashers.PBKDF2PasswordHasher):
    """Django's own, with fewer rounds where hashes may be quick: in tests."""

    iterations = int(os.environ.get("DJANGO_PASSWORD_ROUNDS", hashers.PBKDF2PasswordHasher.iterations))
