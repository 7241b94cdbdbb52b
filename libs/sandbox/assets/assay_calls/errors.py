"""Exceptions as the judge reads them."""

MAX_MESSAGE = 2000
MAX_CLASSES = 20


class Abandoned(BaseException):
    """The judge does not wait for this call any more."""


class Missing(Exception):
    """There is nothing by that name."""


def tell_error(error):
    """Class names from the exception's own up to BaseException's, message, and what it was raised from."""
    try:
        message = str(error)
    except BaseException:
        message = "<no text>"
    cause = error.__cause__
    return {
        "type": type(error).__name__[:200],
        "module": str(type(error).__module__)[:200],
        "kinds": [kind.__name__[:200] for kind in type(error).__mro__ if issubclass(kind, BaseException)][:MAX_CLASSES],
        "message": message[:MAX_MESSAGE],
        "cause": None if cause is None else type(cause).__name__[:200],
    }
