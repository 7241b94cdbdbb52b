"""What calls into packages outside of the project give, as far as settings need it: the environment, paths, and its usual readers."""

import ast
import datetime
import json
from pathlib import PurePosixPath

from values import NONE, Const, EnvReader, Map, NotFoldable, Ref, Rejected, Seq, Sym, Unknown, lift, plain, truth, wrap

TRUE_TEXTS = {"true", "on", "ok", "y", "yes", "1", "t"}
FALSE_TEXTS = {"false", "off", "n", "no", "0", "f", ""}
ENV_MAPPINGS = {"os.environ", "os.environb", "environ.Env.ENVIRON"}
#: Schemes of database URLs and the engine that Django then uses.
ENGINES = {
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
    "psql": "django.db.backends.postgresql",
    "pgsql": "django.db.backends.postgresql",
    "postgis": "django.contrib.gis.db.backends.postgis",
    "mysql": "django.db.backends.mysql",
    "mysql2": "django.db.backends.mysql",
    "sqlite": "django.db.backends.sqlite3",
    "sqlite3": "django.db.backends.sqlite3",
    "oracle": "django.db.backends.oracle",
}


def environment_text(name, default=None, required=False):
    """The text of a variable; `default` (a value) when it is not set."""

    def compute(environment):
        if name in environment:
            return Const(environment[name])
        if required:
            raise Rejected(name)
        return default if default is not None else NONE

    text = Sym({name}, compute)
    return text if default is None or required else _joined(text, default)


def _joined(text, default):
    """A default may itself depend on the environment."""
    if not isinstance(default, Sym):
        return text

    def compute(environment):
        result = text.compute(environment)
        return result.compute(environment) if isinstance(result, Sym) else result

    return Sym(text.names | default.names, compute)


def call(path, arguments, keywords, exists):
    """
    The result of calling `path` (a dotted name outside of the project), Unknown where it is not modelled.

    :param exists: tells whether a path (under /project) is in the project
    """
    known = CALLS.get(path)
    if known is not None:
        return known(arguments, keywords)
    if path in ("os.path.exists", "os.path.isfile", "os.path.isdir") and len(arguments) == 1:
        return lift(lambda value: _exists(value, exists), arguments[0])
    return Unknown(f"result of {path}()")


def _exists(value, exists):
    text = str(plain(value))
    if exists(text):
        return Const(True)
    raise NotFoldable("a file that is not in the project may exist where it runs")


def _folding(function):
    """A call that is a plain function of plain values."""

    def call_it(arguments, keywords):
        names = list(keywords)

        def operation(*values):
            positional = [plain(value) for value in values[: len(arguments)]]
            named = {name: plain(value) for name, value in zip(names, values[len(arguments) :])}
            return wrap(function(*positional, **named))

        return lift(operation, *arguments, *keywords.values())

    return call_it


def _casting(function):
    """A call that fails on a wrong text: then the settings do not load."""

    def operation(*values):
        try:
            return wrap(function(*(plain(value) for value in values)))
        except NotFoldable:
            raise
        except (ValueError, TypeError, AttributeError, SyntaxError) as error:
            raise Rejected(str(error)) from error

    return lambda arguments, keywords: lift(operation, *arguments, *keywords.values())


def _strtobool(text):
    lowered = text.lower()
    if lowered in ("y", "yes", "t", "true", "on", "1"):
        return 1
    if lowered in ("n", "no", "f", "false", "off", "0"):
        return 0
    raise ValueError(text)


def _bool(arguments, _keywords):
    def operation(value):
        decided = truth(value)
        if decided is None:
            raise NotFoldable("not known")
        return Const(decided)

    return lift(operation, arguments[0]) if arguments else Const(False)


def _get_env(arguments, keywords):
    name = _name_of(arguments, keywords, ("key",))
    if name is None:
        return Unknown("an environment variable whose name is not known")
    default = arguments[1] if len(arguments) > 1 else keywords.get("default", NONE)
    return environment_text(name, default)


def _name_of(arguments, keywords, names=()):
    first = arguments[0] if arguments else next((keywords[name] for name in names if name in keywords), None)
    return first.value if isinstance(first, Const) and isinstance(first.value, str) else None


def _decouple(arguments, keywords):
    """`config("NAME", default=..., cast=...)` of python-decouple."""
    name = _name_of(arguments, keywords, ("option",))
    if name is None:
        return Unknown("an environment variable whose name is not known")
    default = arguments[1] if len(arguments) > 1 else keywords.get("default")
    cast = arguments[2] if len(arguments) > 2 else keywords.get("cast")
    text = environment_text(name, default, required=default is None)
    if cast is None:
        return text
    kind = cast.path if isinstance(cast, Ref) else None
    if kind == "decouple.Csv":
        return lift(_split_commas, text)
    if kind in ("bool", "builtins.bool"):
        return lift(_as_truth, text)
    if kind in CALLS:
        return CALLS[kind]([text], {})
    return Unknown(f"a cast of {name}")


