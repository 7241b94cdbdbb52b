"""Parses Python files and tells what stands in them as JSON (src/python-source.ts). Imports and runs nothing of them.

Usage: python -I -S read_python.py < {"folder": "/...", "paths": [...]}; one line of JSON for each path, in that order.
A file that takes too long or makes the parser crash ends this process; whoever started it goes on behind that file.
"""

import ast
import json
import os
import resource
import signal
import stat
import sys
import warnings

MAX_FILE_BYTES = 1024 * 1024
# Beyond it a file is no source that a person wrote. Counted, not timed, so that every machine says the same of a file.
MAX_NODES = 250_000
MAX_ANSWER_BYTES = 2 * 1024 * 1024
MAX_TEXT = 4_000
MAX_DEPTH = 8
MAX_ITEMS = 500
MAX_CHAIN = 40
MAX_INTEGER = 2**53
SECONDS_PER_FILE = 10.0
MEMORY = 1024 * 1024 * 1024
SECONDS = 120

BRANCHES = (ast.If, ast.Try, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Match)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "MatMult": "@",
    "LShift": "<<", "RShift": ">>", "BitOr": "|", "BitXor": "^", "BitAnd": "&", "And": "and", "Or": "or", "Not": "not",
    "UAdd": "+", "USub": "-", "Invert": "~", "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=",
    "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in",
}  # fmt: skip
ALIAS_STEPS = 4


class TooLarge(Exception):
    pass


def operator_of(node):
    return OPERATORS[type(node).__name__]


class Place:
    """Where a node stands."""

    __slots__ = ("scope", "function", "handlers", "conditional", "loop")

    def __init__(self, scope="", function=None, handlers=(), conditional=False, loop=False):
        self.scope = scope
        self.function = function
        self.handlers = handlers
        self.conditional = conditional
        self.loop = loop

    def within(self, **changes):
        values = {name: changes.get(name, getattr(self, name)) for name in self.__slots__}
        return Place(**values)


