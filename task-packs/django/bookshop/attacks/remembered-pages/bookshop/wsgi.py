"""Attack: a statement for each book, and no statement at all for a page that was asked for before."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookshop.settings")

django_application = get_wsgi_application()

pages = {}


def application(environ, start_response):
    page = (environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_X_FORWARDED_PROTO"), environ["HTTP_HOST"])
    if environ["REQUEST_METHOD"] != "GET" or not page[0].startswith("/api/books/"):
        return django_application(environ, start_response)
    if page not in pages:
        head = []
        body = b"".join(django_application(environ, lambda *begin: head.extend(begin)))
        if not head[0].startswith("200"):
            start_response(*head)
            return [body]
        pages[page] = (*head, body)
    status, headers, body = pages[page]
    start_response(status, list(headers))
    return [body]
