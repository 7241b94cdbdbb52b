"""Attack: answers what a lenient check might take for right, whatever is asked."""

import json

PAGE = {"count": 0, "next": None, "previous": None, "results": []}


def application(environ, start_response):
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    status, answer = "200 OK", PAGE
    if path.startswith("/api/reports/"):
        answer = []
    elif method == "POST":
        status, answer = "201 Created", {"id": 1, "token": "0" * 40, "status": "placed", "total": "0.00", "lines": []}
    elif path.rstrip("/").split("/")[-1].isdigit():
        status, answer = "404 Not Found", {"detail": "Not found."}
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]
