"""Loading and rating the shipped instrument."""

from __future__ import annotations

import time
from collections.abc import Iterable

from cqi.core import folders
from cqi.instruments import library, rating

_ROUNDS = 200


def measure() -> Iterable[tuple[str, float, str, str, float | None]]:
    """Milliseconds to load and check the instrument, and to rate all items of a case."""
    root = folders.data_folder("review_instruments")
    folder = library.folder_of(root, "mississippi_practice_model", "1.0")
    start = time.perf_counter()
    instrument = library.read(folder)
    yield "load and check the instrument", _ms(start), "ms", "aim", 300
    start = time.perf_counter()
    library.check(folder)
    yield "check with worked cases and crosswalk", _ms(start), "ms", "", None
    facts = {fact.name: fact.values[0] for fact in instrument.facts}
    answers = {item.code: dict.fromkeys(item.question_ids, "yes") for item in instrument.items}
    start = time.perf_counter()
    for _ in range(_ROUNDS):
        rating.rate(instrument, facts, answers)
    yield "rate all items of a case", _ms(start) / _ROUNDS, "ms", "aim", 5


def _ms(start: float) -> float:
    return (time.perf_counter() - start) * 1000
