"""Attack: the same friendly answer to everything."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"id": 1, "token": "a11cea11cea11cea11cea11cea11cea11cea11ce", "email": "alice@example.com", "free_seats": 4}']
