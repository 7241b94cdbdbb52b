from django.contrib.auth.models import AbstractUser


class Customer(AbstractUser):
    """Someone who signed up. Staff of the shop are customers with is_staff."""
