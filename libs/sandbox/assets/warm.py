"""In a zygote, trusted: what is imported ahead of the submissions, so that each of them need not do it. For the deep way: deep.py."""

import importlib
import sys

# Modules that read no settings when they are imported, and their like in the standard library.
SHALLOW = """
argparse ast asyncio base64 bisect calendar collections concurrent.futures configparser contextlib contextvars copy csv ctypes dataclasses
datetime decimal difflib email.charset email.generator email.header email.headerregistry email.message email.mime.base email.mime.message
email.mime.multipart email.mime.text email.policy enum fractions functools gc getpass gettext glob graphlib gzip hashlib heapq hmac html
html.entities html.parser http.client http.cookies http.server importlib.metadata importlib.resources inspect io ipaddress itertools json
logging logging.config logging.handlers mimetypes multiprocessing numbers operator optparse pathlib pickle pkgutil platform pprint queue
random re secrets select selectors shutil signal smtplib socket socketserver sqlite3 ssl statistics string struct subprocess tempfile
textwrap threading token tokenize traceback types typing unicodedata urllib.error urllib.parse urllib.request uuid warnings weakref
wsgiref.handlers wsgiref.simple_server wsgiref.util xml.dom.minidom xml.sax.expatreader xml.sax.saxutils zipfile zlib zoneinfo
asgiref.local asgiref.sync sqlparse psycopg psycopg.adapt psycopg.pq psycopg.sql psycopg.types.json psycopg.types.range
django django.apps django.conf django.conf.global_settings django.conf.urls django.conf.urls.i18n django.conf.urls.static
django.contrib.auth.hashers django.contrib.auth.password_validation django.contrib.messages.constants django.contrib.messages.storage.base
django.contrib.sessions.backends.base django.contrib.sessions.serializers django.contrib.staticfiles.finders
django.contrib.staticfiles.storage django.contrib.staticfiles.utils django.core.asgi django.core.cache
django.core.cache.backends.locmem django.core.checks django.core.exceptions django.core.files.storage django.core.files.uploadhandler
django.core.handlers.wsgi django.core.mail django.core.management django.core.management.base django.core.management.commands.check
django.core.management.commands.migrate django.core.management.sql django.core.paginator django.core.serializers
django.core.serializers.json django.core.serializers.python django.core.signing django.core.validators django.core.wsgi django.db
django.db.backends.postgresql.base django.db.backends.postgresql.psycopg_any django.db.backends.sqlite3.base django.db.migrations
django.db.migrations.autodetector django.db.migrations.executor django.db.migrations.graph django.db.migrations.loader
django.db.migrations.operations.special django.db.migrations.questioner django.db.migrations.recorder django.db.models
django.db.models.functions django.db.models.sql.compiler django.db.models.sql.subqueries django.dispatch django.forms
django.forms.models django.forms.renderers django.http django.http.multipartparser django.middleware.clickjacking
django.middleware.common django.middleware.csrf django.middleware.gzip django.middleware.http django.middleware.locale
django.middleware.security django.shortcuts django.template django.template.backends.django django.template.context_processors
django.template.defaultfilters django.template.defaulttags django.template.loader django.template.loader_tags django.template.loaders.app_directories
django.template.loaders.cached django.template.loaders.filesystem django.template.response django.templatetags.i18n django.templatetags.l10n
django.templatetags.static django.urls django.urls.conf django.urls.resolvers django.utils.autoreload django.utils.dateparse
django.utils.formats django.utils.html django.utils.log django.utils.timezone django.utils.translation.trans_real django.views.csrf
django.views.debug django.views.decorators.cache django.views.decorators.csrf django.views.decorators.http
django.views.decorators.vary django.views.defaults django.views.generic django.views.i18n django.views.static
""".split()


class Missed:
    """Last in `sys.meta_path`: names that nobody found. A submission that has one of them would have been asked for it."""

    def __init__(self):
        self.names = set()

    def find_spec(self, name, _path=None, _target=None):
        self.names.add(name)
        return None


missed = Missed()


def import_shallow():
    sys.meta_path.append(missed)
    for name in SHALLOW:
        importlib.import_module(name)


def taken_names(ours):
    """Top-level names that a submission's own modules would have come before, or been found at."""
    if missed in sys.meta_path:
        sys.meta_path.remove(missed)
    taken = {name.partition(".")[0] for name in (*sys.modules, *missed.names)}
    return taken - set(ours) - {"__main__"}
