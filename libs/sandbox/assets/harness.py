"""Inside the sandbox, in a Python of its own that has loaded nothing yet. Started as `python harness.py JSON`."""

import json
import resource
import sys

import program
import project


def main():
    options = json.loads(sys.argv[1])
    if options["processes"]:
        # Counted inside this user namespace only, so the judge's own processes do not count.
        resource.setrlimit(resource.RLIMIT_NPROC, (options["processes"], options["processes"]))
    if options["program"]:
        program.run(options["program"], "cold")
    project.load_and_serve(options["wsgi"], options["migrate"], "cold")


main()
