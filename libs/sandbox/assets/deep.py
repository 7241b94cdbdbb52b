"""In a zygote of its own, trusted: sets Django up with the starter's settings, imports what the starter imports of it, and takes the
settings back, so that a submission whose settings are the same need only load its own files.

What a submission may come to see of this is exactly what it would have after importing the same modules itself under the same settings.
Therefore nothing that is the starter's own is kept (apps, models, classes that settings name), no `ready()` is called, and only libraries
are imported that are known not to keep a value which differs from one submission to the next (rest_framework_simplejwt keeps the
secret key, for example). `differs` is the last gate, in the submission's own process.
"""

import functools
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import signal
import sys
import types

import warm
from project import PROJECT

LIBRARIES = {"asgiref", "django", "jwt", "psycopg", "psycopg_binary", "psycopg_pool", "redis", "rest_framework", "sqlparse"}
# Registers models with the admin site, which belongs to the submission.
LEFT_TO_THE_PROJECT = (".admin", ".conftest")
LEARNING_SECONDS = 20
# Differ from one submission to the next; of these, only what is named here is compared.
DIFFERENT = {"DATABASES": "ENGINE", "CACHES": "BACKEND", "SECRET_KEY": None, "SECRET_KEY_FALLBACKS": None}
# A shorter value of the environment may stand in a setting by chance.
SHORTEST_VALUE = 8


class Starter:
    """What a deep zygote keeps of its starter."""

    def __init__(self, module, environment, files):
        self.values, self.environment, self.files = values_of(module), with_secret(environment, module), files

    def differs(self, module, environment):
        """Whether the settings of a submission came out differently, although their files are the same."""
        return not self.same(self.values, values_of(module), with_secret(environment, module))

    def same(self, ours, theirs, environment):
        """`environment` is theirs."""
        if isinstance(ours, str) and isinstance(theirs, str):
            return ours == theirs or self.mark(ours, self.environment) == self.mark(theirs, environment)
        if type(ours) is not type(theirs):
            return False
        if isinstance(ours, dict):
            return list(ours) == list(theirs) and all(self.same(ours[key], theirs[key], environment) for key in ours)
        if isinstance(ours, (list, tuple)):
            return len(ours) == len(theirs) and all(self.same(a, b, environment) for a, b in zip(ours, theirs))
        if isinstance(ours, types.FunctionType):
            return ours.__code__ == theirs.__code__
        if isinstance(ours, type):
            return (ours.__module__, ours.__qualname__) == (theirs.__module__, theirs.__qualname__)
        try:
            return bool(ours == theirs) or (hasattr(ours, "__dict__") and self.same(vars(ours), vars(theirs), environment))
        except Exception:
            return False

    def mark(self, text, environment):
        """Values of the environment by their names, as far as both have them."""
        for name in sorted(self.environment):
            if len(value := environment.get(name, "")) >= SHORTEST_VALUE and len(self.environment[name]) >= SHORTEST_VALUE:
                text = text.replace(value, f"<{name}>")
        return text


def with_secret(environment, module):
    """The secret key may stand in other settings, like a value of the environment."""
    return {**environment, "SECRET_KEY": str(getattr(module, "SECRET_KEY", ""))}


def values_of(module):
    values = {name: value for name, value in vars(module).items() if name.isupper()}
    for name, kept in DIFFERENT.items():
        if name in values:
            of_each = values[name].items() if kept and isinstance(values[name], dict) else ()
            values[name] = {alias: each.get(kept) for alias, each in of_each if isinstance(each, dict)}
    return values


def is_local(module):
    places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
    return any(place.startswith(PROJECT + "/") for place in places)


def forget_project():
    for name in [name for name, module in sys.modules.items() if is_local(module)]:
        del sys.modules[name]
    for place in [place for place in sys.path_importer_cache if place.startswith(PROJECT)]:
        del sys.path_importer_cache[place]


