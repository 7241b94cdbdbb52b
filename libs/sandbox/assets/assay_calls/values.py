"""Python values as JSON and back: what JSON knows stands as it is, all else as `{"python": kind, "value": ...}`. Bounded in every way."""

import base64
import importlib
import json
import math
import re
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from .errors import tell_error

MAX_DEPTH = 40
MAX_VALUES = 20_000
MAX_CHARACTERS = 200_000
MAX_REPR = 500
LARGEST_SAFE = 2**53 - 1
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")


class TooMuch(Exception):
    """A value that is too large, or nested too deeply, to be told."""


class Values:
    def __init__(self, kept, doubles):
        self.kept, self.doubles = kept, doubles
        doubles.values = self

    def encode(self, value):
        return Encoder(self).encode(value, 0)

    def type_of(self, value):
        return f"{type(value).__module__}.{type(value).__qualname__}"[:200]

    def decode(self, told):
        if isinstance(told, list):
            return [self.decode(item) for item in told]
        if not isinstance(told, dict):
            return told
        if "python" not in told:
            return {key: self.decode(item) for key, item in told.items()}
        kind, value = told["python"], told.get("value")
        if kind in SIMPLE:
            return SIMPLE[kind](value)
        if kind in ("tuple", "set", "frozenset"):
            return {"tuple": tuple, "set": set, "frozenset": frozenset}[kind](self.decode(item) for item in value)
        if kind == "dict":
            return {self.decode(key): self.decode(item) for key, item in value}
        if kind == "exception":
            return exception_class(value["type"])(*([value["message"]] if value["message"] is not None else []))
        if kind == "object":
            return self.kept[value]
        if kind == "double":
            return self.doubles.get(value, told["name"], told["methods"])
        raise ValueError(f"unknown kind of value: {kind}")


def exception_class(name):
    """`ValueError`, or `package.module:Name`."""
    module, _, path = name.rpartition(":")
    return getattr(importlib.import_module(module or "builtins"), path)


SIMPLE = {
    "int": int,
    "float": float,
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
    "uuid": UUID,
    "bytes": base64.b64decode,
}


class Encoder:
    """One value, with one bound on all that is in it."""

    def __init__(self, values):
        self.values, self.count, self.characters = values, 0, 0

    def encode(self, value, depth):
        self.count += 1
        if depth > MAX_DEPTH:
            raise TooMuch(f"the value is nested deeper than {MAX_DEPTH} levels")
        if self.count > MAX_VALUES:
            raise TooMuch(f"the value holds more than {MAX_VALUES} values")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self.text(str.__str__(value))
        if isinstance(value, int):
            value = int(value)
            return value if abs(value) <= LARGEST_SAFE else self.tagged("int", self.text(digits(value)))
        if isinstance(value, float):
            value = float(value)
            is_plain = math.isfinite(value) and not value.is_integer()
            return value if is_plain else self.tagged("float", repr(value))
        if isinstance(value, list):
            return self.items(value, depth)
        if isinstance(value, dict):
            return self.mapping(value, depth)
        return self.other(value, depth)

    def other(self, value, depth):
        if isinstance(value, tuple):
            return self.tagged("tuple", self.items(value, depth))
        if isinstance(value, (set, frozenset)):
            # Without an order of its own, so in that of its text.
            items = sorted(self.items(value, depth), key=lambda item: json.dumps(item, sort_keys=True))
            return self.tagged("frozenset" if isinstance(value, frozenset) else "set", items)
        if isinstance(value, Decimal):
            return self.tagged("decimal", self.text(str(value)))
        if isinstance(value, (datetime, date, time)):
            kind = "datetime" if isinstance(value, datetime) else "date" if isinstance(value, date) else "time"
            return self.tagged(kind, value.isoformat())
        if isinstance(value, timedelta):
            return self.tagged("timedelta", value.total_seconds())
        if isinstance(value, UUID):
            return self.tagged("uuid", str(value))
        if isinstance(value, (bytes, bytearray, memoryview)):
            return self.tagged("bytes", self.text(base64.b64encode(bytes(value)).decode()))
        if isinstance(value, BaseException):
            return self.tagged("exception", tell_error(value))
        number = self.values.doubles.number_of(value)
        if number is not None:
            return self.tagged("double", number)
        return self.model(value, depth) or {"python": "object", "type": self.values.type_of(value), "value": described(value)}

    def model(self, value, depth):
        """Rows and lists of rows of Django."""
        models = sys.modules.get("django.db.models")
        if models is None:
            return None
        if isinstance(value, models.Model):
            return {"python": "row", "type": value._meta.label, "value": self.encode(value.pk, depth + 1)}
        if isinstance(value, models.QuerySet):
            return self.tagged("queryset", self.items(value, depth))
        return None

    def items(self, items, depth):
        return [self.encode(item, depth + 1) for item in items]

    def mapping(self, mapping, depth):
        if all(type(key) is str for key in mapping) and "python" not in mapping:
            return {self.text(key): self.encode(item, depth + 1) for key, item in mapping.items()}
        return self.tagged("dict", [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in mapping.items()])

    def text(self, text):
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise TooMuch(f"the value has more than {MAX_CHARACTERS} characters")
        return text

    def tagged(self, kind, value):
        return {"python": kind, "value": value}


def digits(number):
    try:
        return str(number)
    except ValueError:
        raise TooMuch("the value is an integer of several thousand digits") from None


def described(value):
    """Without addresses, which differ from run to run."""
    try:
        return ADDRESS.sub("0x…", repr(value)[:MAX_REPR])
    except Exception:
        return "<no text>"
