"""Looks through all objects of this process, the constants of all functions and the frames of all threads."""

import gc
import sys
import types

from .search import tell, words_in


def strings():
    for item in gc.get_objects():
        if isinstance(item, types.FunctionType):
            yield from (constant for constant in item.__code__.co_consts if isinstance(constant, str))
        elif isinstance(item, dict):
            yield from (value for value in list(item.values()) if isinstance(value, (str, bytes)))
        elif isinstance(item, (list, tuple)):
            yield from (value for value in item if isinstance(value, (str, bytes)))
    for frame in sys._current_frames().values():
        while frame is not None:
            yield from (value for value in frame.f_locals.values() if isinstance(value, (str, bytes)))
            frame = frame.f_back


FOUND = set()
for string in strings():
    FOUND |= words_in(string)
FOUND = tell(FOUND)
