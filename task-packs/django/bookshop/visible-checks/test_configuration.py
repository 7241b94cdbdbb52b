"""The settings are read once, when Django starts: each test starts a Python of its own, with the environment of production."""

import json
import os
import subprocess
import sys

import pytest

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "bookshop.settings",
    "DJANGO_SECRET_KEY": "only-for-this-test",
    "DJANGO_DEBUG": "False",
    "DJANGO_HTTPS": "True",
    "DJANGO_ALLOWED_HOSTS": "shop.example",
}

# Asks for a page that does not exist, which needs no database.
SCRIPT = """
import json, django
django.setup()
from django.test import Client
from django.conf import settings
client = Client(raise_request_exception=False)
plain = client.get("/api/none/", headers={"host": "shop.example"})
secure = client.get("/api/none/", headers={"host": "shop.example", "x-forwarded-proto": "https"})
stranger = client.get("/api/none/", headers={"host": "evil.example", "x-forwarded-proto": "https"})
print(json.dumps({
    "debug": bool(settings.DEBUG),
    "plain": [plain.status_code, plain.headers.get("Location")],
    "secure": [secure.status_code, dict(secure.headers)],
    "stranger": stranger.status_code,
}))
"""


@pytest.fixture(scope="module")
def production():
    environment = {**os.environ, **ENVIRONMENT}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_debug_is_off(production):
    assert production["debug"] is False


def test_plain_http_is_redirected(production):
    assert production["plain"] == [301, "https://shop.example/api/none/"]


def test_https_of_the_proxy_is_trusted(production):
    status, headers = production["secure"]

    assert status == 404
    assert headers.get("X-Content-Type-Options") == "nosniff"
    assert "Strict-Transport-Security" in headers


def test_other_hosts_are_refused(production):
    assert production["stranger"] == 400
