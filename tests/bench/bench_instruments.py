"""Loading, checking and rating each shipped instrument."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cqi.core import folders
from cqi.instruments import definition, library, rating

_ROUNDS = 200


def measure() -> Iterable[tuple[str, float, str, str, float | None]]:
    """Milliseconds to load and check each instrument, and to rate all items of a case."""
    root = folders.data_folder("review_instruments")
    for version in library.versions(root):
        yield from _measured(root / version.instrument_id / version.version)


def _measured(folder: Path) -> Iterable[tuple[str, float, str, str, float | None]]:
    name = f"{folder.parent.name} {folder.name}"
    start = time.perf_counter()
    instrument = library.read(folder)
    yield f"load and check {name}", _ms(start), "ms", "aim", 300
    start = time.perf_counter()
    library.check(folder)
    yield f"{name} with worked cases and crosswalks", _ms(start), "ms", "", None
    facts = {fact.name: fact.values[0] for fact in instrument.facts}
    subjects = {kind.kind: ["one", "two"] for kind in instrument.subjects}
    answers = {item.code: _answers(item) for item in instrument.items}
    start = time.perf_counter()
    for _ in range(_ROUNDS):
        rating.rate(instrument, facts, answers, subjects)
    yield f"rate a case with {name}", _ms(start) / _ROUNDS, "ms", "aim", 5


def _answers(item: definition.Item) -> dict[str, Any]:
    first = {q.id: q.values[0] if q.values else str(q.least) for q in item.questions}
    return {
        question.id: dict.fromkeys(("one", "two"), first[question.id])
        if question.for_each
        else first[question.id]
        for question in item.questions
    }


def _ms(start: float) -> float:
    return (time.perf_counter() - start) * 1000
