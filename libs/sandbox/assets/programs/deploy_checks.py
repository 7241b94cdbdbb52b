"""Django's own deployment checks on values of settings, in a sandbox without any code of the submission.

The values stand in /run/trusted/values.json, one a line as dump_settings.py says them. Says one JSON object a line for each message.
"""

import json
import os

STATUS, VALUES = 3, "/run/trusted/values.json"


class Unknown:
    """A value that cannot be written down."""


def decode(value):
    if isinstance(value, list):
        return [decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    (kind, inner), *_ = value.items()
    if kind == "tuple":
        return tuple(decode(each) for each in inner)
    if kind == "set":
        return {decode(each) for each in inner}
    if kind == "dict":
        return {decode(key): decode(each) for key, each in inner}
    return Unknown()


def values():
    found = {}
    with open(VALUES) as file:
        for line in file:
            said = json.loads(line)
            value = decode(said["value"])
            found.pop(said["name"], None)
            if not isinstance(value, Unknown):  # else Django's default stands
                found[said["name"]] = value
    return found


def main():
    from django.conf import settings
    from django.core import checks

    # A submission cannot silence what is asked here, nor bring modules of its own for Django to import.
    settings.configure(**{**values(), "SILENCED_SYSTEM_CHECKS": [], "CSRF_FAILURE_VIEW": "django.views.csrf.csrf_failure"})
    for message in checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True):
        line = {"id": message.id, "level": message.level, "message": str(message.msg)}
        os.write(STATUS, json.dumps(line).encode() + b"\n")


main()