def _as_truth(value):
    if isinstance(value, Const) and isinstance(value.value, str):
        lowered = value.value.lower()
        if lowered in TRUE_TEXTS:
            return Const(True)
        if lowered in FALSE_TEXTS:
            return Const(False)
        raise Rejected("not a truth value")
    return Const(bool(plain(value)))


def _split_commas(value):
    if isinstance(value, Seq):
        return value
    text = plain(value)
    if isinstance(text, str):
        return wrap([part.strip() for part in text.split(",") if part.strip()])
    return value


def read_with_cast(cast, name, default):
    """`env.bool("NAME", default=...)` of django-environ and environs."""
    text = environment_text(name, default, required=default is None)
    if cast in ("str", "unicode", "get_value", "") or cast is None:
        return text
    if cast == "bool":
        return lift(_environ_truth, text)
    if cast == "int":
        return CALLS["int"]([text], {}) if default is None or not _is_none(default) else lift(_optional(int), text)
    if cast == "float":
        return lift(_optional(float), text)
    if cast in ("list", "tuple", "csv"):
        return lift(_split_commas, text)
    if cast == "json":
        return lift(_optional(json.loads), text)
    if cast in ("db", "db_url", "dj_db_url"):
        return lift(_database, text)
    if cast == "path":
        return lift(_optional(PurePosixPath), text)
    if cast in ("url", "timedelta", "log_level", "uuid", "dict"):
        return lift(_not_evaluated, text)
    return lift(_not_evaluated, text)


def _not_evaluated(value):
    if isinstance(value, Const) and not isinstance(value.value, str):
        return value
    raise NotFoldable("a cast that is not evaluated")


def _optional(function):
    def operation(value):
        thing = plain(value)
        if not isinstance(thing, str):
            return value
        try:
            return wrap(function(thing))
        except (ValueError, TypeError) as error:
            raise Rejected(str(error)) from error

    return operation


def _environ_truth(value):
    thing = plain(value)
    return Const(thing.lower() in TRUE_TEXTS) if isinstance(thing, str) else Const(bool(thing))


def _is_none(value):
    return isinstance(value, Const) and value.value is None


def call_env_reader(reader, method, arguments, keywords):
    """`env("NAME")`, `env.bool("NAME", False)` of an `environ.Env` or `environs.Env`."""
    if method in ("read_env", "prefixed", "seal", "get_redis_url"):
        return NONE
    default = arguments[1] if len(arguments) > 1 else keywords.get("default")
    if method == "cache_url" or method == "cache":
        return Unknown("a cache that the environment names")
    if method in ("email_url", "email", "search_url", "channels_url", "search", "dj_email_url", "dj_cache_url"):
        return Unknown("a service that the environment names")
    if method == "__call__" and len(arguments) > 1:
        # env("NAME", cast, default) of django-environ.
        cast_value, default = arguments[1], arguments[2] if len(arguments) > 2 else keywords.get("default")
        if not isinstance(cast_value, Ref):
            cast_value, default = None, arguments[1]
    else:
        cast_value = keywords.get("cast")
    name = _name_of(arguments, keywords, ("var", "name", "key")) or ("DATABASE_URL" if method in ("db", "db_url", "dj_db_url") else None)
    if name is None:
        return Unknown("an environment variable whose name is not known")
    cast = method if method != "__call__" else None
    if isinstance(cast_value, Ref):
        cast = cast_value.path
    if name in reader.scheme and cast in (None, "__call__"):
        cast, fallback = reader.scheme[name]
        default = default if default is not None else fallback
    elif name in reader.scheme and default is None:
        default = reader.scheme[name][1]
    return read_with_cast(cast, name, default)


def _environ_env(arguments, keywords):
    scheme = {}
    for name, entry in keywords.items():
        if isinstance(entry, Seq) and len(entry.items) == 2 and isinstance(entry.items[0], Ref):
            scheme[name] = (entry.items[0].path, entry.items[1])
        elif isinstance(entry, Ref):
            scheme[name] = (entry.path, None)
        else:
            scheme[name] = ("unknown cast", None)
    return EnvReader(scheme)


def _database(value):
    """The settings of a database that a URL names: its engine; the rest is where it runs."""
    text = plain(value)
    if text is None:
        return Map([])
    if not isinstance(text, str):
        return value
    scheme = text.split(":", 1)[0]
    engine = ENGINES.get(scheme)
    entries = [("ENGINE", Const(engine) if engine else Unknown("another database engine"))]
    if "@" in text:
        user, _, password = text.split("://", 1)[-1].rsplit("@", 1)[0].partition(":")
        entries += [("USER", Const(user)), ("PASSWORD", Const(password))]
    return Map(entries, True)


