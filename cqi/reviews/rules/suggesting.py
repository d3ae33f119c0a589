"""Whom to give a case to: who may take it, and of those the two who have the least to do."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

PAIR = 2
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class Candidate:
    """Somebody on a round's team. `load` is how many of its case reviews they have that are not
    final, `given` how many in all; `blocked` is why they cannot take this case."""

    person_id: int
    public_id: uuid.UUID
    name: str
    load: int = 0
    given: int = 0
    led: bool = False
    certified_until: dt.date | None = None
    blocked: tuple[str, ...] = ()

    def with_more(self, cases: int) -> Candidate:
        """The same with so many more cases."""
        return dataclasses.replace(self, load=self.load + cases, given=self.given + cases)


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Who can take it first, and of those who has the least to do; then the others by name."""
    return sorted(candidates, key=_rank)


def _rank(one: Candidate) -> tuple[bool, int, int, str, int]:
    load, given = (0, 0) if one.blocked else (one.load, one.given)
    return bool(one.blocked), load, given, one.name, one.person_id


def suggest(candidates: Iterable[Candidate], size: int = PAIR) -> tuple[Candidate, ...]:
    """Those who have the fewest open cases and can take it; of people who have as few, one who has
    led a review and one who has not."""
    left, chosen = [one for one in candidates if not one.blocked], list[Candidate]()
    while left and len(chosen) < size:
        leader = not any(one.led for one in chosen)
        best = min(left, key=lambda one: (one.load, one.led is not leader, one.given, one.name))
        chosen.append(best)
        left.remove(best)
    return tuple(chosen)


def spread(cases: Mapping[_Key, Sequence[Candidate]]) -> dict[_Key, tuple[Candidate, ...]]:
    """A pair for each of many cases, so that the load stays even: those whom fewest people can take
    come first. Candidates come back as they were, without the cases of this suggestion."""
    more: Counter[int] = Counter()
    found: dict[_Key, tuple[Candidate, ...]] = {}
    for key in sorted(cases, key=lambda key: sum(not one.blocked for one in cases[key])):
        as_they_were = {one.person_id: one for one in cases[key]}
        pair = suggest(one.with_more(more[one.person_id]) for one in cases[key])
        found[key] = tuple(as_they_were[one.person_id] for one in pair)
        more.update(one.person_id for one in pair)
    return {key: found[key] for key in cases}
