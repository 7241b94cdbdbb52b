"""
Reads a Django project for the audit: `python -I audit_project.py`, a request as JSON on stdin, JSON lines on stdout: `reading` before each file,
`answer` at the end.

Imports and runs nothing of the project. Its own bounds are set before the first file is read.
"""

import json
import os
import resource
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.setrecursionlimit(3000)


def limit(cpu_seconds, memory_bytes):
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def main():
    request = json.load(sys.stdin)
    limit(request["cpuSeconds"], request["memoryBytes"])
    from code_survey import survey
    from project import Project
    from settings_modules import find_settings, main_folder, used_settings
    from settings_report import evaluate_settings

    from migrations import missing_migrations

    project = Project(request["root"], request["files"])
    folder = main_folder(project)
    project.roots = [folder, *(root for root in ("", "src") if root != folder)] if folder is not None else ["", "src"]
    modules = find_settings(project)
    used = used_settings(project, modules)
    settings = None
    if used:
        file, how, rank = used[0]
        settings = {**evaluate_settings(project, file, request.get("settings")), "chosenBecause": how, "rank": rank}
    answer = {
        "manageFolder": folder,
        "settingsModules": modules,
        "settings": settings,
        **survey(project, set(settings["modules"]) if settings else set()),
        "migrations": missing_migrations(project, set(settings.pop("installed")) if settings else set()),
        "problems": [{"file": file, "why": why} for file, why in sorted(project.problems.items())],
    }
    sys.stdout.write(json.dumps({"answer": answer}) + "\n")


main()
