"""What no file of the project may say."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture import source

READ_BY_PEOPLE = {
    ".cfg", ".css", ".html", ".ini", ".js", ".json", ".mako", ".md", ".py", ".sh", ".toml", ".txt",
    "",
}  # fmt: skip
# Hosts of package registries: a lock file names packages and digests, never where they came from.
HOSTS = re.compile(
    r"registry\.npmjs\.org|files\.pythonhosted\.org|\bpypi\.org|\bpypi\.python\.org"
    r"|registry\.yarnpkg\.com|deb\.debian\.org"
)
# A folder of one person's or one machine's; what is found through it works nowhere else.
HOMES = re.compile(r"(?<![\w.])/(home/[a-z]\w*|root|Users/[A-Za-z]\w*)/")
UNESCAPED = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")


def texts() -> list[tuple[str, str]]:
    """(path, text) of the project's own files that a person would read."""
    return [
        (path.relative_to(source.ROOT).as_posix(), path.read_text("utf-8", "replace"))
        for path in source.files(source.ROOT, "*")
        if path.suffix in READ_BY_PEOPLE and path != Path(__file__).resolve()
    ]


def lines_with(pattern: re.Pattern[str], found_in: list[tuple[str, str]]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in found_in
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = texts()
    assert found, "the test reads no file at all"
    assert not lines_with(HOSTS, found)
    assert not lines_with(HOMES, found)


def test_no_template_switches_escaping_off() -> None:
    templates = [
        (path.relative_to(source.ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in source.files(source.PACKAGE, "*.html")
    ]
    assert not lines_with(UNESCAPED, templates)
