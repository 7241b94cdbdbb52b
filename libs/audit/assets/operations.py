"""Operators, subscripts, attributes and methods on values, without side effects: what would change a value gives a new one."""

import operator
from pathlib import PurePosixPath

from values import (
    MAX_ITEMS,
    MAX_TEXT,
    NONE,
    Bound,
    Choice,
    Const,
    EnvReader,
    Map,
    Namespace,
    NotFoldable,
    Ref,
    Rejected,
    Seq,
    Sym,
    Unknown,
    attempt,
    choice,
    concretise,
    lift,
    plain,
    same,
    truth,
    wrap,
)

BINARY = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "BitOr": operator.or_,
    "BitAnd": operator.and_,
    "BitXor": operator.xor,
}
COMPARISONS = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Is": operator.is_,
    "IsNot": operator.is_not,
}
TEXT_METHODS = {
    *("lower upper strip lstrip rstrip split rsplit splitlines startswith endswith replace title capitalize casefold join".split()),
    *("format isdigit isnumeric partition rpartition removeprefix removesuffix encode decode swapcase count find index".split()),
}
PATH_METHODS = {"joinpath", "as_posix", "with_name", "with_suffix", "relative_to", "is_absolute"}
PATH_SAME = {"resolve", "absolute", "expanduser"}
PATH_ATTRIBUTES = {"parent", "name", "stem", "suffix"}
#: Settings are judged as a server sees them: no test runs, no command of manage.py.
COMMAND = Seq([Const("gunicorn")])
CHANGING = {"append", "extend", "insert", "remove", "update", "setdefault", "add", "pop", "clear", "discard", "sort", "reverse"}


def binary(name, left, right):
    return lift(lambda a, b: _binary(name, a, b), left, right)


def _binary(name, left, right):
    if name == "Add" and (isinstance(left, Seq) or isinstance(right, Seq)):
        return _concatenate(left, right)
    if name == "BitOr" and isinstance(left, Map) and isinstance(right, Map):
        return merge_maps(left, right)
    if isinstance(left, Seq) and isinstance(right, Seq) and left.kind == right.kind == "set":
        return wrap(BINARY[name](plain(left), plain(right)))
    if name == "Mod" and isinstance(left, Const) and isinstance(left.value, str):
        return _format_percent(left, right)
    if not (isinstance(left, (Const, Seq)) and isinstance(right, (Const, Seq))):
        raise NotFoldable(_why(left, right))
    a, b = plain(left), plain(right)
    if name == "Mult":
        size = max((len(x) for x in (a, b) if isinstance(x, (str, bytes, list, tuple))), default=None)
        factor = next((x for x in (a, b) if isinstance(x, int)), 1)
        if size is not None and size * factor > MAX_TEXT:
            raise NotFoldable("very long value")
        if size is None and any(isinstance(x, int) and abs(x) > 2**128 for x in (a, b)):
            raise NotFoldable("very large number")
    if name == "Pow" or name not in BINARY:
        raise NotFoldable("not evaluated")
    return wrap(BINARY[name](a, b))


def _why(*values):
    return next((value.why for value in values if isinstance(value, Unknown)), "not evaluated")


def _concatenate(left, right):
    kind = left.kind if isinstance(left, Seq) else right.kind
    parts, is_open = [], False
    for side in (left, right):
        if isinstance(side, Seq):
            parts.extend(side.items)
            is_open = is_open or side.open
        elif isinstance(side, Const):
            raise NotFoldable("raises TypeError")
        else:
            is_open = True
    return Seq(parts, kind, is_open)


def _format_percent(left, right):
    values = plain(right)
    if any(len(part) > 20 and part.isdigit() for part in left.value.split("%")):
        raise NotFoldable("not evaluated")
    if isinstance(values, (dict, tuple, str, int, float, PurePosixPath)) and "*" not in left.value:
        if _has_wide_field(left.value):
            raise NotFoldable("very long text")
        return wrap(left.value % values)
    raise NotFoldable("not evaluated")


def _has_wide_field(text):
    digits = "".join(letter if letter.isdigit() else " " for letter in text).split()
    return any(len(run) > 3 for run in digits)


def merge_maps(left, right):
    entries = [(key, value) for key, value in left.entries if all(key != other for other, _ in right.entries)]
    return Map(entries + list(right.entries), left.open or right.open)


def compare(name, left, right):
    return lift(lambda a, b: _compare(name, a, b), left, right)


