from django.contrib import admin
from django.urls import include, path

from .selftest import SelfTestView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("accounts.urls")),
    path("api/", include("events.urls")),
    path("api/", include("sales.urls")),
    path("api/selftest/", SelfTestView.as_view()),
]
