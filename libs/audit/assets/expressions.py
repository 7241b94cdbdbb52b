"""Evaluates expressions of settings to values. Nothing of the project is run."""

import ast

from known_calls import ENV_MAPPINGS, call, call_env_reader, environment_text
from operations import attribute, binary, call_method, compare, conditional, merge_maps, subscript, take_slice
from values import (
    MAX_ITEMS,
    MAX_TEXT,
    NONE,
    Bound,
    Choice,
    Const,
    EnvReader,
    Function,
    Map,
    NotFoldable,
    Ref,
    Seq,
    Sym,
    Unknown,
    Unset,
    choice,
    lift,
    plain,
    truth,
    wrap,
)

BUILTINS = (
    "bool int float str len any all min max sorted list tuple set frozenset dict print getattr hasattr isinstance range zip enumerate "
    "map filter open globals locals vars type super property staticmethod classmethod reversed sum abs round repr exec eval __import__"
).split()
UNARY = {"Not": None, "USub": lambda value: -value, "UAdd": lambda value: +value, "Invert": lambda value: ~value}


class Expressions:
    """Expressions in one scope. `interpreter` runs functions and loads modules."""

    def __init__(self, interpreter, scope):
        self.interpreter = interpreter
        self.scope = scope

    def evaluate(self, node):
        self.interpreter.spend()
        method = getattr(self, "on_" + type(node).__name__, None)
        if method is None:
            return Unknown(f"{type(node).__name__} is not evaluated")
        return method(node)

    def all(self, nodes):
        return [self.evaluate(node) for node in nodes]

    def on_Constant(self, node):
        if isinstance(node.value, (str, bytes)) and len(node.value) > MAX_TEXT:
            return Unknown("very long text")
        if isinstance(node.value, complex) or node.value is Ellipsis:
            return Unknown("not evaluated")
        return Const(node.value)

    def on_Name(self, node):
        value = self.scope.read(node.id)
        if isinstance(value, Unset):
            if node.id in BUILTINS:
                return Ref(node.id)
            return Unknown(f"{node.id} is not defined here")
        if node.id == "DEBUG" and not isinstance(value, Const) and self.interpreter.assume_production:
            # What hangs on DEBUG is judged as it is when DEBUG is off, where that can be.
            return Const(False)
        return value

    def on_Attribute(self, node):
        return attribute(self.evaluate(node.value), node.attr)

    def on_Subscript(self, node):
        container = self.evaluate(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [self.evaluate(part) if part else NONE for part in (node.slice.lower, node.slice.upper, node.slice.step)]
            return take_slice(container, *bounds)
        key = self.evaluate(node.slice)
        if isinstance(container, Ref) and container.path in ENV_MAPPINGS:
            if isinstance(key, Const) and isinstance(key.value, str):
                return environment_text(key.value, required=True)
            return Unknown("an environment variable whose name is not known")
        if isinstance(container, Ref) and container.path == "globals()":
            return self.scope.globals().read(key.value) if isinstance(key, Const) else Unknown("a name that is not known")
        return subscript(container, key)

    def _items(self, node):
        items, is_open = [], False
        for element in node.elts:
            if isinstance(element, ast.Starred):
                inner = self.evaluate(element.value)
                if isinstance(inner, Seq):
                    items += inner.items
                    is_open = is_open or inner.open
                else:
                    is_open = True
            else:
                items.append(self.evaluate(element))
            if len(items) > MAX_ITEMS:
                return items[:MAX_ITEMS], True
        return items, is_open

    def on_List(self, node):
        return self._sequence(node, "list")

    def on_Tuple(self, node):
        return self._sequence(node, "tuple")

    def on_Set(self, node):
        return self._sequence(node, "set")

    def _sequence(self, node, kind):
        items, is_open = self._items(node)
        return Seq(items, kind, is_open)

    def on_Dict(self, node):
        result = Map([])
        for key_node, value_node in zip(node.keys, node.values):
            value = self.evaluate(value_node)
            if key_node is None:
                result = merge_maps(result, value) if isinstance(value, Map) else Map(result.entries, True)
                continue
            key = self.evaluate(key_node)
            if isinstance(key, Const):
                result = merge_maps(result, Map([(key.value, value)]))
            else:
                result = Map(result.entries, True)
        return result

    def on_BinOp(self, node):
        return binary(type(node.op).__name__, self.evaluate(node.left), self.evaluate(node.right))

    def on_UnaryOp(self, node):
        operand = self.evaluate(node.operand)
        name = type(node.op).__name__

        def operation(value):
            if name == "Not":
                decided = truth(value)
                if decided is None:
                    raise NotFoldable("not known")
                return Const(not decided)
            return wrap(UNARY[name](plain(value)))

        return lift(operation, operand)

    def on_BoolOp(self, node):
        result = self.evaluate(node.values[-1])
        for operand_node in reversed(node.values[:-1]):
            operand = self.evaluate(operand_node)
            result = conditional(operand, result, operand) if isinstance(node.op, ast.And) else conditional(operand, operand, result)
        return result

    def on_Compare(self, node):
        left = self.evaluate(node.left)
        result = None
        for operator, right_node in zip(node.ops, node.comparators):
            right = self.evaluate(right_node)
            part = self._compare(type(operator).__name__, left, right)
            result = part if result is None else conditional(result, part, Const(False))
            left = right
        return result

    def _compare(self, name, left, right):
        if name in ("In", "NotIn") and isinstance(right, Ref) and right.path in ENV_MAPPINGS and isinstance(left, Const):
            wanted, variable = name == "In", left.value
            return Sym({variable}, lambda environment: Const((variable in environment) == wanted))
        self.interpreter.remember_comparison(left, right)
        return compare(name, left, right)

    def on_IfExp(self, node):
        return conditional(self.evaluate(node.test), self.evaluate(node.body), self.evaluate(node.orelse))

    def on_NamedExpr(self, node):
        value = self.evaluate(node.value)
        self.scope.bind(node.target.id, value, node.lineno)
        return value

    def on_JoinedStr(self, node):
        parts = [self.evaluate(part) for part in node.values]
        return lift(lambda *texts: wrap("".join(str(plain(text)) for text in texts)), *parts)

    def on_FormattedValue(self, node):
        value = self.evaluate(node.value)
        if node.format_spec is not None:
            return Unknown("a format")
        return lift(lambda inner: wrap(str(plain(inner))), value)

    def on_Lambda(self, node):
        return Function(node, self.scope, self.scope.file)

    def on_ListComp(self, node):
        return self._comprehension(node, "list")

    def on_GeneratorExp(self, node):
        return self._comprehension(node, "list")

    def on_SetComp(self, node):
        return self._comprehension(node, "set")

    def _comprehension(self, node, kind):
        if len(node.generators) != 1 or not isinstance(node.generators[0].target, ast.Name):
            return Seq([], kind, True)
        generator = node.generators[0]

        def operation(source):
            if not isinstance(source, Seq) or len(source.items) > 200:
                raise NotFoldable("not known")
            items, is_open = [], source.open
            inner = Expressions(self.interpreter, self.scope.child())
            for item in source.items:
                inner.scope.bind(generator.target.id, item, node.lineno)
                decided = [truth(value) if not isinstance(value, (Sym, Choice)) else None for value in inner.all(generator.ifs)]
                if None in decided:
                    is_open = True
                elif all(decided):
                    items.append(inner.evaluate(node.elt))
            return Seq(items, kind, is_open)

        result = lift(operation, self.evaluate(generator.iter))
        return Seq([], kind, True) if isinstance(result, Unknown) else result

    def on_DictComp(self, _node):
        return Map([], True)

    def on_Await(self, _node):
        return Unknown("not evaluated")

    def on_Call(self, node):
        target = self.evaluate(node.func)
        arguments = [self.evaluate(argument) for argument in node.args if not isinstance(argument, ast.Starred)]
        if any(isinstance(argument, ast.Starred) for argument in node.args) or any(keyword.arg is None for keyword in node.keywords):
            starred = [self.evaluate(argument.value) for argument in node.args if isinstance(argument, ast.Starred)]
            if isinstance(target, Ref) and target.path == "os.path.join" and all(isinstance(value, Seq) for value in starred):
                arguments += [item for value in starred for item in value.items]
            else:
                return Unknown("a call with arguments that are not known")
        keywords = {keyword.arg: self.evaluate(keyword.value) for keyword in node.keywords}
        return self.call(target, arguments, keywords, node)

    def call(self, target, arguments, keywords, node):
        if isinstance(target, Function):
            return self.interpreter.call_function(target, arguments, keywords)
        if isinstance(target, EnvReader):
            return call_env_reader(target, "__call__", arguments, keywords)
        if isinstance(target, Bound):
            return self._call_bound(target, arguments, keywords)
        if isinstance(target, Ref):
            return self._call_ref(target.path, arguments, keywords)
        if isinstance(target, Choice):
            return choice([self.call(option, arguments, keywords, node) for option in target.options])
        return target if isinstance(target, Unknown) else Unknown("a call that is not evaluated")

    def _call_bound(self, bound, arguments, keywords):
        if isinstance(bound.target, EnvReader):
            return call_env_reader(bound.target, bound.name, arguments, keywords)
        if bound.name in ("exists", "is_file", "is_dir"):
            return call("os.path.exists", [bound.target], {}, self.interpreter.project.exists)
        return call_method(bound, arguments, keywords)

    def _call_ref(self, path, arguments, keywords):
        if path in ("globals", "locals", "vars"):
            return Ref("globals()")
        if path == "getattr" and len(arguments) >= 2 and isinstance(arguments[1], Const):
            value = attribute(arguments[0], str(arguments[1].value))
            if isinstance(value, Unset):
                return arguments[2] if len(arguments) > 2 else Unknown("not defined")
            if isinstance(value, (Ref, Unknown, Bound)):
                return choice([*arguments[2:3], Unknown("an attribute that is not known")])
            return value
        if path == "globals().get" and arguments and isinstance(arguments[0], Const):
            value = self.scope.globals().read(arguments[0].value)
            return (arguments[1] if len(arguments) > 1 else NONE) if isinstance(value, Unset) else value
        if path == "print":
            return NONE
        return call(path, arguments, keywords, self.interpreter.project.exists)

