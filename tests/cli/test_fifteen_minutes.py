"""docs/instruments.md, "Write an item in 15 minutes", followed as it is written."""

from __future__ import annotations

import re
import shlex
import textwrap
import urllib.request
from pathlib import Path

import pytest

from tests.fixtures import serving
from tests.fixtures.commands import Command, Ran

PAGE = Path(__file__).parents[2] / "docs" / "instruments.md"
SECTION = re.compile(r"^## Write an item in 15 minutes\n(.*?)^## ", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"(?:^    .*\n|^\n(?=    ))+", re.MULTILINE)


def steps() -> list[str]:
    """The text of each step, from 1; before them what stands first."""
    found = SECTION.search(PAGE.read_text(encoding="utf-8"))
    assert found
    return re.split(r"^\*\*\d\.", found[1], flags=re.MULTILINE)


def blocks(step: str) -> list[str]:
    """What is to be typed."""
    found = (textwrap.dedent(block).strip("\n") + "\n" for block in BLOCK.findall(step))
    return [block for block in found if block.strip()]


class Author:
    """Somebody who follows the page in a folder of their own."""

    def __init__(self, command: Command, folder: Path) -> None:
        self.command, self.version = command, folder / "review_instruments/county_check/0.1"

    def type(self, step: str) -> list[Ran]:
        """Run the commands of a step."""
        lines = [line for block in blocks(step) for line in block.splitlines()]
        typed = [shlex.split(line)[1:] for line in lines]
        for _, _, path in (each for each in typed if each[1] == "preview"):
            self.look(Path(path))
        return [self.command(*each).good() for each in typed if each[1] != "preview"]

    def look(self, path: Path) -> None:
        """Open the preview, which goes on until it is told to stop."""
        with (
            serving.preview(path, path / "nothing") as (address, said),
            urllib.request.urlopen(f"{address}/worked-cases") as page,  # noqa: S310 - http, to this machine
        ):
            assert said.startswith(f"Preview of county_check 0.1: {address}\n")
            assert "5 of 5 worked cases pass." in page.read().decode()

    def check(self) -> list[str]:
        """What `check` says is to be mended."""
        ran = self.command("instruments", "check", "review_instruments/county_check")
        return [] if ran.code == 0 else ran.err.splitlines()[:-1]

    def add(self, name: str, text: str) -> None:
        path = self.version / name
        before = path.read_text(encoding="utf-8") + "\n" if path.exists() else ""
        path.write_text(before + text, encoding="utf-8")


@pytest.fixture
def author(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    """Somebody who has followed the page to its end; what it says on the way is held to it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CQI_INSTRUMENTS", "review_instruments")
    _, new, check, head, questions, rows, fact, cases, last = steps()
    made = Author(command, tmp_path)
    made.type(new)
    assert made.type(check)[0].out == "nothing is wrong\n"
    write_item(made, head, questions, rows)
    write_fact(made, fact)
    [asked] = made.check()
    assert "VIS02 has no two worked cases" in asked
    [file] = re.findall(r"`(vis_02\.toml)`", cases)
    made.add(f"cases/{file}", blocks(cases)[0])
    assert made.check() == []
    made.type(last)
    return made


def write_item(author: Author, head: str, questions: str, rows: str) -> None:
    [file] = re.findall(r"`(vis_02\w+\.toml)`", head)
    for step, missing in ((head, 3), (questions, 2)):
        author.add(f"items/{file}", blocks(step)[0])
        assert sum("is missing" in line for line in author.check()) == missing
    author.add(f"items/{file}", blocks(rows)[0])
    assert any('no fact or question "parent_away"' in line for line in author.check())


def write_fact(author: Author, step: str) -> None:
    declared, listed = blocks(step)
    path = author.version / "instrument.toml"
    text = path.read_text(encoding="utf-8")
    first, found, rest = text.partition("# ---- Components")
    assert first.rstrip().endswith("confirm = true"), "the last line of the fact child_moved"
    [line] = [each for each in rest.splitlines() if each.startswith("items =")]
    rest = rest.replace(line, listed.strip())
    path.write_text(f"{first}{declared}\n{found}{rest}", encoding="utf-8")


def test_who_follows_the_page_publishes_an_instrument_of_two_items(
    author: Author, command: Command
) -> None:
    assert "county_check 1.0: published" in command("instruments", "list").good().out
    shown = command("instruments", "show", "county_check", "1.0").good().out
    assert "VIS02 Visits with the parents (2 questions)" in shown
    form = author.version.parents[2] / "county_check.pdf"
    assert form.read_bytes().startswith(b"%PDF")


def test_the_mistake_that_the_page_names_is_caught_by_a_case(author: Author) -> None:
    [item] = (author.version / "items").glob("vis_02*.toml")
    text = item.read_text(encoding="utf-8")
    wrong = text.replace('any = ["a = no", ', 'any = ["a = yes", ')
    assert wrong != text
    item.write_text(wrong, encoding="utf-8")
    found = author.check()
    assert all("Mend the case or the rules." in line for line in found)
    assert any("Letters from jail" in line for line in found)
