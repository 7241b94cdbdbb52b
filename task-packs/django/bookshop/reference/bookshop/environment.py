import os

from django.core.exceptions import ImproperlyConfigured


def required(name):
    """The variable's value; the service does not start without it."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name):
    """A variable that is "True" or "False", False when missing. A text such as "False" is truthy, so it is compared, not converted."""
    value = os.environ.get(name, "False")
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f'{name} must be "True" or "False", not "{value}".')
    return value == "True"


def names(name):
    """The names in a comma-separated variable."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