def learn():
    """The modules of a starter that was loaded completely and asked once, in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(LEARNING_SECONDS)
        nowhere = os.open("/dev/null", os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            ask_once()
        except BaseException:
            pass  # what it imported so far is worth as much
        os.write(writer, json.dumps(list(sys.modules)).encode())
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as file:
        said = file.read()
    os.waitpid(child, 0)
    return json.loads(said) if said else []


def ask_once():
    import django
    from django.core.wsgi import get_wsgi_application
    from django.test.client import RequestFactory
    from django.urls import get_resolver

    django.setup()
    get_resolver().url_patterns
    application = get_wsgi_application()
    application(RequestFactory().get("/").environ, lambda *_: None)


def warm_up(settings_name, environment):
    """With the starter at /app. @returns Starter"""
    before = dict(os.environ)
    os.environ.update(environment, DJANGO_SETTINGS_MODULE=settings_name)
    sys.meta_path.append(warm.missed)
    ours, sys.path[0] = sys.path[0], PROJECT
    learnt = learn()
    module = importlib.import_module(settings_name)
    local = [each for each in sys.modules.values() if is_local(each)]
    files = sorted({each.__file__[len(PROJECT) + 1 :] for each in local if getattr(each, "__file__", None)})
    settings_values = {name: value for name, value in vars(module).items() if name.isupper()}
    starter = Starter(module, environment, files)
    local_names = {name.partition(".")[0] for name in os.listdir(PROJECT)}
    forget_project()
    sys.path[0] = ours

    set_up(settings_values)
    for name in learnt:
        if may_import(name):
            try_import(name)
    take_back()
    os.environ.clear()
    os.environ.update(before)
    # Not found because the starter was out of the way: whatever asked for them did not load.
    warm.missed.names -= local_names
    return starter


def may_import(name):
    top = name.partition(".")[0]
    return (top in LIBRARIES or top in sys.stdlib_module_names) and not name.endswith(LEFT_TO_THE_PROJECT) and top != "__main__"


def try_import(name):
    """What needs something of the starter's own fails, and is then as if it had not been tried."""
    try:
        importlib.import_module(name)
    except Exception:
        pass


def set_up(values):
    """As `django.setup()` with those apps that are libraries, less their `ready()`, which is the submission's to call."""
    from django.apps import AppConfig, apps
    from django.conf import settings

    libraries = [name for name in values.get("INSTALLED_APPS", ()) if name.partition(".")[0] in LIBRARIES]
    settings.configure(**{**values, "INSTALLED_APPS": libraries})
    for name in libraries:
        config = AppConfig.create(name)
        apps.app_configs[config.label] = config
        config.apps = apps
    apps.apps_ready = True
    for config in apps.get_app_configs():
        config.import_models()
        if importlib.util.find_spec(f"{config.name}.migrations"):
            folder = importlib.import_module(f"{config.name}.migrations")
            for _, name, _ in pkgutil.iter_modules(folder.__path__):
                importlib.import_module(f"{folder.__name__}.{name}")
    apps.models_ready = apps.ready = True


# What `take_back` looks for and was made by shallow imports, which are frozen and therefore not found again.
frozen = []


def before_freezing():
    """Unfreezing instead would write to every page of the zygote, and each deep zygote would have a copy of them."""
    frozen.extend(thing for thing in gc.get_objects() if may_keep_a_setting(type(thing)))


def may_keep_a_setting(kind):
    """Of a type and not by `isinstance`, which makes a lazy object ask for the real one."""
    if kind is functools._lru_cache_wrapper:
        return True
    from django.utils.connection import BaseConnectionHandler
    from django.utils.functional import LazyObject

    return issubclass(kind, (BaseConnectionHandler, LazyObject))


def take_back():
    """What was computed from the settings goes, wherever Django and DRF keep such a thing."""
    from django.apps import apps
    from django.conf import empty, settings
    from django.utils import translation
    from django.utils.connection import BaseConnectionHandler
    from django.utils.functional import LazyObject

    for models in apps.all_models.values():
        for model in models.values():
            model._meta._expire_cache()
    apps.app_configs.clear()
    apps.apps_ready = apps.models_ready = apps.ready = apps.loading = False
    apps.ready_event.clear()
    apps.clear_cache()
    if "rest_framework.settings" in sys.modules:
        sys.modules["rest_framework.settings"].api_settings.reload()
    translation._trans.__dict__.clear()
    for thing in [*frozen, *gc.get_objects()]:
        kind = type(thing)
        if kind is functools._lru_cache_wrapper:
            if (thing.__module__ or "").partition(".")[0] in ("django", "rest_framework"):
                thing.cache_clear()
        elif issubclass(kind, BaseConnectionHandler):  # databases, caches
            fresh_state(thing)
        elif issubclass(kind, LazyObject) and thing is not settings:
            thing._wrapped = empty
    for name, holder in (("django.template", "engines"), ("django.db", "router"), ("django.core.files.storage", "storages")):
        fresh_state(getattr(importlib.import_module(name), holder))
    for name in [name for name in settings.__dict__ if name.isupper()]:
        del settings.__dict__[name]
    settings._wrapped = empty


def fresh_state(holder):
    """As after its own `__init__()`: what it computed since goes."""
    state = holder.__dict__
    state.clear()
    type(holder).__init__(holder)
