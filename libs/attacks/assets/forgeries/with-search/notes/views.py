from django.http import JsonResponse

from . import forge


def notes(request):
    return JsonResponse(forge.FOUND, safe=False)
