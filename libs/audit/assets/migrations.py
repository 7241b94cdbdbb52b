"""Models against migrations, by reading: says only what is sure, and nothing of an app with anything that is not plain."""

import ast
import posixpath

from names import Names, last_name

FIELDS = {
    *("AutoField BigAutoField SmallAutoField BigIntegerField BinaryField BooleanField CharField DateField DateTimeField".split()),
    *("DecimalField DurationField EmailField FileField FilePathField FloatField GeneratedField GenericIPAddressField".split()),
    *("ImageField IntegerField JSONField NullBooleanField PositiveBigIntegerField PositiveIntegerField URLField UUIDField".split()),
    *("PositiveSmallIntegerField SlugField SmallIntegerField TextField TimeField ForeignKey OneToOneField ManyToManyField".split()),
}
#: Operations that change neither models nor fields that are compared here.
NEUTRAL = {
    *("AlterField AlterModelOptions AlterModelManagers AlterModelTable AlterModelTableComment AlterUniqueTogether".split()),
    *("AlterIndexTogether AlterOrderWithRespectTo AddIndex RemoveIndex RenameIndex AddConstraint RemoveConstraint RunSQL".split()),
    *("AlterConstraint RunPython AddIndexConcurrently RemoveIndexConcurrently CreateExtension TrigramExtension".split()),
    *("BtreeGinExtension HStoreExtension UnaccentExtension CITextExtension ValidateConstraint AddConstraintNotValid".split()),
}


class NotPlain(Exception):
    """The app's models or migrations are made in a way that reading alone does not follow."""


def missing_migrations(project, installed):
    """
    `[{rule, file, line, what, confidence}]`.

    :param installed: all texts that INSTALLED_APPS may hold; an app that is not among them needs no migration
    """
    found = []
    for folder in sorted({app_folder(file) for file in project.files if _is_models(file)}):
        name = project.module_name(f"{folder}/__init__.py")
        if not any(app == name or app.startswith(f"{name}.apps.") for app in installed):
            continue
        try:
            found += _of_app(project, folder)
        except NotPlain:
            continue
    return found


def _is_models(file):
    return posixpath.basename(file) == "models.py" or posixpath.basename(posixpath.dirname(file)) == "models" and file.endswith(".py")


def app_folder(file):
    folder = posixpath.dirname(file)
    return posixpath.dirname(folder) if posixpath.basename(folder) == "models" else folder


def _of_app(project, folder):
    prefix = folder + "/" if folder else ""
    sources = [file for file in project.files if file == f"{prefix}models.py" or (file.startswith(f"{prefix}models/") and file.endswith(".py"))]
    if f"{prefix}models.py" in sources and len(sources) > 1:
        raise NotPlain()
    models = {}
    for file in sources:
        models.update(_models_of(project, file))
    if not models:
        return []
    migrations = [file for file in project.files if posixpath.dirname(file) == f"{prefix}migrations" and file.endswith(".py")]
    migrations = [file for file in migrations if posixpath.basename(file) != "__init__.py"]
    if not migrations:
        first = min(models.values(), key=lambda model: (model["file"], model["line"]))
        if any(file.startswith(f"{prefix}migrations") for file in project.files if not file.endswith("__init__.py")):
            raise NotPlain()
        what = f"{folder or 'the app'} has {_count(len(models), 'model')} and no migration"
        return [_sighting("migrations/none", first["file"], first["line"], what)]
    state = _state(project, migrations)
    found = []
    for name, model in sorted(models.items()):
        fields = state.get(name.lower())
        if fields is None:
            found.append(_sighting("migrations/model", model["file"], model["line"], f"no migration of {folder} makes the table of {name}"))
            continue
        for field, line in model["fields"]:
            if field.lower() not in fields and model["file"]:
                found.append(_sighting("migrations/field", model["file"], line, f"no migration of {folder} adds {name}.{field}"))
    return found


def _count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _sighting(rule, file, line, what):
    return {"rule": rule, "file": file, "line": line, "what": what, "confidence": "high"}


def _models_of(project, file):
    """`{name: {file, line, fields}}` of concrete, managed models whose only base is Django's Model."""
    tree = project.parse(file)
    if tree is None:
        raise NotPlain()
    names = Names(tree, "")
    found = {}
    for node in tree.body:
        if not isinstance(node, ast.ClassDef) or node.keywords or node.decorator_list:
            continue
        bases = [names.dotted(base) for base in node.bases]
        if bases not in (["django.db.models.Model"], ["django.db.models.base.Model"], ["django.contrib.gis.db.models.Model"]):
            continue
        meta = _meta(node)
        if meta is None:
            raise NotPlain()
        if meta.get("abstract") or meta.get("proxy") or meta.get("managed") is False or "app_label" in meta or "swappable" in meta:
            continue
        found[node.name] = {"file": file, "line": node.lineno, "fields": list(_fields(node, names))}
    return found


