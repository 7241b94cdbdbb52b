"""Laid beside a starter's manage.py and loaded as its WSGI module: applies the first migrations of the starter's own plan, as `migrate`
would, but without the signals before and after, and leaves a description of the plan in the table `assay_migration_plan`.

The plan is a list of parts. `migrate` goes through the last migrations of all apps, sorted by label, and applies before each what it
depends on: a part is what one of them adds.
"""

import ast
import json
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

PROJECT = Path(__file__).resolve().parent
# How many parts to apply; the judge writes the number here.
PARTS = 0


def relative(path):
    """Path in the project, or None for one of a package."""
    path = Path(path).resolve()
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else None


def is_local(module):
    root = module.split(".")[0]
    return (PROJECT / root).exists() or (PROJECT / f"{root}.py").exists()


def imports(path):
    """Names of the modules that a file imports; `.` for its own package."""
    for node in ast.walk(ast.parse(Path(path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." if node.level else node.module


def stands_alone(path, package=""):
    """Whether no other file of the project can change what a file does."""
    return not any(name == "." or (is_local(name) and name.split(".")[0] != package) for name in imports(path))


def file_of(migration):
    module = __import__(type(migration).__module__, fromlist=["Migration"])
    return module.__file__


def describe_app(config):
    return {
        "label": config.label,
        "folder": relative(config.path),
        "config": relative(__import__(type(config).__module__, fromlist=["x"]).__file__),
    }


def describe(migration):
    file = file_of(migration)
    local = relative(file) is not None
    return {"label": migration.app_label, "name": migration.name, "standsAlone": not local or stands_alone(file)}


def is_plain(graph):
    """No setting and no squashed migration makes the plan depend on more than the files of migrations."""
    package = settings.SETTINGS_MODULE.split(".")[0]
    folder = PROJECT / package
    files = folder.rglob("*.py") if "." in settings.SETTINGS_MODULE else [PROJECT / f"{package}.py"]
    return (
        not settings.MIGRATION_MODULES
        and not settings.DATABASE_ROUTERS
        and list(settings.DATABASES) == ["default"]
        and not is_local(settings.DATABASES["default"]["ENGINE"])
        and not any(node.replaces and relative(file_of(node)) for node in graph.nodes.values() if node)
        and all(stands_alone(file, package) for file in files if "settings" in file.relative_to(PROJECT).as_posix())
    )


executor = MigrationExecutor(connection)
graph = MigrationLoader(connection).graph
parts, seen = [], set()
for leaf in graph.leaf_nodes():
    added = [key for key in graph.forwards_plan(leaf) if key not in seen]
    seen.update(added)
    parts.append({"label": leaf[0], "migrations": [describe(graph.nodes[key]) for key in added]})

plan = executor.migration_plan(graph.leaf_nodes())
listed = [(each["label"], each["name"]) for part in parts for each in part["migrations"]]
if listed != [(migration.app_label, migration.name) for migration, _ in plan]:
    raise RuntimeError("the plan of migrate is not what its parts make up")

applied = sum(len(part["migrations"]) for part in parts[:PARTS])
if applied:
    executor.migrate([], plan=plan[:applied])

configs = [describe_app(config) for config in apps.get_app_configs()]
description = {
    "isPlain": is_plain(graph),
    "apps": [app for app in configs if app["folder"] is not None],
    "packages": sorted({config.name.split(".")[0] for config in apps.get_app_configs() if relative(config.path) is None}),
    "parts": parts,
}
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE assay_migration_plan (description text NOT NULL)")
    cursor.execute("INSERT INTO assay_migration_plan VALUES (%s)", [json.dumps(description)])


def application(environ, start_response):
    start_response("204 No Content", [])
    return [b""]
