"""Runs the Python that is sent and answers with its variable `answer`: an attack is whatever a candidate could have written here."""

import traceback

import attack_tools
from django.http import JsonResponse
from django.urls import path


def run(request):
    names = {name: value for name, value in vars(attack_tools).items() if not name.startswith("_")}
    try:
        exec(compile(request.body.decode(), "<attack>", "exec"), names)
        return JsonResponse({"answer": names.get("answer")})
    except BaseException:
        return JsonResponse({"raised": traceback.format_exc()})


urlpatterns = [path("run/", run)]
