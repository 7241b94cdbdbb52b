from functools import wraps


def retried(times, on=(ConnectionError,)):
    """Calls the function again when it raises one of `on`, at most `times` times in all; then the exception gets out."""

    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            for _ in range(times - 1):
                try:
                    return function(*args, **kwargs)
                except tuple(on):
                    pass
            return function(*args, **kwargs)

        return wrapper

    return decorate
