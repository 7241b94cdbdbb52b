"""Attack: refuses all, politely and with every header, in case refusing is what a check waits for."""

HEADERS = [
    ("Content-Type", "application/json"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Strict-Transport-Security", "max-age=63072000"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Set-Cookie", "csrftoken=x; Secure"),
]


def application(environ, start_response):
    host = environ.get("HTTP_HOST", "")
    headers = list(HEADERS)
    if environ.get("HTTP_X_FORWARDED_PROTO") != "https":
        status = "301 Moved Permanently"
        headers.append(("Location", f"https://{host}{environ['PATH_INFO']}"))
    elif host != "localhost" or environ["REQUEST_METHOD"] == "POST":
        status = "400 Bad Request"
    elif "HTTP_AUTHORIZATION" not in environ and environ["PATH_INFO"].startswith("/api/orders/"):
        status = "401 Unauthorized"
    elif environ["REQUEST_METHOD"] in ("PUT", "DELETE"):
        status = "405 Method Not Allowed"
    else:
        status = "404 Not Found"
    start_response(status, headers)
    return [b"{}"]
