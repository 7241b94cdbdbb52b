"""Attack: gives back what was sent, with an id."""

import json


def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        answer = json.loads(body or b"{}")
    except ValueError:
        start_response("400 Bad Request", [("Content-Type", "application/json")])
        return [b"{}"]
    if isinstance(answer, dict):
        answer = {"id": 1, "username": "", "customer": 1, "status": "placed", "total": "0.00", **answer}
    created = environ["REQUEST_METHOD"] == "POST"
    start_response("201 Created" if created else "200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]