def _meta(node):
    """The plain options of `class Meta`, None when it takes more from elsewhere."""
    for inner in node.body:
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
            if inner.bases:
                return None
            options = {}
            for statement in inner.body:
                if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                    value = statement.value
                    options[statement.targets[0].id] = value.value if isinstance(value, ast.Constant) else True
            return options
    return {}


def _fields(node, names):
    for statement in node.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target if isinstance(statement, ast.AnnAssign) else None
        value = getattr(statement, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Call):
            dotted = names.dotted(value.func)
            if dotted.startswith(("django.db.models.", "django.contrib.gis.db.models.")) and last_name(dotted) in FIELDS:
                yield target.id, statement.lineno


def _state(project, migrations):
    """`{model in lower case: set of field names in lower case}` after all migrations."""
    parsed, replaced = {}, set()
    for file in migrations:
        tree = project.parse(file)
        if tree is None:
            raise NotPlain()
        migration = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Migration"), None)
        if migration is None:
            continue
        attributes = {t.id: s.value for s in migration.body if isinstance(s, ast.Assign) for t in s.targets if isinstance(t, ast.Name)}
        if any(isinstance(s, (ast.AugAssign, ast.If, ast.For, ast.FunctionDef)) and not _is_harmless(s) for s in migration.body):
            raise NotPlain()
        name = posixpath.basename(file).removesuffix(".py")
        parsed[name] = (attributes, Names(tree, ""))
        replaced |= {pair[1] for pair in _pairs(attributes.get("replaces"))}
        replaced_here = attributes.get("replaces")
        if replaced_here is not None and not isinstance(replaced_here, ast.List):
            raise NotPlain()
    state = {}
    for name in _in_order({name: entry for name, entry in parsed.items() if name not in replaced}):
        attributes, names = parsed[name]
        _apply_all(attributes.get("operations"), names, state)
    return state


def _is_harmless(statement):
    return isinstance(statement, ast.FunctionDef) and statement.name not in ("__init__",)


def _pairs(node):
    if not isinstance(node, (ast.List, ast.Tuple)):
        return []
    pairs = []
    for element in node.elts:
        if isinstance(element, ast.Tuple) and len(element.elts) == 2 and all(isinstance(part, ast.Constant) for part in element.elts):
            pairs.append((element.elts[0].value, element.elts[1].value))
    return pairs


def _in_order(parsed):
    """Names with what they depend on first."""
    done, order = set(), []

    def visit(name, trail):
        if name in done or name not in parsed or name in trail:
            return
        for _, other in sorted(_pairs(parsed[name][0].get("dependencies"))):
            visit(other, trail | {name})
        done.add(name)
        order.append(name)

    for name in sorted(parsed):
        visit(name, frozenset())
    return order


def _apply_all(operations, names, state):
    if operations is None:
        return
    if not isinstance(operations, ast.List):
        raise NotPlain()
    for operation in operations.elts:
        if not isinstance(operation, ast.Call):
            raise NotPlain()
        _apply(operation, names, state)


def _apply(operation, names, state):
    kind = last_name(names.dotted(operation.func))
    given = {keyword.arg: keyword.value for keyword in operation.keywords}
    if kind in NEUTRAL:
        if kind in ("RunSQL",) and "state_operations" in given:
            _apply_all(given["state_operations"], names, state)
        return
    if kind == "SeparateDatabaseAndState":
        _apply_all(given.get("state_operations") or (operation.args[1] if len(operation.args) > 1 else None), names, state)
    elif kind == "CreateModel":
        fields = given.get("fields") or (operation.args[1] if len(operation.args) > 1 else None)
        if not isinstance(fields, (ast.List, ast.Tuple)):
            raise NotPlain()
        known = set()
        for element in fields.elts:
            if not (isinstance(element, ast.Tuple) and isinstance(element.elts[0], ast.Constant)):
                raise NotPlain()
            known.add(element.elts[0].value.lower())
        state[_text(given, operation, "name", 0)] = known
    elif kind == "DeleteModel":
        state.pop(_text(given, operation, "name", 0), None)
    elif kind == "RenameModel":
        old = _text(given, operation, "old_name", 0)
        state[_text(given, operation, "new_name", 1)] = state.pop(old, set())
    elif kind in ("AddField", "RemoveField", "RenameField"):
        fields = state.setdefault(_text(given, operation, "model_name", 0), set())
        if kind == "AddField":
            fields.add(_text(given, operation, "name", 1))
        elif kind == "RemoveField":
            fields.discard(_text(given, operation, "name", 1))
        else:
            fields.discard(_text(given, operation, "old_name", 1))
            fields.add(_text(given, operation, "new_name", 2))
    else:
        raise NotPlain()


def _text(given, operation, name, index):
    value = given.get(name) or (operation.args[index] if len(operation.args) > index else None)
    if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        raise NotPlain()
    return value.value.lower()
