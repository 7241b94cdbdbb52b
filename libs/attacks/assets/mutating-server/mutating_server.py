"""A good project whose answers are changed here and there: by chance, so that every expectation of a check meets what it did not expect."""

import json
import random

from django.core.wsgi import get_wsgi_application

VALUES = [None, True, 0, -1, 0.5, 1e308, "", "0", "é ü", "a\nb", "x" * 5000, [], [None], [[]], {}, {"id": None}, "/api/x", "http://[", "\ud800"]


def paths_of(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from paths_of(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(min(len(value), 5)):
            yield from paths_of(value[index], (*path, index))


def changed(source, value):
    path = source.choice(list(paths_of(value)))
    if not path:
        return source.choice(VALUES)
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    how = source.randrange(4)
    if how == 0:
        del holder[path[-1]]
    elif how == 1 and isinstance(holder, list):
        holder.insert(path[-1], source.choice(VALUES))
    else:
        holder[path[-1]] = source.choice(VALUES)
    return value


def make(seed):
    source = random.Random(seed)
    chance = source.choice([0.05, 0.2, 0.6])
    application = get_wsgi_application()

    def mutating(environ, start_response):
        begun = []

        def begin(status, headers, _error=None):
            begun.append((status, headers))
            return lambda _data: None

        parts = application(environ, begin)
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        status, headers = begun[-1]
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if answer is not None and source.random() < chance:
            body = json.dumps(changed(source, answer)).encode()
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]

    return mutating
