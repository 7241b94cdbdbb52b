"""Names of a module, class or function and what they are bound to, with the place of the binding."""

from values import UNSET, Function, Namespace, Ref, Unknown, choice


class Binding:
    __slots__ = ("value", "file", "line")

    def __init__(self, value, file, line):
        self.value = value
        self.file = file
        self.line = line


class Scope:
    """Names and what they are bound to. `open` tells why other names may be bound, or bound again, in a way that is not seen."""

    def __init__(self, file, parent=None):
        self.file = file
        self.parent = parent
        self.names = {}
        self.open = None

    def read(self, name):
        binding = self.names.get(name)
        if binding is not None:
            return binding.value
        if self.parent is not None:
            return self.parent.read(name)
        return Unknown(self.open) if self.open else UNSET

    def bind(self, name, value, line, file=None):
        self.names[name] = Binding(value, file or self.file, line)

    def globals(self):
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def child(self):
        return Scope(self.file, self)

    def copy(self):
        twin = Scope(self.file, self.parent)
        twin.names = dict(self.names)
        twin.open = self.open
        return twin

    def become(self, other):
        self.names = other.names
        self.open = other.open

    def opened(self, why):
        """From here on anything may have been bound by something that is not seen."""
        for name, binding in self.names.items():
            if not isinstance(binding.value, (Ref, Function, Namespace)):
                self.names[name] = Binding(choice([binding.value, Unknown(why)]), binding.file, binding.line)
        self.open = why