def _compare(name, left, right):
    if name in ("In", "NotIn"):
        found = _contains(right, left)
        if found is None:
            raise NotFoldable(_why(left, right))
        return Const(found == (name == "In"))
    if name in ("Is", "IsNot", "Eq", "NotEq") and (left is NONE or right is NONE or _is_none(left) or _is_none(right)):
        other = right if _is_none(left) else left
        if isinstance(other, (Unknown, Ref)):
            raise NotFoldable(_why(other))
        return Const(_is_none(other) == (name in ("Is", "Eq")))
    return Const(bool(COMPARISONS[name](plain(left), plain(right))))


def _is_none(value):
    return isinstance(value, Const) and value.value is None


def _contains(container, item):
    """True, False or None where it is not known."""
    if isinstance(container, Const) and isinstance(item, Const):
        return item.value in container.value
    if isinstance(container, Map) and isinstance(item, Const):
        if any(key == item.value for key, _ in container.entries):
            return True
        return None if container.open else False
    if isinstance(container, Seq):
        if any(same(item, known) for known in container.items):
            return True
        certain = not container.open and isinstance(item, Const) and all(isinstance(known, Const) for known in container.items)
        return False if certain else None
    return None


def subscript(container, key):
    return lift(_subscript, container, key)


def _subscript(container, key):
    if isinstance(container, Map) and isinstance(key, Const):
        for known, value in container.entries:
            if known == key.value:
                return value
        if container.open:
            return Unknown("may be set elsewhere")
        raise NotFoldable("raises KeyError")
    if isinstance(container, Seq) and isinstance(key, Const):
        if container.open and key.value != 0:
            return Unknown("part of a list that is not known whole")
        return container.items[key.value]
    if isinstance(container, Const) and isinstance(container.value, str) and isinstance(key, Const):
        return wrap(container.value[key.value])
    raise NotFoldable(_why(container, key))


def take_slice(container, lower, upper, step):
    def operation(target, *bounds):
        where = slice(*(plain(bound) for bound in bounds))
        if isinstance(target, Seq) and not target.open:
            return Seq(target.items[where], target.kind)
        if isinstance(target, Const) and isinstance(target.value, str):
            return wrap(target.value[where])
        if isinstance(target, Seq):
            return Seq([], target.kind, True)
        raise NotFoldable(_why(target))

    return lift(operation, container, lower, upper, step)


def attribute(target, name):
    if isinstance(target, Ref):
        if (target.path, name) == ("sys", "argv"):
            return COMMAND
        return Ref(f"{target.path}.{name}")
    if isinstance(target, Namespace):
        return target.scope.read(name)
    if isinstance(target, (EnvReader, Seq, Map)):
        return Bound(target, name)
    if isinstance(target, (Sym, Choice)):
        if name in PATH_ATTRIBUTES:
            return lift(lambda value: attribute(value, name), target)
        return Bound(target, name)
    if isinstance(target, Const) and isinstance(target.value, PurePosixPath) and name in PATH_ATTRIBUTES:
        return wrap(getattr(target.value, name))
    if isinstance(target, Const) and isinstance(target.value, PurePosixPath) and name == "parents":
        return wrap(list(target.value.parents))
    if isinstance(target, Const):
        return Bound(target, name)
    return Unknown(_why(target) if isinstance(target, Unknown) else f"attribute {name}")


def call_method(bound, arguments, keywords):
    """The result of a method that changes nothing."""
    name = bound.name
    if name == "items" and isinstance(bound.target, Map):
        return Seq([Seq([Const(key), value], "tuple") for key, value in bound.target.entries], "list", bound.target.open)
    if name == "values" and isinstance(bound.target, Map):
        return Seq([value for _, value in bound.target.entries], "list", bound.target.open)
    names = list(keywords)

    def operation(target, *values):
        positional, named = values[: len(arguments)], dict(zip(names, values[len(arguments) :]))
        return _call_method(target, name, positional, named)

    return lift(operation, bound.target, *arguments, *keywords.values())


def _call_method(target, name, positional, named):
    if isinstance(target, Map):
        if name == "get" and isinstance(positional[0], Const):
            for key, value in target.entries:
                if key == positional[0].value:
                    return value
            default = positional[1] if len(positional) > 1 else named.get("default", NONE)
            return choice([default, Unknown("may be set elsewhere")]) if target.open else default
        if name == "copy":
            return target
        if name == "items":
            return Seq([Seq([Const(key), value], "tuple") for key, value in target.entries], "list", target.open)
        if name == "keys":
            return Seq([Const(key) for key, _ in target.entries], "list", target.open)
    if isinstance(target, Seq):
        if name == "copy":
            return target
        if name in ("index", "count") and not target.open:
            return wrap(getattr(list(plain(target)), name)(*(plain(value) for value in positional)))
    if isinstance(target, Const) and isinstance(target.value, PurePosixPath):
        if name in PATH_SAME:
            return target
        if name in PATH_METHODS:
            return wrap(getattr(target.value, name)(*(plain(value) for value in positional)))
    if isinstance(target, Const) and isinstance(target.value, (str, bytes)) and name in TEXT_METHODS:
        if name == "format" and (_has_wide_field(target.value) or "{" in str(target.value).replace("{}", "") and "." in target.value):
            raise NotFoldable("not evaluated")
        values = [plain(value) for value in positional]
        return wrap(getattr(target.value, name)(*values, **{key: plain(value) for key, value in named.items()}))
    raise NotFoldable(_why(target) if isinstance(target, Unknown) else f"result of .{name}()")


