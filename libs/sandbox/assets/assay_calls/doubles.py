"""Objects of the judge that are handed into the submission: what is done with them is asked from him, one step after the other.

So nothing is noted here that the submission could change: a source that is read too far, or a resource that is not closed, the judge sees
himself.
"""

from .errors import Abandoned


class Doubles:
    def __init__(self, ask):
        self.ask, self.made, self.values = ask, {}, None

    def get(self, number, name, methods):
        if number not in self.made:
            self.made[number] = self.function(number, name) if methods == ["__call__"] else self.thing(number, name, methods)
        return self.made[number]

    def number_of(self, thing):
        for number, made in self.made.items():
            if made is thing:
                return number
        return None

    def forget(self):
        self.made.clear()

    def function(self, number, name):
        def double(*args, **keywords):
            return self.used(number, "__call__", args, keywords)

        double.__name__ = double.__qualname__ = name
        double.__doc__ = f"The documentation of {name}."
        return double

    def thing(self, number, name, methods):
        kind = type(name, (), {method: self.method(number, method) for method in methods})
        return kind()

    def method(self, number, method):
        def asked(double, *args, **keywords):
            if method == "__iter__":
                return double
            result = self.used(number, method, args, keywords)
            return double if method == "__enter__" else result

        asked.__name__ = method
        return asked

    def used(self, number, method, args, keywords):
        encode = self.values.encode
        question = {
            "double": number,
            "method": method,
            "args": [encode(value) for value in args],
            "keywords": {name: encode(value) for name, value in keywords.items()},
        }
        words = self.ask(**question)
        if words["kind"] == "raised":
            raise self.values.decode(words["error"])
        if words["kind"] == "ended":
            raise StopIteration
        if words["kind"] != "returned":
            raise Abandoned
        return self.values.decode(words["value"])
