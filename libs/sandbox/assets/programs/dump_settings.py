"""Says the values of the project's settings, one JSON object a line. The project could say anything: these are claims."""

import json
import os
import sys

STATUS = 3
LONGEST_TEXT = 8_000
MOST_ITEMS = 500


def encode(value):
    """As JSON; what JSON does not know is an object with one key that names it."""
    from django.utils.functional import Promise

    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 2**53 else {"other": "int"}
    if isinstance(value, float):
        return float(value) if value == value and abs(value) != float("inf") else {"other": "float"}
    if isinstance(value, (str, Promise)):
        return str(value)[:LONGEST_TEXT]
    if isinstance(value, list):
        return [encode(each) for each in value[:MOST_ITEMS]]
    if isinstance(value, tuple):
        return {"tuple": [encode(each) for each in value[:MOST_ITEMS]]}
    if isinstance(value, (set, frozenset)):
        return {"set": [encode(each) for each in sorted(value, key=repr)[:MOST_ITEMS]]}
    if isinstance(value, dict):
        return {"dict": [[encode(key), encode(each)] for key, each in list(value.items())[:MOST_ITEMS]]}
    return {"other": type(value).__name__}


def say(line):
    data = json.dumps(line).encode() + b"\n"
    while data:
        data = data[os.write(STATUS, data) :]


def main():
    sys.argv = ["manage.py"]
    import django
    from django.conf import settings

    django.setup()
    for name in sorted(dir(settings)):
        if name.isupper():
            say({"name": name, "value": encode(getattr(settings, name))})


main()
