"""Runs tests in this process, prints a line for each, tells the results on a descriptor, and exits with 0 when all passed."""

import importlib
import json
import os
import sys
import traceback

tests = importlib.import_module(os.environ["NAIVE_TESTS"])
results = {}
for test in tests.TESTS:
    try:
        test()
        results[test.__name__] = "PASSED"
    except Exception:
        traceback.print_exc()
        results[test.__name__] = "FAILED"
    for stream in (sys.stdout, sys.stderr):
        print(results[test.__name__], test.__name__, file=stream, flush=True)
os.write(int(os.environ["NAIVE_CHANNEL"]), json.dumps(results).encode() + b"\n")
sys.exit(0 if set(results.values()) == {"PASSED"} else 1)
