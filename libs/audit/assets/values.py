"""What an expression of a settings module can be without running it: known, known for every environment, one of several, or unknown."""

import datetime
from pathlib import PurePosixPath

MAX_OPTIONS = 8
MAX_TEXT = 20_000
MAX_ITEMS = 2_000


class Rejected(Exception):
    """Under the environment that was tried, the settings raise: a required variable is missing, or its text cannot be cast."""


class NotFoldable(Exception):
    """The operation cannot be carried out on these values."""


class Value:
    __slots__ = ()


class Const(Value):
    """A scalar: text, bytes, number, truth value, None, path or duration."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class Seq(Value):
    """A list, tuple or set; `open` when it may hold more than these items."""

    __slots__ = ("kind", "items", "open")

    def __init__(self, items, kind="list", is_open=False):
        self.items = items[:MAX_ITEMS]
        self.kind = kind
        self.open = is_open or len(items) > MAX_ITEMS


class Map(Value):
    """A dictionary with scalar keys; `open` when it may hold more entries than these."""

    __slots__ = ("entries", "open")

    def __init__(self, entries, is_open=False):
        self.entries = entries
        self.open = is_open


class Sym(Value):
    """A function of environment variables: `compute(environment)` gives a value without Sym at its top or raises Rejected."""

    __slots__ = ("names", "compute")

    def __init__(self, names, compute):
        self.names = frozenset(names)
        self.compute = compute


class Choice(Value):
    """One of these, for a reason that is not known."""

    __slots__ = ("options",)

    def __init__(self, options):
        self.options = options


class Unknown(Value):
    __slots__ = ("why",)

    def __init__(self, why):
        self.why = why


class Unset(Value):
    """No assignment was reached."""

    __slots__ = ()


class Ref(Value):
    """Something of a package outside of the project, by its dotted name."""

    __slots__ = ("path",)

    def __init__(self, path):
        self.path = path


class Namespace(Value):
    """A module or class of the project whose names were evaluated."""

    __slots__ = ("scope", "label")

    def __init__(self, scope, label):
        self.scope = scope
        self.label = label


class Function(Value):
    """A function of the project, with the scope that it was defined in."""

    __slots__ = ("node", "scope", "file")

    def __init__(self, node, scope, file):
        self.node = node
        self.scope = scope
        self.file = file


class Bound(Value):
    """A method of a value, not called yet."""

    __slots__ = ("target", "name")

    def __init__(self, target, name):
        self.target = target
        self.name = name


class EnvReader(Value):
    """`environ.Env(NAME=(cast, default))` of django-environ."""

    __slots__ = ("scheme",)

    def __init__(self, scheme):
        self.scheme = scheme


UNSET = Unset()
NONE = Const(None)


def choice(options):
    flat = []
    for option in options:
        for inner in option.options if isinstance(option, Choice) else [option]:
            if not any(inner is known or same(inner, known) for known in flat):
                flat.append(inner)
    if len(flat) == 1:
        return flat[0]
    if len(flat) > MAX_OPTIONS:
        return Unknown("too many possible values")
    return Choice(flat)


def same(left, right):
    if isinstance(left, Const) and isinstance(right, Const):
        return type(left.value) is type(right.value) and left.value == right.value
    if isinstance(left, Unknown) and isinstance(right, Unknown):
        return left.why == right.why
    return left is right


def symbols(value, depth=0):
    """Names of the environment variables that a value depends on anywhere inside."""
    if isinstance(value, Sym):
        return value.names
    if depth > 12:
        return frozenset()
    if isinstance(value, Seq):
        return frozenset().union(*(symbols(item, depth + 1) for item in value.items))
    if isinstance(value, Map):
        return frozenset().union(*(symbols(item, depth + 1) for _, item in value.entries))
    if isinstance(value, Choice):
        return frozenset().union(*(symbols(item, depth + 1) for item in value.options))
    return frozenset()


def concretise(value, environment):
    """The value under one environment, without Sym at its top; the inside is left as it is."""
    for _ in range(64):
        if not isinstance(value, Sym):
            return value
        value = value.compute(environment)
    return Unknown("depends on itself")


def lift(operation, *values):
    """Applies `operation` (to values without Sym or Choice at their top) for every environment and every option."""
    try:
        return _lift(operation, *values)
    except Rejected:
        return Unknown("raises")


def _lift(operation, *values):
    for index, value in enumerate(values):
        if isinstance(value, Choice):
            parts = [_lift(operation, *values[:index], option, *values[index + 1 :]) for option in value.options]
            return choice(parts)
    names = frozenset().union(*(value.names for value in values if isinstance(value, Sym)))
    if names:

        def compute(environment):
            inner = [concretise(value, environment) for value in values]
            return concretise(_lift(operation, *inner), environment)

        return Sym(names, compute)
    for value in values:
        if isinstance(value, Unknown):
            try:
                return operation(*values)
            except (NotFoldable, TypeError, AttributeError):
                return value
    return attempt(operation, *values)


def attempt(operation, *values):
    try:
        return operation(*values)
    except Rejected:
        raise
    except NotFoldable as reason:
        return Unknown(str(reason) or "not evaluated")
    except RecursionError:
        return Unknown("nested too deeply")
    except Exception as error:  # noqa: BLE001 - whatever the project's expression raises
        return Unknown(f"raises {type(error).__name__}")


def truth(value):
    """True, False or None where it is not known. Not for Sym or Choice."""
    if isinstance(value, Const):
        return bool(value.value)
    if isinstance(value, Seq):
        return True if value.items else (None if value.open else False)
    if isinstance(value, Map):
        return True if value.entries else (None if value.open else False)
    if isinstance(value, Unset):
        return False
    if isinstance(value, (Function, Namespace, EnvReader)):
        return True
    return None


def plain(value, depth=0):
    """The Python object that a fully known value is. Raises NotFoldable."""
    if depth > 20:
        raise NotFoldable("nested too deeply")
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Seq) and not value.open:
        items = [plain(item, depth + 1) for item in value.items]
        return {"list": list, "tuple": tuple, "set": set}[value.kind](items)
    if isinstance(value, Map) and not value.open:
        return {key: plain(item, depth + 1) for key, item in value.entries}
    if isinstance(value, Unknown):
        raise NotFoldable(value.why)
    raise NotFoldable("not known")


def wrap(thing):
    """The value that a Python object of ours is."""
    if isinstance(thing, Value):
        return thing
    if isinstance(thing, (str, bytes)):
        return Const(thing) if len(thing) <= MAX_TEXT else Unknown("very long text")
    if thing is None or isinstance(thing, (bool, int, float, PurePosixPath, datetime.timedelta)):
        return Const(thing)
    if isinstance(thing, (list, tuple)):
        return Seq([wrap(item) for item in thing], "tuple" if isinstance(thing, tuple) else "list")
    if isinstance(thing, (set, frozenset)):
        return Seq([wrap(item) for item in sorted(thing, key=repr)], "set")
    if isinstance(thing, dict):
        return Map([(key, wrap(item)) for key, item in thing.items()])
    raise NotFoldable(f"a value of type {type(thing).__name__}")
