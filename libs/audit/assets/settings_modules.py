"""Which modules hold settings, and which of them production uses."""

import ast
import posixpath
import re

#: Names that only settings assign.
TELLING = {"INSTALLED_APPS", "ROOT_URLCONF", "WSGI_APPLICATION", "MIDDLEWARE", "DATABASES", "SECRET_KEY", "TEMPLATES"}
PRODUCTION = re.compile(r"(^|[._-])(production|prod|live|deploy|deployment|heroku|release|aws|docker)([._-]|$)")
DEVELOPMENT = re.compile(r"(^|[._-])(dev|devel|develop\w*|devproject|local|test|tests|testing|ci|debug|sandbox|demo|example|travis|docs)([._-]|$)")
#: Names that settings of one environment have beside those of others.
ENVIRONMENT_NAME = re.compile(r"base|common|defaults?|prod|production|live|staging|dev|development|local|test|heroku|deploy")
#: Folders whose Python is no part of what is deployed.
ASIDE = re.compile(r"(^|/)(tests?|testing|testproj(ect)?|test_project|examples?|example_project|docs?|demo|demos|fixtures|node_modules|site-packages|\.?venv|env|vendor|cookiecutter[^/]*|\{\{[^/]*)(/|$)")
IN_TEXT = re.compile(r"DJANGO_SETTINGS_MODULE[\"']?\s*[:=,\s]\s*[\"']?([A-Za-z_][\w.]*)")
SETTINGS_OPTION = re.compile(r"--settings[= ]([A-Za-z_][\w.]*)")
DEPLOYMENT = re.compile(
    r"(^|/)((prod[^/]*)?Dockerfile[^/]*|[^/]*\.dockerfile|Procfile|fly[^/]*\.toml|render\.yaml|app\.ya?ml|app\.json|"
    r"(docker-)?compose[^/]*\.ya?ml|[^/]*\.service|uwsgi[^/]*\.ini|[^/]*entrypoint[^/]*|start[^/]*\.sh|gunicorn[^/]*)$",
    re.IGNORECASE,
)


def find_settings(project):
    """The files that hold settings."""
    candidates = [file for file in project.files if file.endswith(".py") and _looks_named(file)]
    return [file for file in candidates if _is_settings(project, file)]


def _looks_named(file):
    name = posixpath.basename(file).removesuffix(".py")
    folder = posixpath.basename(posixpath.dirname(file))
    if ENVIRONMENT_NAME.fullmatch(name.lower()):
        return True
    return "settings" in name.lower() or "settings" in folder.lower() or folder in ("config", "conf") or name in ("config", "conf")


def _is_settings(project, file, trail=()):
    tree = project.parse(file)
    if tree is None:
        return False
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    names.add(target.id)
    if len(names & TELLING) >= 2:
        return True
    return any(_takes_settings(project, file, node, trail) for node in tree.body if isinstance(node, ast.ImportFrom))


def _takes_settings(project, file, node, trail):
    """`from .base import *` where that is a settings module."""
    if node.names[0].name != "*":
        return False
    source = project.resolve(file, node.level, node.module or "")
    if source is None or project.is_namespace(source) or source in trail or len(trail) > 8:
        return False
    return _is_settings(project, source, (*trail, source))


def used_settings(project, modules):
    """`[(file, how, rank)]`, best first: what production most likely runs with."""
    found = []
    for file in project.files:
        name = posixpath.basename(file)
        if name in ("wsgi.py", "asgi.py", "manage.py", "celery.py", "celery_app.py") and not ASIDE.search(file):
            for module in _modules_in_python(project, file):
                rank = {"wsgi.py": 3, "asgi.py": 3, "manage.py": 4}.get(name, 5)
                found.append((project.resolve(file, 0, module), f"{file} names {module}", rank, module))
        elif DEPLOYMENT.search(file) and not ASIDE.search(file):
            text = project.text(file) or ""
            for line in text.splitlines():
                code = line.split("#", 1)[0]
                for match in [*IN_TEXT.finditer(code), *SETTINGS_OPTION.finditer(code)]:
                    found.append((project.resolve("", 0, match.group(1)), f"{file} names {match.group(1)}", 2, match.group(1)))
    choices = {}
    # A deployment that names settings which are not here runs with others than these.
    elsewhere = [how for file, how, rank, module in found if rank == 2 and file is None and not DEVELOPMENT.search(module.lower())]
    for file, how, rank, module in found:
        if file is None or project.is_namespace(file) or project.parse(file) is None:
            continue
        if DEVELOPMENT.search(module.lower()) or DEVELOPMENT.search(file.lower().removesuffix(".py").replace("/", ".")):
            rank += 10
        if file not in choices or choices[file][1] > rank:
            choices[file] = (how, rank)
    for file in modules:
        name = project.module_name(file).lower()
        last = name.rsplit(".", 1)[-1]
        if ASIDE.search(file):
            continue
        if PRODUCTION.search(last) and not DEVELOPMENT.search(last) and (file not in choices or choices[file][1] > 2):
            if not re.search(r"docker|heroku|aws|deploy", last) or file in choices:
                choices[file] = (f"its name is {last}", 1)
    if not choices:
        for file in modules:
            if not ASIDE.search(file):
                last = project.module_name(file).lower().rsplit(".", 1)[-1]
                rank = 18 if DEVELOPMENT.search(last) else 8
                choices[file] = ("nothing names another", rank)
    if elsewhere and all(rank > 2 for _, rank in choices.values()):
        choices = {file: (f"{elsewhere[0]}, which is not in the project; {how}", rank + 10) for file, (how, rank) in choices.items()}
    return sorted(((file, how, rank) for file, (how, rank) in choices.items()), key=lambda entry: (entry[2], entry[0].count("/"), entry[0]))


def _modules_in_python(project, file):
    tree = project.parse(file)
    if tree is None:
        return
    for node in ast.walk(tree):
        texts = []
        if isinstance(node, ast.Call):
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript) and isinstance(node.value, ast.Constant):
            key = node.targets[0].slice
            texts = [getattr(key, "value", None), node.value.value]
        if len(texts) >= 2 and texts[0] == "DJANGO_SETTINGS_MODULE" and isinstance(texts[1], str):
            yield texts[1]


def main_folder(project):
    """The folder of the manage.py that matters, or None."""
    places = [file for file in project.files if posixpath.basename(file) == "manage.py"]
    places = [file for file in places if _is_django_manage(project, file)]
    if not places:
        return None
    places.sort(key=lambda file: (bool(ASIDE.search(file)), file.count("/"), file))
    return posixpath.dirname(places[0])


def _is_django_manage(project, file):
    text = project.text(file) or ""
    return "django" in text.lower() or "DJANGO_SETTINGS_MODULE" in text
