"""Measures the numpy version on request: one JSON line in (`{input: {project, assumptions}, draws, seed}`), one out (`{milliseconds, cpuMilliseconds, summary}`)."""

import json
import sys
import time

from model import simulate, summarise

print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    begin, cpu = time.perf_counter(), time.process_time()
    summary = summarise(simulate(request["input"]["project"], request["input"]["assumptions"], request["draws"], request["seed"]))
    milliseconds = (time.perf_counter() - begin) * 1000
    cpu_milliseconds = (time.process_time() - cpu) * 1000
    print(json.dumps({"milliseconds": milliseconds, "cpuMilliseconds": cpu_milliseconds, "summary": summary}), flush=True)
