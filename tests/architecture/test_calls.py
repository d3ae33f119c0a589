"""Calls that may be made in one place only: the clock, and text that goes to ReportLab."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.architecture import source

MAY_READ_THE_DATE = {
    "cqi/core/clock.py",
    "cqi/core/identifiers.py",  # a version 7 UUID begins with the time it was made
}
READS_THE_DATE = (
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
)
READS_A_CLOCK = (*READS_THE_DATE, "time.monotonic", "time.perf_counter", "time.process_time")


def calls(module: source.Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def places(modules: Iterable[source.Module], names: tuple[str, ...]) -> list[str]:
    return [
        f"{module.place(node)} {called}"
        for module in modules
        for node, called in calls(module)
        if any(called == name or called.endswith(f".{name}") for name in names)
    ]


def test_only_the_clock_reads_the_date() -> None:
    others = [module for module in source.modules("cqi") if module.name not in MAY_READ_THE_DATE]
    found = places(others, READS_THE_DATE)
    assert not found, f"take `now` or `today` as an argument: {found}"


def test_pure_files_read_no_clock_at_all() -> None:
    found = places(source.pure_modules(), READS_A_CLOCK)
    assert not found, f"a rule gives the same answer at any time: {found}"


def test_text_reaches_reportlab_through_one_call() -> None:
    found = places(source.modules("cqi"), ("Paragraph",))
    assert len(found) <= 1, f"all text goes through one escaping function: {found}"
    assert all(place.startswith("cqi/documents/") for place in found), found


def test_only_the_edge_of_a_request_and_the_database_commit() -> None:
    allowed = {"cqi/core/database.py", "cqi/access/current.py"}
    modules = [each for each in source.modules("cqi") if each.name not in allowed]
    assert places(modules, ("commit",)) == []
