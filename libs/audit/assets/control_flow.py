"""Branches both ways, loops a bounded number of times, `try` with what its handlers would give."""

import ast

from operations import conditional, falling_back
from scope import Binding
from values import UNSET, Choice, Function, Namespace, Ref, Seq, Sym, Unknown, choice, truth

MAX_LOOP = 100


class ControlFlow:
    """Part of Statements: what decides which statements are reached."""

    def on_If(self, node):
        condition = self.expressions.evaluate(node.test)
        decided = None if isinstance(condition, (Sym, Choice)) else truth(condition)
        if decided is not None:
            return self.run(node.body if decided else node.orelse)
        start = self.scope.copy()
        then_ended = self._branch(node.body, condition, True)
        then = self.scope.copy()
        self.scope.become(start)
        else_ended = self._branch(node.orelse, condition, False)
        if then_ended and else_ended:
            return then_ended if then_ended == else_ended else "return"
        if isinstance(condition, Sym) and self.scope.parent is None and "raise" in (then_ended, else_ended):
            self.interpreter.refused.append([*self.conditions, (condition, then_ended == "raise")])
        if else_ended in ("raise", "return"):
            self.scope.become(then)
        elif then_ended not in ("raise", "return"):
            self._merge(condition, then, self.scope.copy())
        return None

    def _branch(self, body, condition, wanted):
        self.conditions.append((condition, wanted))
        try:
            return self.run(body)
        finally:
            self.conditions.pop()

    def _merge(self, condition, then, otherwise):
        for name in {**then.names, **otherwise.names}:
            one, other = then.names.get(name), otherwise.names.get(name)
            if one is other:
                continue
            latest = one if other is None or (one is not None and one is not self.scope.names.get(name)) else other
            value = conditional(condition, one.value if one else UNSET, other.value if other else UNSET)
            self.scope.bind(name, value, latest.line, latest.file)
        self.scope.open = then.open or otherwise.open

    def on_For(self, node):
        source = self.expressions.evaluate(node.iter)
        if isinstance(source, Seq) and not source.open and len(source.items) <= MAX_LOOP:
            for item in source.items:
                self.assign(node.target, item, node.lineno)
                ended = self.run(node.body)
                if ended in ("raise", "return"):
                    return ended
                if ended == "break":
                    break
            return None
        self._havoc(node)
        return None

    def on_While(self, node):
        self._havoc(node)

    def on_Break(self, _node):
        return "break"

    def on_Continue(self, _node):
        return "continue"

    def _havoc(self, node):
        """What a loop that is not followed may change is not known."""
        self.assign(node.target, Unknown("a loop variable"), node.lineno) if isinstance(node, ast.For) else None
        before = self.scope.copy()
        self.run(node.body)
        for name, binding in list(self.scope.names.items()):
            old = before.names.get(name)
            if old is not binding and not isinstance(binding.value, (Ref, Function)):
                values = [binding.value, Unknown("changed in a loop"), *([old.value] if old else [])]
                self.scope.names[name] = Binding(choice(values), binding.file, binding.line)
        if before.open is None and self._hands_over_globals_in(node):
            self.scope.globals().opened("names that a loop may set")

    def _hands_over_globals_in(self, node):
        return any(isinstance(inner, ast.Call) and self._hands_over_globals(inner) for inner in ast.walk(node))

    def on_Try(self, node):
        before = self.scope.copy()
        missing_before, self.missing_import = self.missing_import, False
        ended = self.run(node.body)
        failed_import, self.missing_import = self.missing_import, missing_before or self.missing_import
        ended = self.run(node.orelse) or ended
        success = self.scope.copy()
        for handler in node.handlers:
            self.scope.become(before.copy())
            if handler.name:
                self.scope.bind(handler.name, Unknown("an exception"), handler.lineno)
            if self.run(handler.body):
                continue
            self._merge_handler(success, self.scope, failed_import)
        self.scope.become(success)
        self.run(node.finalbody)
        return None if node.handlers else ended

    def _merge_handler(self, success, handled, failed_import):
        for name in {**success.names, **handled.names}:
            good, bad = success.names.get(name), handled.names.get(name)
            if good is bad:
                continue
            other = bad.value if bad else UNSET
            if good is not None and isinstance(good.value, Sym):
                success.names[name] = Binding(falling_back(good.value, other), good.file, good.line)
            elif good is None or (failed_import and not isinstance(good.value, (Ref, Function, Namespace))):
                place = good or bad
                success.names[name] = Binding(choice([good.value if good else UNSET, other]), place.file, place.line)
