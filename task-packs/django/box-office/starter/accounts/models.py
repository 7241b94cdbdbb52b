from django.contrib.auth.models import AbstractUser
from django.db import models


class Account(AbstractUser):
    """Someone who books seats. People at the counter have is_staff."""

    email = models.EmailField(unique=True)
