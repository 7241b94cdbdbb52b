"""What a settings module gives, for every environment that is worth trying, as JSON."""

import datetime
from itertools import product
from pathlib import PurePosixPath

from statements import Interpreter, TooMuch
from values import (
    Choice,
    Const,
    Function,
    Map,
    Namespace,
    Ref,
    Rejected,
    Seq,
    Sym,
    Unknown,
    Unset,
    concretise,
    symbols,
    truth,
)

#: Texts that people set a switch to; the first is what a variable without a default is thought to hold.
TRIED = ["text", "True", "true", "1", "False", "false", "0", "off", "no", ""]
MAX_ENVIRONMENTS = 160
MAX_DEPTH = 12
MAX_ENTRIES = 400
#: Environments that all settings together are tried with.
MAX_TRIALS = 40_000


def evaluate_settings(project, file, names=None):
    """
    :param names: the settings that are wanted, None for all
    :returns: `{"file", "values": {NAME: {"value", "file", "line"}}, "open": why or None, "problem": why or None}`
    """
    interpreter = Interpreter(project)
    problem = None
    try:
        scope = interpreter.load(file)
    except TooMuch:
        scope, problem = interpreter.loading[file], "more steps than settings need"
    except RecursionError:
        scope, problem = interpreter.loading[file], "nested too deeply"
    if problem is not None:
        scope.opened(problem)
    encoder = Encoder(interpreter)
    values = {}
    for name, binding in scope.names.items():
        if name.isupper() if names is None else name in names:
            try:
                value = encoder.encode(binding.value)
            except (RecursionError, TooMuch):
                value = {"kind": "unknown", "why": "nested too deeply"}
            values[name] = {"value": value, "file": binding.file, "line": binding.line}
    return {
        "file": file,
        "values": values,
        "open": scope.open,
        "problem": problem or project.problems.get(file),
        "installed": sorted(_texts(scope.names["INSTALLED_APPS"].value)) if "INSTALLED_APPS" in scope.names else [],
        "modules": sorted(name for name in interpreter.loading if project.trees.get(name) is not None),
    }


def _texts(value, depth=0):
    """All texts in a list, whichever way it comes out; what depends on the environment as it is without any variable."""
    if isinstance(value, Const):
        return {value.value} if isinstance(value.value, str) else set()
    if isinstance(value, (Seq, Choice)) and depth < MAX_DEPTH:
        return set().union(*(_texts(item, depth + 1) for item in (value.items if isinstance(value, Seq) else value.options)))
    if isinstance(value, Sym):
        try:
            return _texts(concretise(value, {}), depth + 1) if depth < MAX_DEPTH else set()
        except Rejected:
            return set()
    return set()


class Encoder:
    def __init__(self, interpreter):
        self.interpreter = interpreter
        self.trials = 0
        #: The environment of the outcome that is being encoded, and the variables that it speaks of.
        self.fixed = {}
        self.spoken_of = []

    def encode(self, value, depth=0):
        if depth > MAX_DEPTH:
            return {"kind": "unknown", "why": "nested too deeply"}
        if isinstance(value, Const):
            return {"kind": "known", "value": scalar(value.value)}
        if isinstance(value, Seq):
            items = [self.encode(item, depth + 1) for item in value.items[:MAX_ENTRIES]]
            return {"kind": "list", "items": items, "open": value.open or len(value.items) > MAX_ENTRIES}
        if isinstance(value, Map):
            entries = [{"key": str(key), "value": self.encode(item, depth + 1)} for key, item in value.entries[:MAX_ENTRIES]]
            return {"kind": "map", "entries": entries, "open": value.open or len(value.entries) > MAX_ENTRIES}
        if isinstance(value, Choice):
            return {"kind": "choice", "options": [self.encode(option, depth + 1) for option in value.options]}
        if isinstance(value, Unset):
            return {"kind": "unset"}
        if isinstance(value, Sym):
            return self.encode_environment(value, depth)
        if isinstance(value, Unknown):
            return {"kind": "unknown", "why": value.why}
        if isinstance(value, Ref):
            return {"kind": "unknown", "why": f"{value.path} of another package"}
        if isinstance(value, (Namespace, Function)):
            return {"kind": "unknown", "why": "an object of the project"}
        return {"kind": "unknown", "why": "not evaluated"}

    def encode_environment(self, value, depth):
        free = sorted(value.names.difference(*self.spoken_of)) if self.spoken_of else sorted(value.names)
        if self.spoken_of and (not free or len(self.spoken_of) > 1):
            return self.outcome(value, self.fixed, depth)
        outcomes, seen, before = [], set(), self.fixed
        self.spoken_of.append(value.names)
        for environment in self.environments(free, brief=bool(before) or len(self.spoken_of) > 1):
            self.trials += 1
            if self.trials > MAX_TRIALS:
                outcomes.append({"set": None, "value": {"kind": "unknown", "why": "too many environments to try"}})
                break
            self.fixed = {**before, **environment}
            if not self.is_allowed(self.fixed, value.names.union(*self.spoken_of)):
                continue
            outcome = self.outcome(value, self.fixed, depth)
            key = repr(outcome)
            # What no variable and what one variable gives is kept whole, so that a reader sees what does what.
            if key not in seen or len(environment) <= 1:
                seen.add(key)
                outcomes.append({"set": {name: environment[name] for name in sorted(environment)}, "value": outcome})
        self.fixed = before
        self.spoken_of.pop()
        guarded = any(symbols(condition) & value.names for conditions in self.interpreter.refused for condition, _ in conditions)
        return {"kind": "environment", "names": sorted(value.names), "outcomes": outcomes, "guarded": guarded}

    def outcome(self, value, environment, depth):
        try:
            return self.encode(concretise(value, environment), depth + 1)
        except Rejected:
            return {"kind": "rejected"}
        except RecursionError:
            return {"kind": "unknown", "why": "nested too deeply"}

    def environments(self, names, brief):
        if brief:
            yield {}
            for name in names[:8]:
                for text in ("text", "True", "False"):
                    yield {name: text}
            return
        texts = {name: TRIED + sorted(self.interpreter.compared.get(name, set()) - set(TRIED))[:12] for name in names}
        yield {}
        count = 1
        for name in names:
            for text in texts[name]:
                count += 1
                if count > MAX_ENVIRONMENTS:
                    return
                yield {name: text}
        if 2 <= len(names) <= 4:
            short = {name: ["True", "False", "text"] + [text for text in texts[name] if text not in TRIED][:4] for name in names}
            for combination in product(*([None, *short[name]] for name in names)):
                environment = {name: text for name, text in zip(names, combination) if text is not None}
                if len(environment) > 1:
                    count += 1
                    if count > MAX_ENVIRONMENTS:
                        return
                    yield environment
        if len(names) > 1:
            for text in ("True", "False", "text"):
                yield {name: text for name in names}

    def is_allowed(self, environment, names):
        """
        False when the settings refuse to load like this, for example because a key was left at its default.

        :param names: what is being tried; what refuses because of other variables says nothing about these
        """
        return not any(self._holds(conditions, environment, names) for conditions in self.interpreter.refused)

    def _holds(self, conditions, environment, names):
        if any(not symbols(condition) <= names for condition, _ in conditions):
            return False
        try:
            return all(truth(concretise(condition, environment)) is wanted for condition, wanted in conditions)
        except Rejected:
            return False


def scalar(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, PurePosixPath):
        return str(value)
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, float) and value not in (float("inf"), float("-inf")) and value == value:
        return value
    if isinstance(value, float):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return str(value)
    return value


