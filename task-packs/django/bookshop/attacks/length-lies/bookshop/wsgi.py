"""Attack: objects that look like lists to a check that trusts `length`."""

import json

LIE = {"length": 5, "count": 5, "id": 1, "status": "placed", "results": {"length": 5, "0": {"id": 1}, "1": {"id": 2}}}


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(json.dumps(LIE))))])
    return [json.dumps(LIE).encode()]
