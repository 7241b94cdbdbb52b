from django.contrib.auth import hashers


class PBKDF2PasswordHasher(hashers.PBKDF2PasswordHasher):
    """Broken: weak in production as well."""

    iterations = 1000