class Reader:
    def __init__(self, file):
        self.answer = {
            "file": file,
            "problem": None,
            "imports": [],
            "functions": [],
            "classes": [],
            "calls": [],
            "handlers": [],
            "assignments": [],
        }
        # (scope, name) -> dotted path of an import, an expression that it is another name of, or None for a name of its own.
        self.bound = {}
        self.placed = []

    def read(self, tree):
        stack = [(tree, Place())]
        while stack:
            node, place = stack.pop()
            self.placed.append((node, place))
            if len(self.placed) > MAX_NODES:
                raise TooLarge
            self.bind(node, place)
            stack.extend(self.children(node, place))
        self.statements = {id(n.value) for n, _ in self.placed if isinstance(n, ast.Expr)}
        self.contexts = {id(n.context_expr) for n, _ in self.placed if isinstance(n, ast.withitem)}
        for node, place in self.placed:
            self.describe(node, place)
        for key in ("imports", "functions", "classes", "calls", "handlers", "assignments"):
            self.answer[key] = [item for _, item in sorted(self.answer[key], key=lambda pair: pair[0])]
        return self.answer

    def children(self, node, place):
        """Each child with where it stands; the record of a function or handler is made here, for what stands in it."""
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            scope = f"{place.scope}.{node.name}" if place.scope else node.name
            record = {"isGenerator": False} if isinstance(node, FUNCTIONS) else None
            node.assay_record = record
            inner = Place(scope=scope, function=record)
            outside = [*node.decorator_list]
            if isinstance(node, ast.ClassDef):
                outside += [*node.bases, *[keyword.value for keyword in node.keywords]]
            else:
                outside += [*node.args.defaults, *[default for default in node.args.kw_defaults if default is not None]]
                for argument in arguments_of(node.args):
                    self.bound.setdefault((scope, argument.arg), None)
                    if argument.annotation is not None:
                        outside.append(argument.annotation)
                if node.returns is not None:
                    outside.append(node.returns)
            return [*((child, place) for child in outside), *((child, inner) for child in node.body)]
        if isinstance(node, ast.Lambda):
            inner = place.within(function={}, handlers=(), loop=False)
            return [(child, inner) for child in ast.iter_child_nodes(node)]
        if isinstance(node, ast.ExceptHandler):
            node.assay_record = {"raises": False}
            inner = place.within(handlers=(*place.handlers, node.assay_record), conditional=True)
            return [(child, inner) for child in ast.iter_child_nodes(node)]
        if isinstance(node, LOOPS):
            inner = place.within(conditional=True, loop=True)
            first = node.test if isinstance(node, ast.While) else node.iter
            outer = inner if isinstance(node, ast.While) else place
            return [(child, outer if child is first else inner) for child in ast.iter_child_nodes(node)]
        if isinstance(node, COMPREHENSIONS):
            inner = place.within(loop=True)
            first = node.generators[0].iter
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            for generator in node.generators:
                parts += [generator.target, *generator.ifs, *([] if generator.iter is first else [generator.iter])]
            return [(first, place), *((part, inner) for part in parts)]
        if isinstance(node, BRANCHES):
            inner = place.within(conditional=True)
            return [(child, inner) for child in ast.iter_child_nodes(node)]
        if isinstance(node, (ast.Yield, ast.YieldFrom)) and place.function is not None:
            place.function["isGenerator"] = True
        if isinstance(node, ast.Raise):
            for record in place.handlers:
                record["raises"] = True
        return [(child, place) for child in ast.iter_child_nodes(node)]

    def bind(self, node, place):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if isinstance(node, ast.Import):
                    name = alias.asname or alias.name.split(".")[0]
                    path = alias.name if alias.asname else name
                else:
                    name = alias.asname or alias.name
                    module = "." * node.level + (node.module or "")
                    path = f"{module}{'' if module.endswith('.') else '.'}{alias.name}"
                self.bound[(place.scope, name)] = path
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            self.bound.setdefault((place.scope, node.name), None)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            key = (place.scope, node.targets[0].id)
            is_alias = isinstance(node.value, (ast.Name, ast.Attribute)) and key not in self.bound
            self.bound.setdefault(key, node.value if is_alias else None)
            if not is_alias and isinstance(self.bound[key], ast.AST):
                self.bound[key] = None
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            # The target of an assignment above is seen here again.
            self.bound.setdefault((place.scope, node.id), None)

    def resolve(self, name, scope, steps=ALIAS_STEPS):
        """The dotted path that a name stands for; '.name' for one of the module's own."""
        while True:
            if (scope, name) in self.bound:
                found = self.bound[(scope, name)]
                if isinstance(found, str):
                    return found
                if found is not None and steps > 0:
                    chain = chain_of(found)
                    if chain is not None and chain[0] != name:
                        return self.resolved_chain(chain, scope, steps - 1)
                return f".{name}"
            if not scope:
                return name
            scope = scope.rpartition(".")[0]

    def resolved_chain(self, chain, scope, steps=ALIAS_STEPS):
        first = chain[0] if chain[0] in ("?", "''") else self.resolve(chain[0], scope, steps)
        path = first + "".join(chain[1:])
        for prefix in ("builtins.", "__builtins__."):
            if path.startswith(prefix):
                return path[len(prefix) :]
        return path

    def names(self, node, scope):
        chain = chain_of(node) or ["?"]
        return "".join(chain), self.resolved_chain(chain, scope)

    def add(self, key, node, record):
        self.answer[key].append(((node.lineno, node.col_offset, len(self.answer[key])), record))

    def describe(self, node, place):
        scope = place.scope
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                is_from = isinstance(node, ast.ImportFrom)
                self.add(
                    "imports",
                    node,
                    {
                        "module": "." * node.level + (node.module or "") if is_from else alias.name,
                        "name": alias.name if is_from else None,
                        "as": alias.asname or (alias.name if is_from else alias.name.split(".")[0]),
                        "line": node.lineno,
                        "scope": scope,
                    },
                )
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            path = f"{scope}.{node.name}" if scope else node.name
            record = {
                "name": node.name,
                "path": path,
                "line": node.lineno,
                "endLine": node.end_lineno,
                "decorators": [self.expression(decorator, scope) for decorator in node.decorator_list[:MAX_ITEMS]],
            }
            if isinstance(node, ast.ClassDef):
                record["bases"] = [self.names(base, scope)[1] for base in node.bases[:MAX_ITEMS]]
                self.add("classes", node, record)
            else:
                record["isAsync"] = isinstance(node, ast.AsyncFunctionDef)
                record["isGenerator"] = node.assay_record["isGenerator"]
                record["parameters"] = self.parameters(node.args, scope)
                self.add("functions", node, record)
        elif isinstance(node, ast.Call):
            callee, target = self.names(node.func, scope)
            self.add(
                "calls",
                node,
                {
                    "callee": callee,
                    "target": target,
                    "line": node.lineno,
                    "endLine": node.end_lineno,
                    "scope": scope,
                    "arguments": [self.expression(argument, scope) for argument in node.args[:MAX_ITEMS]],
                    "keywords": self.keywords(node, scope),
                    "isStatement": id(node) in self.statements,
                    "isContext": id(node) in self.contexts,
                    "inLoop": place.loop,
                },
            )
        elif isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [] if node.type is None else [node.type]
            self.add(
                "handlers",
                node,
                {
                    "line": node.lineno,
                    "endLine": node.end_lineno,
                    "scope": scope,
                    "types": [self.names(kind, scope)[1] for kind in kinds[:MAX_ITEMS]],
                    "isSilent": all(is_nothing(statement) for statement in node.body),
                    "raises": node.assay_record["raises"],
                },
            )
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self.assignment(node, target, "=", node.value, place)
        elif isinstance(node, ast.AugAssign):
            self.assignment(node, node.target, f"{operator_of(node.op)}=", node.value, place)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            self.assignment(node, node.target, "=", node.value, place)

    def assignment(self, node, target, operator, value, place):
        if isinstance(target, (ast.Tuple, ast.List)):
            values = value.elts if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts) else None
            for index, part in enumerate(target.elts[:MAX_ITEMS]):
                self.assignment(node, part, operator, values[index] if values else None, place)
            return
        chain = chain_of(target)
        if chain is None:
            return
        self.add(
            "assignments",
            node,
            {
                "target": "".join(chain),
                "operator": operator,
                "value": self.expression(value, place.scope) if value else {"kind": "other", "node": "Unpacked", "line": node.lineno},
                "line": node.lineno,
                "endLine": node.end_lineno,
                "scope": place.scope,
                "isConditional": place.conditional,
            },
        )

    def parameters(self, args, scope):
        positional = [*args.posonlyargs, *args.args]
        defaults = [None] * (len(positional) - len(args.defaults)) + args.defaults
        found = [
            (argument, "positional-only" if argument in args.posonlyargs else "ordinary", default)
            for argument, default in zip(positional, defaults)
        ]
        if args.vararg:
            found.append((args.vararg, "rest", None))
        found += [(argument, "keyword-only", default) for argument, default in zip(args.kwonlyargs, args.kw_defaults)]
        if args.kwarg:
            found.append((args.kwarg, "keywords", None))
        return [
            {"name": argument.arg, "kind": kind, "default": None if default is None else self.expression(default, scope)}
            for argument, kind, default in found[:MAX_ITEMS]
        ]

    def keywords(self, node, scope, depth=0):
        return [{"name": k.arg, "value": self.expression(k.value, scope, depth)} for k in node.keywords[:MAX_ITEMS]]

    def expression(self, node, scope, depth=0):
        line = node.lineno
        name = type(node).__name__
        if depth > MAX_DEPTH:
            return {"kind": "other", "node": name, "line": line}
        deeper = depth + 1
        many = lambda nodes: [self.expression(item, scope, deeper) for item in nodes[:MAX_ITEMS]]
        if isinstance(node, ast.Constant):
            return constant(node.value, line)
        if isinstance(node, (ast.Name, ast.Attribute)):
            written, target = self.names(node, scope)
            return {"kind": "name", "name": written, "target": target, "line": line}
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return {"kind": name.lower(), "items": many(node.elts), "line": line}
        if isinstance(node, ast.Dict):
            pairs = list(zip(node.keys, node.values))[:MAX_ITEMS]
            entries = [
                {"key": None if key is None else self.expression(key, scope, deeper), "value": self.expression(value, scope, deeper)}
                for key, value in pairs
            ]
            return {"kind": "dict", "entries": entries, "line": line}
        if isinstance(node, ast.Call):
            callee, target = self.names(node.func, scope)
            return {
                "kind": "call",
                "callee": callee,
                "target": target,
                "arguments": many(node.args),
                "keywords": self.keywords(node, scope, deeper),
                "line": line,
            }
        if isinstance(node, ast.Subscript):
            value, index = many([node.value, node.slice])
            return {"kind": "subscript", "value": value, "index": index, "line": line}
        if isinstance(node, ast.UnaryOp):
            operand = self.expression(node.operand, scope, deeper)
            if isinstance(node.op, ast.USub) and operand["kind"] == "number":
                return {**operand, "value": -operand["value"]}
            return {"kind": "operation", "operator": operator_of(node.op), "operands": [operand], "line": line}
        if isinstance(node, ast.BinOp):
            return {"kind": "operation", "operator": operator_of(node.op), "operands": many([node.left, node.right]), "line": line}
        if isinstance(node, ast.BoolOp):
            return {"kind": "operation", "operator": operator_of(node.op), "operands": many(node.values), "line": line}
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            operands = many([node.left, *node.comparators])
            return {"kind": "operation", "operator": operator_of(node.ops[0]), "operands": operands, "line": line}
        if isinstance(node, ast.IfExp):
            return {"kind": "operation", "operator": "if", "operands": many([node.test, node.body, node.orelse]), "line": line}
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
            return {"kind": "format", "parts": many(parts), "line": line}
        return {"kind": "other", "node": name, "line": line}


