"""Says which static files the installed libraries bring, in a sandbox without any code of the submission: `path sha256` a line."""

import hashlib
import importlib.util
import os

STATUS = 3
LIBRARIES = ("django.contrib.admin", "rest_framework")


def main():
    for library in LIBRARIES:
        spec = importlib.util.find_spec(library)
        if spec is None or spec.origin is None:
            continue
        root = os.path.join(os.path.dirname(spec.origin), "static")
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    digest = hashlib.sha256(file.read()).hexdigest()
                os.write(STATUS, f"{os.path.relpath(path, root)} {digest}\n".encode())


main()
