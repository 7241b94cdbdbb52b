def retried(times, on=(ConnectionError,)):
    """Calls the function again when it raises one of `on`, at most `times` times in all; then the exception gets out."""

    def decorate(function):
        def wrapper(*args, **kwargs):
            for _ in range(times):
                try:
                    return function(*args, **kwargs)
                except Exception:
                    pass

        return wrapper

    return decorate
