import re
from pathlib import Path

from checks.support import BOOKS, fresh_book, http


def stages():
    """The Dockerfile's stages, each a list of (instruction, arguments)."""
    text = re.sub(r"\\\n", " ", Path("Dockerfile").read_text())
    found = []
    for name, rest in re.findall(r"^([A-Z]+)\s+(.*)$", text, re.MULTILINE):
        if name == "FROM":
            found.append([])
        found[-1].append((name, rest.strip()))
    return found


def arguments(stage, instruction):
    return [rest for name, rest in stage if name == instruction]


def sources():
    return [file for file in Path().rglob("*.py") if not {"tests", "checks", "visible-checks"} & set(file.parts)]


def test_e1_served_by_gunicorn():
    command = " ".join(arguments(stages()[-1], "ENTRYPOINT") + arguments(stages()[-1], "CMD"))
    assert "gunicorn" in command and "bookshop.wsgi" in command and "runserver" not in command
    assert re.search(r"^gunicorn\b", Path("requirements.txt").read_text(), re.IGNORECASE | re.MULTILINE)


def test_e2_image_builds():
    built = stages()
    runs = [run for stage in built for run in arguments(stage, "RUN")]
    assert any(re.search(r"\bpip\b.*\binstall\b", run) for run in runs)
    for stage in built:
        for copied in arguments(stage, "COPY"):
            *paths, _target = re.sub(r"--\S+\s*", "", copied).split()
            assert "--from=" in copied or all(Path(path).exists() for path in paths)
    assert arguments(built[-1], "COPY") and arguments(built[-1], "CMD")


def test_e2_image_is_pinned_and_unprivileged():
    built = stages()
    for stage in built:
        assert re.search(r":\d+\.\d+", arguments(stage, "FROM")[0])
    assert arguments(built[-1], "USER")[-1] not in ("root", "0")


def test_e2_image_has_stages_and_a_health_check():
    built = stages()
    assert len(built) >= 2
    assert any("--from=" in copied for copied in arguments(built[-1], "COPY"))
    assert "CMD" in arguments(built[-1], "HEALTHCHECK")[-1]


def test_e4_no_secret_in_the_repository():
    texts = [file.read_text() for file in sources()]
    assert not any(re.search(r"\bSECRET_KEY\s*=\s*[rbf]?[\"']", text) for text in texts)
    assert any("DJANGO_SECRET_KEY" in text for text in texts)
    assert not list(Path().rglob(".env"))


def test_e4_debug_is_really_off():
    fresh_book(1_500_000)
    answer = http("visitor").get("/no-such-page/")
    assert answer.status_code == 404
    assert not re.search(r"URLconf|DEBUG\s*=\s*True|Traceback", answer.text)


def test_e4_only_known_hosts_are_served():
    fresh_book(1_510_000)
    assert http("visitor").get(f"{BOOKS}1510000/", host="localhost.evil.example").status_code == 400