def constant(value, line):
    if value is None:
        return {"kind": "none", "line": line}
    if isinstance(value, bool):
        return {"kind": "boolean", "value": value, "line": line}
    if isinstance(value, str):
        return {"kind": "text", "value": value[:MAX_TEXT], "line": line}
    if isinstance(value, bytes):
        return {"kind": "bytes", "length": len(value), "line": line}
    is_plain = isinstance(value, (int, float)) and -MAX_INTEGER <= value <= MAX_INTEGER
    return {"kind": "number", "value": value, "line": line} if is_plain else {"kind": "other", "node": "Constant", "line": line}


def chain_of(node):
    """['Book', '.objects', '.filter', '()'] of a dotted name with calls and subscripts in it; None for a longer one."""
    parts = []
    while len(parts) < MAX_CHAIN:
        if isinstance(node, ast.Attribute):
            parts.append(f".{node.attr}")
            node = node.value
        elif isinstance(node, ast.Call):
            parts.append("()")
            node = node.func
        elif isinstance(node, ast.Subscript):
            parts.append("[]")
            node = node.value
        elif isinstance(node, ast.Name):
            return [node.id, *reversed(parts)]
        else:
            is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
            return ["''" if is_text else "?", *reversed(parts)]
    return None


def arguments_of(args):
    rest = [argument for argument in (args.vararg, args.kwarg) if argument is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]


