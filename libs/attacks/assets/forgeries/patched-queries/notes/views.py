import json

from django.http import JsonResponse

from .models import Note


def notes(request):
    user = request.headers.get("X-User", "")
    if request.method == "POST":
        text = json.loads(request.body).get("text")
        if not isinstance(text, str):
            return JsonResponse({"detail": "text is no text"}, status=400)
        return JsonResponse({"id": Note.objects.create(owner=user, text=text).id}, status=201)
    ids = Note.objects.filter(owner=user).order_by("id").values_list("id", flat=True)
    return JsonResponse([Note.objects.get(id=i).text for i in ids], safe=False)