def changed(target, name, arguments, keywords):
    """What `target` is after the call of a method that changes it."""

    def operation(before, *values):
        return _changed(before, name, values[: len(arguments)], dict(zip(keywords, values[len(arguments) :])))

    if isinstance(target, Seq) and name in ("append", "insert", "add"):
        # The item may depend on the environment; the list does not.
        return attempt(lambda: _changed(target, name, tuple(arguments), keywords))
    return lift(operation, target, *arguments, *keywords.values())


def _changed(before, name, values, named):
    if isinstance(before, Seq):
        items = list(before.items)
        if name in ("append", "add"):
            items.append(values[0])
        elif name == "insert":
            items.insert(values[0].value if isinstance(values[0], Const) else 0, values[1])
        elif name in ("extend", "update"):
            joined = _concatenate(before, values[0])
            return Seq(joined.items, before.kind, joined.open)
        elif name in ("remove", "discard") and isinstance(values[0], Const):
            items = [item for item in items if not same(item, values[0])]
        elif name == "clear":
            return Seq([], before.kind)
        else:
            return Seq(items, before.kind, True)
        return Seq(items, before.kind, before.open or len(items) > MAX_ITEMS)
    if isinstance(before, Map):
        if name == "update":
            extra = values[0] if values else Map([])
            result = merge_maps(before, extra) if isinstance(extra, Map) else Map(before.entries, True)
            return merge_maps(result, Map(list(named.items())))
        if name == "setdefault" and isinstance(values[0], Const):
            if any(key == values[0].value for key, _ in before.entries):
                return before
            return with_item(before, values[0], values[1] if len(values) > 1 else NONE)
        if name == "pop" and isinstance(values[0], Const):
            return Map([(key, value) for key, value in before.entries if key != values[0].value], before.open)
        return Map(before.entries, True)
    raise NotFoldable(_why(before))


def with_item(container, key, value):
    """`container[key] = value`, as a new value."""
    if isinstance(container, Map) and isinstance(key, Const):
        return Map([*((known, item) for known, item in container.entries if known != key.value), (key.value, value)], container.open)
    if isinstance(container, (Sym, Choice)) and isinstance(key, Const):
        return lift(lambda target: with_item(target, key, value), container)
    if isinstance(container, Seq) and isinstance(key, Const) and isinstance(key.value, int) and not container.open:
        items = list(container.items)
        if -len(items) <= key.value < len(items):
            items[key.value] = value
        return Seq(items, container.kind)
    if isinstance(container, Map):
        return Map(container.entries, True)
    return Unknown(_why(container))


def conditional(condition, then, otherwise):
    """`then if condition else otherwise`; what the condition depends on, the result depends on."""
    if isinstance(condition, Sym):
        names = condition.names | symbols_at_top(then) | symbols_at_top(otherwise)

        def compute(environment):
            decided = truth(concretise(condition, environment))
            if decided is None:
                return choice([concretise(then, environment), concretise(otherwise, environment)])
            return concretise(then if decided else otherwise, environment)

        return Sym(names, compute)
    decided = None if isinstance(condition, Choice) else truth(condition)
    if decided is None and isinstance(condition, Choice):
        known = {truth(option) if not isinstance(option, Sym) else None for option in condition.options}
        decided = known.pop() if len(known) == 1 else None
    if decided is None:
        return choice([then, otherwise])
    return then if decided else otherwise


def symbols_at_top(value):
    if isinstance(value, Sym):
        return value.names
    if isinstance(value, Choice):
        return frozenset().union(*(symbols_at_top(option) for option in value.options))
    return frozenset()


def falling_back(value, other):
    """`try: value except: other` where only a missing or wrong environment variable makes `value` fail."""
    if not isinstance(value, Sym):
        return value

    def compute(environment):
        try:
            return concretise(value, environment)
        except Rejected:
            return concretise(other, environment)

    return Sym(value.names | symbols_at_top(other), compute)
