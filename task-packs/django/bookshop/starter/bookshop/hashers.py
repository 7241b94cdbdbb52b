import os

from django.contrib.auth import hashers


class PBKDF2PasswordHasher(hashers.PBKDF2PasswordHasher):
    """Django's own hasher. DJANGO_PASSWORD_ROUNDS sets its number of rounds, so that tests need not wait for those of production."""

    iterations = int(os.environ.get("DJANGO_PASSWORD_ROUNDS", hashers.PBKDF2PasswordHasher.iterations))
