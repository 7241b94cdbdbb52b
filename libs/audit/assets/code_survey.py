"""All Python files of a project, one after the other: what the rules see, what is imported, and the tests."""

import ast
import posixpath
import re

from code_rules import sightings
from names import imports_of
from settings_modules import ASIDE

TEST_FILE = re.compile(r"(^|/)(tests?|testing|test_utils?)(/|\.py$)|(^|/)test_[^/]*\.py$|_tests?\.py$|(^|/)conftest\.py$|(^|/)tests_[^/]*\.py$")
MIGRATION = re.compile(r"(^|/)migrations/[^/]*\.py$")
#: Stand-alone programs beside the project, and what other people wrote.
BESIDE = re.compile(r"(^|/)(scripts?|tools?|bin|contrib|benchmarks?|extras?|vendor|third_party|_vendor|site-packages|ci|\.[^/]+)/")


def survey(project, settings):
    """:param settings: files that are settings; what they run is no part of an answer to a request"""
    code, imports = [], set()
    tests = {"files": 0, "functions": 0}
    for file in project.files:
        if not file.endswith(".py"):
            continue
        is_kept = file in project.trees
        tree = project.parse(file)
        if tree is None:
            continue
        if TEST_FILE.search(file):
            functions = _tests_in(tree)
            tests["functions"] += functions
            tests["files"] += functions > 0
        elif not MIGRATION.search(file):
            package = posixpath.dirname(file).replace("/", ".")
            imports.update(imports_of(tree, package).values())
            if file not in settings and not ASIDE.search(file) and not BESIDE.search(file):
                try:
                    code += sightings(tree, file, package)
                except RecursionError:
                    project.problems[file] = "nested too deeply"
        if not is_kept and posixpath.basename(file) != "models.py":
            project.forget(file)
    return {"code": code, "imports": sorted(name for name in imports if not name.startswith("."))[:20_000], "tests": tests}


def _tests_in(tree):
    count = 0
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            count += 1
    return count
