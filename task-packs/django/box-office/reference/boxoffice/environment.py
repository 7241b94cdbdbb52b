"""The only place that reads the environment's texts into values."""

import os

from django.core.exceptions import ImproperlyConfigured


def required(name):
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name):
    text = os.environ.get(name, "False")
    if text not in ("True", "False"):
        raise ImproperlyConfigured(f"{name} must be True or False.")
    return text == "True"


def names(name):
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
