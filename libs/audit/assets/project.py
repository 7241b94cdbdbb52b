"""The Python files of a project: parsed once, found by module name. Reads only paths that it was given."""

import ast
import fnmatch
import json
import os
import posixpath
import sys
import warnings

MAX_BYTES = 1024 * 1024
warnings.simplefilter("ignore")


class Project:
    def __init__(self, root, files):
        """:param files: paths of regular files relative to `root`, with `/`"""
        self.root = root
        self.files = sorted(files)
        self.known = set(files)
        self.folders = self._folders_of(files)
        self.python_folders = self._folders_of(file for file in files if file.endswith(".py"))
        self.trees = {}
        self.problems = {}
        #: Folders that are on the path of Python where the project runs; the first is where manage.py is.
        self.roots = [""]

    @staticmethod
    def _folders_of(files):
        folders = {""}
        for file in files:
            folder = posixpath.dirname(file)
            while folder not in folders:
                folders.add(folder)
                folder = posixpath.dirname(folder)
        return folders

    def read(self, file):
        """The bytes of a file, None when it is too large or gone."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            handle = os.open(os.path.join(self.root, file), flags)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        return data if len(data) <= MAX_BYTES else None

    def text(self, file):
        data = self.read(file)
        return None if data is None else data.decode("utf-8", "replace")

    def parse(self, file):
        """The syntax tree, or None with the reason in `problems`."""
        if file in self.trees:
            return self.trees[file]
        tree, data = None, self.read(file)
        if data is None:
            self.problems[file] = "too large or not readable"
        else:
            announce(file)
            try:
                tree = ast.parse(data)
            except (SyntaxError, ValueError) as error:
                self.problems[file] = f"not Python of this version: {getattr(error, 'msg', None) or error}"
            except (RecursionError, MemoryError):
                self.problems[file] = "nested too deeply"
        self.trees[file] = tree
        return tree

    def forget(self, file):
        """Frees the tree of a file that is not needed again."""
        self.trees.pop(file, None)

    def exists(self, path):
        """Whether a path under /project is in the project."""
        inside = posixpath.normpath(path)
        if not inside.startswith("/project"):
            return False
        relative = inside[len("/project/") :]
        return relative in self.known or relative in self.folders

    def module_name(self, file):
        for root in sorted(self.roots, key=len, reverse=True):
            if not root or file.startswith(root + "/"):
                relative = file[len(root) + 1 :] if root else file
                return relative.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return file

    def resolve(self, importer, level, module):
        """The file (or the folder, ending in `/`, of a package without `__init__`) that an import names; None when not in the project."""
        if level:
            folder = posixpath.dirname(importer)
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._at(posixpath.join(folder, module.replace(".", "/")) if module else folder)
        if not module:
            return None
        path = module.replace(".", "/")
        for root in self._roots_for(importer):
            found = self._at(posixpath.join(root, path))
            if found is not None:
                return found
        return None

    def _roots_for(self, importer):
        yield from self.roots
        folder = posixpath.dirname(importer)
        while folder and posixpath.join(folder, "__init__.py") in self.known:
            folder = posixpath.dirname(folder)
        if folder not in self.roots:
            yield folder

    def _at(self, path):
        if f"{path}.py" in self.known:
            return f"{path}.py"
        inside = posixpath.join(path, "__init__.py")
        if inside in self.known:
            return inside
        if path and path in self.python_folders:
            return path + "/"
        return None

    @staticmethod
    def is_namespace(file):
        return file.endswith("/")

    def matching(self, importer, pattern):
        """Files of a pattern relative to the importing file, in order."""
        folder = posixpath.dirname(importer)
        wanted = posixpath.normpath(posixpath.join(folder, str(pattern)))
        return [file for file in self.files if fnmatch.fnmatchcase(file, wanted) and posixpath.dirname(file) == posixpath.dirname(wanted)]


def announce(file):
    """Says which file is being read, so that a crash of the parser can be laid to it."""
    sys.stdout.write(json.dumps({"reading": file}) + "\n")
    sys.stdout.flush()
