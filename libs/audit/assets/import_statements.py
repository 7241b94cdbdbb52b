"""Imports between settings modules, and files that django-split-settings includes."""

from values import UNSET, Const, Namespace, Ref, Unknown


class ImportStatements:
    """Part of Statements: what brings names from other files."""

    def on_Import(self, node):
        for alias in node.names:
            file = self.interpreter.project.resolve(self.scope.file, 0, alias.name)
            name = alias.asname or alias.name.split(".")[0]
            if file is not None and alias.asname:
                self.scope.bind(name, Namespace(self.interpreter.load(file), alias.name), node.lineno)
            elif file is not None:
                self.scope.bind(name, Unknown("a package of the project"), node.lineno)
            else:
                self.scope.bind(name, Ref(alias.name if alias.asname else name), node.lineno)
                self.missing_import = True

    def on_ImportFrom(self, node):
        project = self.interpreter.project
        file = project.resolve(self.scope.file, node.level, node.module or "")
        if node.names[0].name == "*":
            self._import_star(node, file)
            return
        for alias in node.names:
            name = alias.asname or alias.name
            inner = project.resolve(self.scope.file, node.level, f"{node.module}.{alias.name}" if node.module else alias.name)
            if file is not None and not project.is_namespace(file):
                value = self.interpreter.load(file).read(alias.name)
                if isinstance(value, (type(UNSET), Unknown)) and inner is not None:
                    value = Namespace(self.interpreter.load(inner), alias.name)
                self.scope.bind(name, Unknown("not defined there") if value is UNSET else value, node.lineno)
            elif inner is not None:
                self.scope.bind(name, Namespace(self.interpreter.load(inner), alias.name), node.lineno)
            elif node.level:
                self.missing_import = True
                self.scope.bind(name, Unknown(f"{alias.name} of a module that is not in the project"), node.lineno)
            else:
                self.missing_import = True
                self.scope.bind(name, Ref(f"{node.module}.{alias.name}"), node.lineno)

    def _import_star(self, node, file):
        if file is None:
            self.missing_import = True
            self.scope.opened(f"{'.' * node.level}{node.module or ''} is not in the project and may set any of them")
            return
        source = self.interpreter.load(file)
        for name, binding in list(source.names.items()):
            if not name.startswith("_"):
                self.scope.names[name] = binding
        if source.open:
            self.scope.open = self.scope.open or source.open

    def _include(self, call):
        """`include("components/*.py")` of django-split-settings: the files run in this scope, in order."""
        for argument in call.args:
            value = self.expressions.evaluate(argument)
            files = self.interpreter.project.matching(self.scope.file, value.value) if isinstance(value, Const) else []
            if not files:
                self.scope.globals().opened("an included file that is not in the project")
            for file in files:
                tree = self.interpreter.project.parse(file)
                if tree is not None and file not in self.interpreter.loading:
                    self.interpreter.loading[file] = self.scope
                    before, self.scope.file = self.scope.file, file
                    self.scope.bind("__file__", Const(f"/project/{file}"), 1)
                    self.run(tree.body)
                    self.scope.file = before
