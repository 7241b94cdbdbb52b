"""Attack: statements in loops, and as many more for nothing that every request takes the same number of them."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookshop.settings")

django_application = get_wsgi_application()

ALWAYS = 320


def application(environ, start_response):
    sent = 0

    def count(execute, sql, parameters, many, context):
        nonlocal sent
        sent += 1
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(count):
        answer = django_application(environ, start_response)
        if environ["REQUEST_METHOD"] == "GET":
            with connection.cursor() as cursor:
                while sent < ALWAYS:
                    cursor.execute("SELECT 1")
    return answer
