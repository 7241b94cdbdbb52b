"""Function calls of the judge into the submission, in the submission's own process and thread (docs/checks/python-calls.md).

A request with the method `ASSAY-CALL` and a body of JSON says what to do; no application sees it. Its answer tells what came of it, or asks
the judge what an object of his (doubles.py) shall do; the judge then goes on with a further request on the same connection. What is
answered here is as trustworthy as an answer of the project to HTTP: it is what its code does with inputs that it did not know.
"""

import asyncio
import importlib
import inspect
import json
import sys
import threading

from .database import after_call, before_call, end_transactions
from .doubles import Doubles
from .errors import Abandoned, Missing, tell_error
from .values import TooMuch, Values

METHOD = "ASSAY-CALL"
SECONDS_TO_FLUSH = 2


class Conversation:
    """What is said between the judge and one call on its connection. `read` gives the environ of his next request on it."""

    def __init__(self, client, before_end, read):
        self.client, self.before_end, self.read = client, before_end, read
        self.lock, self.is_asking = threading.RLock(), False

    def say(self, **words):
        body = json.dumps(words, ensure_ascii=False).encode(errors="replace")
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.client.send(head.encode() + body)

    def ask(self, **question):
        """What the judge says to a question in the middle of a call, whichever thread it comes from."""
        with self.lock:
            if self.is_asking:  # something that was collected as garbage meanwhile
                raise Abandoned
            self.is_asking = True
            try:
                self.say(kind="asks", **question)
                environ = self.read()
            except Exception:
                raise Abandoned from None
            finally:
                self.is_asking = False
            words = json.load(environ["wsgi.input"]) if environ["REQUEST_METHOD"] == METHOD else {}
            if words.get("do") != "answer":
                raise Abandoned
            return words

    def end(self, words):
        self.before_end()
        self.say(**words)


class Calls:
    """The objects that the judge keeps here, and how he uses them."""

    def __init__(self):
        self.kept, self.iterators, self.last = {}, {}, 0
        self.conversation = None
        self.doubles = Doubles(self.ask)
        self.values = Values(self.kept, self.doubles)
        self.steps = {
            "next": lambda thing: self.step(lambda: next(self.iterator(thing))),
            "send": lambda thing, value: self.step(lambda: thing.send(value)),
            "throw": lambda thing, error: self.step(lambda: thing.throw(error)),
            "close": lambda thing: thing.close(),
            "enter": lambda thing: type(thing).__enter__(thing),
            "exit": self.leave,
            "get": getattr,
            "use": lambda thing, *args, **keywords: thing(*args, **keywords),
            "method": lambda thing, name, *args, **keywords: getattr(thing, name)(*args, **keywords),
        }

    def ask(self, **question):
        if self.conversation is None:
            raise Abandoned
        return self.conversation.ask(**question)

    def handle(self, words, conversation):
        self.conversation = conversation
        try:
            if words["do"] == "forget":
                self.forget()
                return {"kind": "done"}
            if words["do"] == "flush":
                flush_monitoring()
                return {"kind": "done"}
            before_call(is_fresh=not self.kept)
            words = self.perform(words)
            after_call(is_over=not self.kept)
            return words
        finally:
            if self.conversation is conversation:  # no later call, while this one hung
                self.conversation = None

    def perform(self, words):
        try:
            args = [self.values.decode(value) for value in words["args"]]
            keywords = {name: self.values.decode(value) for name, value in words["keywords"].items()}
            if words["do"] == "call":
                result = resolve(words["target"])(*args, **keywords)
            elif words["do"] == "read":
                result = resolve(words["target"])
            else:
                result = self.steps[words["do"]](self.kept[words["object"]], *args, **keywords)
            if inspect.iscoroutine(result):
                result = asyncio.run(result)
            if isinstance(result, Told):
                return {"kind": result.kind, **self.told(result.value, words)}
            return {"kind": "returned", **self.told(result, words)}
        except Missing as error:
            return {"kind": "missing", "message": str(error)[:500]}
        except TooMuch as error:
            return {"kind": "unfit", "message": str(error)}
        except Abandoned:
            raise
        except BaseException as error:  # SystemExit too: it is the function's answer
            return {"kind": "raised", "error": tell_error(error)}

    def told(self, result, words):
        if not words["keep"]:
            return {"value": self.values.encode(result)}
        self.last += 1
        self.kept[self.last] = result
        return {"object": self.last, "type": self.values.type_of(result)}

    def iterator(self, thing):
        if hasattr(type(thing), "__next__"):
            return thing
        found = self.iterators.get(id(thing))
        if found is None or found[0] is not thing:
            found = self.iterators[id(thing)] = (thing, iter(thing))
        return found[1]

    def step(self, action):
        try:
            return Told("yielded", action())
        except StopIteration as end:
            return Told("ended", end.value)

    def leave(self, thing, error):
        """As the end of a `with` block, which an exception ends or not. Returns whether the exception was swallowed."""
        if error is None:
            type(thing).__exit__(thing, None, None, None)
            return False
        try:
            raise error
        except BaseException:
            return bool(type(thing).__exit__(thing, *sys.exc_info()))

    def forget(self):
        """Lets go of all that was kept, the latest first; what it does then is nobody's answer."""
        for thing in reversed([*self.kept.values(), *(pair[1] for pair in self.iterators.values())]):
            if inspect.isgenerator(thing):
                try:
                    thing.close()
                except BaseException:
                    pass
        self.kept.clear()
        self.iterators.clear()
        self.doubles.forget()
        end_transactions()


def flush_monitoring():
    """Events are sent by a thread of the client, in its own time."""
    client = sys.modules.get("sentry_sdk")
    if client is not None:
        client.flush(timeout=SECONDS_TO_FLUSH)


class Told:
    def __init__(self, kind, value):
        self.kind, self.value = kind, value


def resolve(target):
    """The object that `package.module:name.name` means. Raises Missing, or what the module raises when it is imported."""
    module_name, _, path = target.partition(":")
    try:
        thing = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{module_name}.".startswith(f"{error.name}."):
            raise Missing(f"there is no module {module_name}") from None
        raise
    for name in filter(None, path.split(".")):
        try:
            thing = getattr(thing, name)
        except AttributeError:
            raise Missing(f"{module_name} has no {path}") from None
    return thing


calls = Calls()


def answer(client, environ, before_end, read):
    """Answers one request of the judge. Returns False when he is to get no answer, or does not wait for it any more."""
    conversation = Conversation(client, before_end, read)
    try:
        conversation.end(calls.handle(json.load(environ["wsgi.input"]), conversation))
        return True
    except BaseException:  # what the project makes of its classes must not end the server
        return False
