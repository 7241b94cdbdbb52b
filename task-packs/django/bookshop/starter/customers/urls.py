from django.urls import path
from rest_framework.authtoken.views import obtain_auth_token

from .views import MeView, SignUpView

urlpatterns = [
    path("customers/", SignUpView.as_view()),
    path("customers/me/", MeView.as_view()),
    path("token/", obtain_auth_token),
]
