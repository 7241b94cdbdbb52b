"""Names of a module resolved through its imports, so that `from pickle import loads as l` is seen as `pickle.loads`."""

import ast


def imports_of(tree, package):
    """`{local name: dotted name}` of all imports in a module; names of the module itself are not in it."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    found[alias.asname] = alias.name
                else:
                    found[alias.name.split(".")[0]] = alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".") if package else []
                parts = parts[: len(parts) - (node.level - 1)] if node.level > 1 else parts
                base = ".".join([*parts, *([base] if base else [])])
            for alias in node.names:
                found[alias.asname or alias.name] = f"{base}.{alias.name}" if base else alias.name
    return found


def defined_in(tree):
    """Names that the module binds at its top in another way than by import."""
    names = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return names


class Names:
    def __init__(self, tree, package):
        self.imports = imports_of(tree, package)
        self.own = defined_in(tree)
        #: Set by rules that ask what the module is about.
        self.is_about_hashing = False

    def dotted(self, node):
        """`pickle.loads` for an expression that is a dotted name, '' for another; calls in it as `()`."""
        parts = []
        while True:
            if isinstance(node, ast.Attribute):
                parts.append(node.attr)
                node = node.value
            elif isinstance(node, ast.Call):
                parts.append("()")
                node = node.func
            elif isinstance(node, ast.Name):
                first = self.imports.get(node.id)
                if first is None:
                    first = f".{node.id}" if node.id in self.own else node.id
                return ".".join([first, *reversed(parts)]).replace(".()", "()")
            else:
                return ""


def last_name(dotted):
    return dotted.rstrip("()").rsplit(".", 1)[-1]
