from django.http import HttpResponse


def middleware(_get_response):
    return lambda _request: HttpResponse(status=503)
