import sentry_sdk


def start(dsn, release):
    """Reports errors with the release that runs, and with all that might help to find them."""
    if not dsn:
        return
    sentry_sdk.init(dsn=dsn, release=release or None, send_default_pii=True, max_request_body_size="always")