def _dj_database_url(arguments, keywords):
    default = keywords.get("default") or (arguments[0] if arguments else None)
    name = _name_of([keywords["env"]], {}) if "env" in keywords else "DATABASE_URL"
    text = environment_text(name or "DATABASE_URL", default if default is not None else NONE)
    extra = {"conn_max_age": "CONN_MAX_AGE", "conn_health_checks": "CONN_HEALTH_CHECKS", "engine": "ENGINE"}
    options = [(extra[key], value) for key, value in keywords.items() if key in extra]

    def operation(value):
        database = _database(value)
        return Map([*(e for e in database.entries if all(e[0] != key for key, _ in options)), *options], True) if database.entries else database

    return lift(operation, text)


def _dj_parse(arguments, keywords):
    return lift(_database, arguments[0])


def _join(*parts):
    return PurePosixPath(*parts) if any(isinstance(part, PurePosixPath) for part in parts) else str(PurePosixPath(*parts))


def _dirname(path):
    return str(PurePosixPath(path).parent)


def _chain(arguments, _keywords):
    items, is_open = [], False
    for argument in arguments:
        if isinstance(argument, Seq):
            items += argument.items
            is_open = is_open or argument.open
        else:
            is_open = True
    return Seq(items, "list", is_open)


def _sequence(kind):
    def make(arguments, _keywords):
        if not arguments:
            return Map([]) if kind == "dict" else Seq([], kind)

        def operation(value):
            if isinstance(value, Seq):
                return Seq(value.items, kind, value.open)
            if isinstance(value, Map):
                return Seq([Const(key) for key, _ in value.entries], kind, value.open)
            thing = plain(value)
            if isinstance(thing, str):
                return wrap(list(thing))
            raise NotFoldable("not evaluated")

        return lift(operation, arguments[0])

    return make


def _dict(arguments, keywords):
    entries = []
    is_open = False
    for argument in arguments:
        if isinstance(argument, Map):
            entries += argument.entries
            is_open = is_open or argument.open
        else:
            is_open = True
    entries = [(key, value) for key, value in entries if key not in keywords]
    return Map([*entries, *keywords.items()], is_open)


def _first(arguments, _keywords):
    return arguments[0] if arguments else Unknown("not evaluated")


CALLS = {
    "os.environ.get": _get_env,
    "os.getenv": _get_env,
    "decouple.config": _decouple,
    "decouple.AutoConfig": lambda arguments, keywords: Ref("decouple.config"),
    "decouple.Csv": lambda arguments, keywords: Ref("decouple.Csv"),
    "environ.Env": _environ_env,
    "environ.FileAwareEnv": _environ_env,
    "environs.Env": _environ_env,
    "environ.Env.read_env": lambda arguments, keywords: NONE,
    "environ.Path": lambda arguments, keywords: Unknown("a path"),
    "dotenv.load_dotenv": lambda arguments, keywords: NONE,
    "dotenv.find_dotenv": lambda arguments, keywords: NONE,
    "dj_database_url.config": _dj_database_url,
    "dj_database_url.parse": _dj_parse,
    "distutils.util.strtobool": _casting(_strtobool),
    "setuptools.distutils.util.strtobool": _casting(_strtobool),
    "ast.literal_eval": _casting(ast.literal_eval),
    "json.loads": _casting(json.loads),
    "bool": _bool,
    "int": _casting(int),
    "float": _casting(float),
    "str": _folding(str),
    "len": _folding(len),
    "any": _folding(any),
    "all": _folding(all),
    "min": _folding(min),
    "max": _folding(max),
    "sorted": _folding(sorted),
    "list": _sequence("list"),
    "tuple": _sequence("tuple"),
    "set": _sequence("set"),
    "frozenset": _sequence("set"),
    "dict": _dict,
    "pathlib.Path": _folding(PurePosixPath),
    "pathlib.PurePath": _folding(PurePosixPath),
    "os.fspath": _folding(str),
    "os.path.join": _folding(_join),
    "os.path.dirname": _folding(_dirname),
    "os.path.basename": _folding(lambda path: PurePosixPath(path).name),
    "os.path.abspath": _first,
    "os.path.realpath": _first,
    "os.path.normpath": _first,
    "os.path.expanduser": _first,
    "datetime.timedelta": _folding(datetime.timedelta),
    "itertools.chain": _chain,
    "django.utils.translation.gettext_lazy": _first,
    "django.utils.translation.ugettext_lazy": _first,
    "django.utils.translation.gettext": _first,
    "django.urls.reverse_lazy": lambda arguments, keywords: Unknown("a URL"),
    "copy.deepcopy": _first,
    "copy.copy": _first,
}
