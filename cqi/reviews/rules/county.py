"""What a county is told before the days on site, and what has changed since."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from cqi.cases.rules import CaseType
from cqi.core.errors import Blocker
from cqi.reviews.rules import interviews
from cqi.reviews.rules.interviews import ROLE_WORDS, InterviewRole

STAFF = (InterviewRole.CASEWORKER, InterviewRole.SUPERVISOR)  # whose planned times a county hears
_NOBODY = uuid.UUID(int=0)


def available(case_type: CaseType) -> str:
    """Who should be available, by role: it follows from the type of the case alone, so that nothing
    of a review is in it."""
    roles = [one.role for one in interviews.proposed(_NOBODY, case_type, {})]
    return ", ".join(ROLE_WORDS[role].lower() for role in roles)


@dataclass(frozen=True)
class StaffTime:
    """A planned interview of a caseworker or a supervisor."""

    role: InterviewRole
    starts_at: dt.datetime
    minutes: int


@dataclass(frozen=True)
class Changed:
    """How many cases came and went since a county was told; false where it knows all."""

    added: int
    left: int

    def __bool__(self) -> bool:
        return bool(self.added or self.left)

    @property
    def words(self) -> str:
        """ "2 cases came in, 1 went out"."""
        said = [f"{_cases(self.added)} came in"] if self.added else []
        said += [f"{_cases(self.left)} went out"] if self.left else []
        return ", ".join(said)


def _cases(number: int) -> str:
    return f"{number} case{'' if number == 1 else 's'}"


def changed(then: Collection[str], now: Collection[str]) -> Changed:
    """What differs between the cases (public ids) that were told of and those that there are."""
    before, after = frozenset(then), frozenset(now)
    return Changed(len(after - before), len(before - after))


def telling_blockers(cases: int, people: int) -> list[Blocker]:
    """Why a county cannot be told."""
    found = []
    if not cases:
        message = (
            "No case of this county is in the round or in its sample: draw the sample, or put its"
            " cases into the round."
        )
        found.append(Blocker("no_cases", message))
    if not people:
        message = (
            "Nobody is a supervisor in this county or its Regional Director: ask an administrator"
            " for their grants. Until then, print the notice."
        )
        found.append(Blocker("nobody", message))
    return found
