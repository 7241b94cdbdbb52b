"""Runs the statements of settings modules on values: branches both ways, loops a bounded number of times, imports between modules."""

import ast

from control_flow import ControlFlow
from expressions import Expressions
from import_statements import ImportStatements
from operations import CHANGING, changed, conditional, with_item
from scope import Scope
from values import NONE, Choice, Const, Function, Map, Namespace, Ref, Seq, Sym, Unknown

MAX_STEPS = 400_000
MAX_CALLS = 8
#: What is said to set the usual names for Heroku, and the names.
HEROKU = {"django_heroku.settings", "django_on_heroku.settings"}
HEROKU_NAMES = ("ALLOWED_HOSTS", "DATABASES", "LOGGING", "MIDDLEWARE", "SECRET_KEY", "STATIC_ROOT", "STATIC_URL", "STATICFILES_STORAGE")


class TooMuch(Exception):
    """More steps than settings need."""


class Interpreter:
    def __init__(self, project, assume_production=True):
        self.project = project
        self.assume_production = assume_production
        self.steps = 0
        self.depth = 0
        self.loading = {}
        self.compared = {}
        self.refused = []

    def spend(self):
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooMuch()

    def remember_comparison(self, left, right):
        """Texts that a variable is compared with are worth trying as its value."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Sym):
                texts = [item.value for item in (other.items if isinstance(other, Seq) else [other]) if isinstance(item, Const)]
                for name in one.names:
                    self.compared.setdefault(name, set()).update(text for text in texts if isinstance(text, str))

    def load(self, file):
        """The scope of a module of the project after all its statements; one that is being loaded is seen as far as it came."""
        if file in self.loading:
            return self.loading[file]
        scope = Scope(file)
        self.loading[file] = scope
        tree = self.project.parse(file)
        if tree is None:
            scope.open = f"{file} could not be read"
            return scope
        scope.bind("__file__", Const(f"/project/{file}"), 1)
        scope.bind("__name__", Const(self.project.module_name(file)), 1)
        Statements(self, scope).run(tree.body)
        return scope

    def call_function(self, function, arguments, keywords):
        if self.depth >= MAX_CALLS:
            return Unknown("calls that are nested too deeply")
        node = function.node
        scope = Scope(function.file, function.scope)
        names = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
        inner = Expressions(self, function.scope)
        for name, default in zip(names[len(names) - len(node.args.defaults) :], node.args.defaults):
            scope.bind(name, inner.evaluate(default), node.lineno)
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults):
            if default is not None:
                scope.bind(argument.arg, inner.evaluate(default), node.lineno)
        for name, value in [*zip(names, arguments), *keywords.items()]:
            scope.bind(name, value, node.lineno)
        if node.args.vararg:
            scope.bind(node.args.vararg.arg, Seq(list(arguments[len(names) :]), "tuple"), node.lineno)
        if node.args.kwarg:
            scope.bind(node.args.kwarg.arg, Map([], True), node.lineno)
        self.depth += 1
        try:
            if isinstance(node, ast.Lambda):
                return Expressions(self, scope).evaluate(node.body)
            if node.decorator_list or any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in ast.walk(node)):
                return Unknown(f"result of {node.name}()")
            statements = Statements(self, scope)
            ended = statements.run(node.body)
            return statements.returned(NONE if not ended else None)
        finally:
            self.depth -= 1


class Statements(ControlFlow, ImportStatements):
    """The statements of one module, class or function."""

    def __init__(self, interpreter, scope, returns=None):
        self.interpreter = interpreter
        self.scope = scope
        self.expressions = Expressions(interpreter, scope)
        #: What `return` gave so far, with the conditions under which it was reached.
        self.returns = [] if returns is None else returns
        self.conditions = []
        self.missing_import = False

    def returned(self, otherwise):
        result = otherwise
        for conditions, value in reversed(self.returns):
            if result is None:
                result = value
                continue
            for condition, wanted in reversed(conditions):
                value = conditional(condition, value, result) if wanted else conditional(condition, result, value)
            result = value
        return Unknown("raises") if result is None else result

    def run(self, body):
        """How the body ends before its end (`raise`, `return`, `break`, `continue`), or None."""
        for statement in body:
            self.interpreter.spend()
            ended = self._run_one(statement)
            if ended:
                return ended
        return None

    def _run_one(self, node):
        method = getattr(self, "on_" + type(node).__name__, None)
        if method is not None:
            return method(node)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                self.scope.bind(inner.id, Unknown(f"{type(node).__name__} is not evaluated"), node.lineno)
        return None

    def on_Pass(self, _node):
        return None

    def on_Assign(self, node):
        value = self.expressions.evaluate(node.value)
        for target in node.targets:
            self.assign(target, value, node.lineno)

    def on_AnnAssign(self, node):
        if node.value is not None:
            self.assign(node.target, self.expressions.evaluate(node.value), node.lineno)

    def on_AugAssign(self, node):
        synthetic = ast.BinOp(left=_as_load(node.target), op=node.op, right=node.value)
        value = self.expressions.evaluate(ast.copy_location(synthetic, node))
        self.assign(node.target, value, node.lineno)

    def assign(self, target, value, line):
        if isinstance(target, ast.Name):
            self.scope.bind(target.id, value, line)
        elif isinstance(target, (ast.Tuple, ast.List)):
            known = isinstance(value, Seq) and not value.open and len(value.items) == len(target.elts)
            for index, element in enumerate(target.elts):
                self.assign(element, value.items[index] if known else Unknown("part of a value that is not known"), line)
        elif isinstance(target, ast.Subscript):
            container = self.expressions.evaluate(target.value)
            key = Unknown("a slice") if isinstance(target.slice, ast.Slice) else self.expressions.evaluate(target.slice)
            if isinstance(container, Ref):
                if container.path == "globals()":
                    if isinstance(key, Const) and isinstance(key.value, str):
                        self.scope.globals().bind(key.value, value, line)
                    else:
                        self.scope.globals().opened("names that are assigned through globals()")
                return
            if isinstance(target.slice, ast.Slice):
                self.assign(target.value, Seq(container.items if isinstance(container, Seq) else [], "list", True), line)
            else:
                self.assign(target.value, with_item(container, key, value), line)
        elif isinstance(target, ast.Attribute):
            owner = self.expressions.evaluate(target.value)
            if isinstance(owner, Namespace):
                owner.scope.bind(target.attr, value, line, self.scope.file)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, Seq([], "list", True), line)

    def on_Delete(self, node):
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scope.names.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                container = self.expressions.evaluate(target.value)
                key = self.expressions.evaluate(target.slice) if not isinstance(target.slice, ast.Slice) else None
                if isinstance(container, Map) and isinstance(key, Const):
                    self.assign(target.value, Map([e for e in container.entries if e[0] != key.value], container.open), node.lineno)

    def on_Expr(self, node):
        call = node.value
        if not isinstance(call, ast.Call):
            self.expressions.evaluate(call)
            return None
        if isinstance(call.func, ast.Attribute) and call.func.attr in CHANGING:
            target = self.expressions.evaluate(call.func.value)
            if isinstance(target, Ref) and target.path == "globals()" and call.func.attr == "update":
                self._update_globals(call)
                return None
            if isinstance(target, (Seq, Map, Sym, Choice)):
                arguments = [self.expressions.evaluate(argument) for argument in call.args]
                keywords = {keyword.arg: self.expressions.evaluate(keyword.value) for keyword in call.keywords if keyword.arg}
                self.assign(call.func.value, changed(target, call.func.attr, arguments, keywords), node.lineno)
                return None
        target = self.expressions.evaluate(call.func)
        if isinstance(target, Ref) and target.path in ("split_settings.tools.include", "include"):
            self._include(call)
            return None
        if isinstance(target, Ref) and target.path in ("sys.exit", "exit", "quit"):
            return "raise"
        result = self.expressions.evaluate(call)
        if isinstance(target, Ref) and target.path in HEROKU:
            self._set_by_heroku(node)
        elif self._hands_over_globals(call) and isinstance(result, Unknown) and not _is_harmless(target):
            self.scope.globals().opened("a call that is given the names of the module may set any of them")
        elif isinstance(target, Ref) and target.path in ("exec", "execfile"):
            self.scope.globals().opened("a call that runs other code")
        return None

    def _set_by_heroku(self, node):
        for name in HEROKU_NAMES:
            self.scope.bind(name, Unknown("set by django-heroku"), node.lineno)

    def _hands_over_globals(self, call):
        for inner in ast.walk(call):
            if isinstance(inner, ast.Name) and inner.id == "__name__":
                return True
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in ("globals", "locals", "vars"):
                return True
        return False

    def _update_globals(self, call):
        for argument in call.args:
            value = self.expressions.evaluate(argument)
            if isinstance(value, Map) and not value.open:
                for key, item in value.entries:
                    self.scope.globals().bind(str(key), item, call.lineno)
            else:
                self.scope.globals().opened("names that are set through globals()")
        for keyword in call.keywords:
            if keyword.arg:
                self.scope.globals().bind(keyword.arg, self.expressions.evaluate(keyword.value), call.lineno)

    def on_FunctionDef(self, node):
        self.scope.bind(node.name, Function(node, self.scope, self.scope.file), node.lineno)

    def on_AsyncFunctionDef(self, node):
        self.scope.bind(node.name, Unknown("a coroutine"), node.lineno)

    def on_ClassDef(self, node):
        inner = self.scope.child()
        for base in node.bases:
            value = self.expressions.evaluate(base)
            if isinstance(value, Namespace):
                inner.names.update(value.scope.names)
        Statements(self.interpreter, inner).run(node.body)
        inner.open = inner.open or "a class may get more names from what it is derived from"
        self.scope.bind(node.name, Namespace(inner, node.name), node.lineno)

    def on_Return(self, node):
        value = self.expressions.evaluate(node.value) if node.value else NONE
        self.returns.append((list(self.conditions), value))
        return "return"

    def on_Raise(self, _node):
        return "raise"

    def on_Assert(self, _node):
        return None

    def on_With(self, node):
        for item in node.items:
            if item.optional_vars is not None:
                self.assign(item.optional_vars, Unknown("what a with statement gives"), node.lineno)
        return self.run(node.body)

    def on_Global(self, _node):
        return None


def _is_harmless(target):
    return isinstance(target, Ref) and target.path.split(".")[0] in ("logging", "warnings", "structlog", "mimetypes")


def _as_load(node):
    if isinstance(node, ast.Name):
        return ast.copy_location(ast.Name(id=node.id, ctx=ast.Load()), node)
    return node

