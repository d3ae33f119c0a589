"""Whether somebody may be given a case, beside what its case review says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cqi.access.actor import Actor
from cqi.core.errors import Blocker


@dataclass(frozen=True)
class Fitness:
    """What else decides whether somebody may be given a case.

    `works_as` is the role in which they work for its county, where that keeps them from reviewing
    there; `lacks` is what the round requires and they do not have: code and words that go on from
    their name.
    """

    works_as: str = ""
    lacks: tuple[tuple[str, str], ...] = ()


FIT = Fitness()


def blockers(name: str, fitness: Fitness) -> Iterator[Blocker]:
    """Why somebody of this name cannot be given a case."""
    if fitness.works_as:
        message = f"{name} works for this county ({fitness.works_as}): choose somebody else."
        yield Blocker("own_county", message)
    for code, lack in fitness.lacks:
        message = f"{name} {lack}, and this round requires it: choose somebody else."
        yield Blocker(code, message)


def other_reading_blocker(reviewer: Actor, *, told: bool) -> Blocker:
    """Why somebody who knows the other reading of a case does not read it; without the reason where
    whoever assigns is not to be `told` that there is one."""
    message = f"{reviewer.name} cannot be put on this case: choose somebody else."
    if told:
        message = (
            f"{reviewer.name} knows the other reading of this case (read it, did its QA or opened"
            " it): choose somebody else, so that the two readings are apart."
        )
    return Blocker("other_reading", message)
