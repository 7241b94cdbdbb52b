"""Which expressions of a function hold what came with a request, as far as assignments in the same function tell."""

import ast

REQUEST_PARTS = {"GET", "POST", "data", "query_params", "body", "COOKIES", "FILES", "META", "headers", "REQUEST"}
#: Parts that a link or form of somebody else fills.
ADDRESS_PARTS = {"GET", "POST", "data", "query_params", "REQUEST"}
#: What turns any text into one that cannot do harm, whatever it is put into.
NEUTRAL = {"int", "float", "bool", "len", "UUID", "uuid.UUID", "hash", "isinstance", "any", "all", "hasattr"}
NEUTRAL_METHODS = {"isdigit", "is_valid", "exists", "count", "startswith", "endswith", "hexdigest", "digest", "urlencode"}
#: Objects that are looked up by an input are not the input.
LOOKUPS = {"get_object_or_404", "get_list_or_404", "authenticate", "reverse", "resolve", "resolve_url", "getattr"}
LOOKUP_ATTRIBUTES = {"objects", "_meta", "user", "cleaned_data", "validated_data"}


class Taint:
    def __init__(self, function, names):
        self.names = names
        self.parameters = {argument.arg for argument in _arguments(function)}
        self.tainted = set()
        #: Names that hold an address of the request from its first letter on.
        self.whole = set()
        #: Two rounds: a loop may carry a name back.
        for _ in range(2):
            for node in own_nodes(function):
                self._learn(node)

    def _learn(self, node):
        if isinstance(node, ast.Assign):
            if self.holds(node.value):
                for target in node.targets:
                    self._mark(target)
            if self.is_whole(node.value):
                self.whole.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            if node.value is not None and self.holds(node.value):
                self._mark(node.target)
        elif isinstance(node, (ast.For, ast.comprehension)):
            if self.holds(node.iter):
                self._mark(node.target)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            if self.holds(node.context_expr):
                self._mark(node.optional_vars)

    def _mark(self, target):
        if isinstance(target, ast.Name):
            self.tainted.add(target.id)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self._mark(element)

    def is_source(self, node):
        """`request.GET`, `self.request.data`, `info.context.body`."""
        if not (isinstance(node, ast.Attribute) and node.attr in REQUEST_PARTS):
            return False
        owner = node.value
        return (isinstance(owner, ast.Name) and owner.id in ("request", "req")) or (
            isinstance(owner, ast.Attribute) and owner.attr == "request" and isinstance(owner.value, ast.Name) and owner.value.id == "self"
        )

    def is_whole(self, node):
        """Whether nothing fixed stands before the text of the request, so that it decides where an address leads."""
        if isinstance(node, ast.Name):
            return node.id in self.whole
        if isinstance(node, ast.Subscript):
            return self.is_source(node.value) and node.value.attr in ADDRESS_PARTS
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "get" and self.is_source(node.func.value):
                return node.func.value.attr in ADDRESS_PARTS
            return node.func.attr in ("strip", "lstrip", "rstrip") and self.is_whole(node.func.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in ("str", "unquote") and any(self.is_whole(argument) for argument in node.args)
        if isinstance(node, ast.BoolOp):
            return any(self.is_whole(value) for value in node.values)
        if isinstance(node, ast.IfExp):
            return self.is_whole(node.body) or self.is_whole(node.orelse)
        if isinstance(node, ast.JoinedStr):
            return bool(node.values) and isinstance(node.values[0], ast.FormattedValue) and self.is_whole(node.values[0].value)
        return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and self.is_whole(node.left)

    def holds(self, node):
        """Whether the value of an expression contains text of the request."""
        if isinstance(node, ast.Name):
            return node.id in self.tainted
        if isinstance(node, ast.Attribute):
            return self.is_source(node) or (node.attr not in LOOKUP_ATTRIBUTES and self._is_part(node))
        if isinstance(node, ast.Subscript):
            return self.holds(node.value)
        if isinstance(node, ast.Call):
            return self._call_holds(node)
        if isinstance(node, ast.IfExp):
            return self.holds(node.body) or self.holds(node.orelse)
        if isinstance(node, (ast.Compare, ast.Constant, ast.Lambda)):
            return False
        if isinstance(node, ast.UnaryOp):
            return not isinstance(node.op, ast.Not) and self.holds(node.operand)
        if isinstance(node, ast.Dict):
            return any(self.holds(value) for value in node.values)
        return any(self.holds(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))

    def _is_part(self, node):
        """`file.name` of something tainted; attributes of other objects are theirs."""
        return self.holds(node.value) and node.attr in ("name", "text", "content", "body", "path", "file", "value")

    def _call_holds(self, node):
        name = self.names.dotted(node.func)
        if name.rsplit(".", 1)[-1] in NEUTRAL | LOOKUPS or name in NEUTRAL:
            return False
        if isinstance(node.func, ast.Attribute):
            if node.func.attr in NEUTRAL_METHODS or _goes_through(node.func, LOOKUP_ATTRIBUTES):
                return False
            if self.holds(node.func.value):
                return True
            if node.func.attr not in ("format", "join", "decode", "encode", "replace", "strip", "loads", "load", "b64decode", "unquote"):
                return False
        elif isinstance(node.func, ast.Name) and node.func.id not in PASSING:
            return False
        return any(self.holds(argument) for argument in node.args) or any(self.holds(keyword.value) for keyword in node.keywords)


#: Functions whose result is made of their arguments.
PASSING = {"str", "bytes", "list", "tuple", "dict", "set", "sorted", "reversed", "unquote", "b64decode", "repr", "open", "BytesIO", "StringIO", "next", "iter"}


def _goes_through(node, attributes):
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            if node.attr in attributes:
                return True
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            node = node.value
    return False


def _arguments(function):
    if not hasattr(function, "args"):
        return []
    arguments = function.args
    extra = [part for part in (arguments.vararg, arguments.kwarg) if part]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def own_nodes(function):
    """All nodes of a function but those of functions and classes inside, in the order of the text."""
    body = function.body if isinstance(function.body, list) else [function.body]
    stack = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        stack.extend(reversed(list(ast.iter_child_nodes(node))))
