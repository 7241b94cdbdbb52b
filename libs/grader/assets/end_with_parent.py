"""Becomes another program that the kernel kills when the process that started this one is killed.

Usage: python -I -S end_with_parent.py PARENT PROGRAM ARGUMENT... A program that only looks at its channel from time to time would live on
while it is in an endless loop. The kernel keeps the wish when a program is replaced by another (prctl(2), PR_SET_PDEATHSIG).
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):  # it was killed before the call
    sys.exit(1)
os.environ.pop("LC_CTYPE", None)  # Python's own choice for an empty environment
os.execv(sys.argv[2], sys.argv[2:])