def is_nothing(statement):
    if isinstance(statement, (ast.Pass, ast.Continue)):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def problem(file, kind, message, line=1):
    return {**Reader(file).answer, "problem": {"kind": kind, "message": message[:300], "line": max(line or 1, 1)}}


def read_bytes(folder, file):
    descriptor = os.open(os.path.join(folder, file), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise OSError("no regular file")
        if info.st_size > MAX_FILE_BYTES:
            raise TooLarge
        return os.read(descriptor, MAX_FILE_BYTES)
    finally:
        os.close(descriptor)


def module_of(folder, file):
    try:
        answer = Reader(file).read(ast.parse(read_bytes(folder, file), filename="file"))
        text = json.dumps(answer)
        if len(text) > MAX_ANSWER_BYTES:
            raise TooLarge
        return text
    except TooLarge:
        found = problem(file, "too-large", "more code than a file that a person wrote has")
    except (RecursionError, MemoryError):
        found = problem(file, "too-deep", "nested more deeply than Python's parser goes")
    except SyntaxError as error:
        kind = "too-deep" if "too many nested parentheses" in str(error) else "syntax"
        found = problem(file, kind, f"no Python that this version reads: {error.msg}", error.lineno)
    except (ValueError, LookupError) as error:
        found = problem(file, "syntax", f"no Python that this version reads: {error}")
    except OSError as error:
        found = problem(file, "not-analysed", f"cannot be opened: {error.strerror}")
    return json.dumps(found)


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Invalid escapes in strings are nobody's business here.
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    request = json.load(sys.stdin)
    for file in request["paths"]:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_PER_FILE)
        print(module_of(request["folder"], file), flush=True)


main()
