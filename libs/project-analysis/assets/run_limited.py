"""Runs a program with bounded processor time and memory, and no files of its own. Usage: run_limited.py SECONDS MEBIBYTES PROGRAM ARGUMENT..."""

import os
import resource
import sys

seconds, mebibytes, *program = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
# Memory that is written to: programs of Haskell and Go reserve far more addresses than they use.
resource.setrlimit(resource.RLIMIT_DATA, (int(mebibytes) * 1024 * 1024,) * 2)
os.execv(program[0], program)
