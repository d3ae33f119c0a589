"""Which cases are drawn: a rule that anybody can check with a hash program and a sort.

The frame digest is the SHA-256 of one line for each case of the frame, sorted by bytes. A case's
key is the SHA-256 of seed, frame digest and case number, a newline between. Within a stratum the
lowest keys are drawn and the next are the reserve, in that order (docs/sampling.md).
"""

from __future__ import annotations

import enum
import functools
import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cqi.cases.rules import CaseType
from cqi.core.errors import Blocker

EVERYTHING = "all"  # the one stratum of a simple random draw
AS_IN_HOME = {CaseType.IN_HOME_ALTERNATIVE_RESPONSE: CaseType.IN_HOME}


class Slice(enum.StrEnum):
    """What a frame can be divided by."""

    COUNTY = "county_fips"
    CASE_TYPE = "case_type"


@dataclass(frozen=True, slots=True)
class Listed:
    """A case as its frame lists it."""

    case_number: str
    county_fips: str
    case_type: CaseType

    @property
    def line(self) -> bytes:
        """What stands for the case in the frame's digest."""
        return f"{self.case_number}|{self.county_fips}|{self.case_type.value}\n".encode()

    def stratum(self, strata: Sequence[Slice]) -> str:
        """The name of its stratum: its values joined by `|` in the order of `strata`."""
        return _stratum_name(self.county_fips, self.case_type, tuple(strata))


@functools.lru_cache(maxsize=4096)  # many cases, few names
def _stratum_name(county_fips: str, case_type: CaseType, strata: tuple[Slice, ...]) -> str:
    values = {
        Slice.COUNTY: county_fips,
        Slice.CASE_TYPE: AS_IN_HOME.get(case_type, case_type).value,
    }
    return "|".join(values[each] for each in strata) or EVERYTHING


@dataclass(frozen=True)
class Proportional:
    """`total` cases, shared out by the strata's sizes; `at_least` of each stratum, or all of it."""

    total: int
    at_least: int = 0


@dataclass(frozen=True)
class Design:
    """How a frame is divided and how many cases are drawn from each part.

    `allocation` names each stratum with its number, or is a rule over a total. `reserve` is the
    share of each stratum's drawn number that stands by, rounded up.
    """

    strata: tuple[Slice, ...]
    allocation: Mapping[str, int] | Proportional
    reserve: Decimal = Decimal(0)


@dataclass(frozen=True)
class Stratum:
    """What was drawn from one stratum, in order of key. `size`: its cases in the frame."""

    name: str
    size: int
    drawn: tuple[str, ...]
    reserve: tuple[str, ...]

    @property
    def weight(self) -> Fraction | None:
        """How many cases of the frame a drawn one stands for; None where nothing was drawn."""
        return Fraction(self.size, len(self.drawn)) if self.drawn else None


# In three sentences, on the draw's page and in the file of the sample.
_DIGEST = (
    "The frame digest is the SHA-256 of one line for each case of the frame, case number, county"
    " and kind with | between, sorted by bytes, each ended by a newline."
)
_KEY = (
    "A case's key is the SHA-256 of the seed, a newline, the frame digest, a newline, and the case"
    " number."
)
_ORDER = (
    "In each part the cases with the lowest keys are drawn, and the next ones are the reserve, in"
    " that order."
)
RULE = (_DIGEST, _KEY, _ORDER)


def frame_digest(frame: Iterable[Listed]) -> str:
    """SHA-256 (hex) of the frame's lines, sorted by bytes, each ended by one newline."""
    return hashlib.sha256(b"".join(sorted(case.line for case in frame))).hexdigest()


def key(seed: str, digest: str, case_number: str) -> str:
    """A case's place in the order of a draw (hex)."""
    return hashlib.sha256(f"{seed}\n{digest}\n{case_number}".encode()).hexdigest()


def percent(number: int) -> Decimal:
    """A share that was given in percent."""
    return Decimal(number) / 100


def sizes(frame: Iterable[Listed], strata: Sequence[Slice]) -> dict[str, int]:
    """Stratum -> how many cases of the frame it has, by name."""
    return dict(sorted(Counter(case.stratum(strata) for case in frame).items()))


def allocation_blockers(available: Mapping[str, int], design: Design) -> list[Blocker]:
    """Why a design cannot be drawn from strata of these sizes; each names the remedy."""
    if not available:
        return [Blocker("empty_frame", "The frame holds no case: nothing can be drawn.", "frame")]
    if isinstance(design.allocation, Proportional):
        return _total_blockers(available, design.allocation)
    found = [
        Blocker(
            "unnamed_stratum",
            f"The design says nothing about {name} ({size} in the frame): give it a number, 0 too.",
            "allocation",
        )
        for name, size in available.items()
        if name not in design.allocation
    ]
    for name, wanted in design.allocation.items():
        size = available.get(name, 0)
        if wanted > size:
            message = f"The design asks for {wanted} of {name}; the frame has {size}: ask for fewer"
            found.append(Blocker("too_many", f"{message} or mend the frame.", "allocation"))
    if not found and not sum(design.allocation.values()):
        found.append(Blocker("nothing", "The design draws no case at all.", "allocation"))
    return found


def _total_blockers(available: Mapping[str, int], rule: Proportional) -> list[Blocker]:
    there = sum(available.values())
    least = sum(min(rule.at_least, size) for size in available.values())
    if rule.total > there:
        message = f"The design asks for {rule.total} cases; the frame has {there}: ask for fewer."
        return [Blocker("too_many", message, "total")]
    if least > rule.total:
        message = (
            f"At least {rule.at_least} of each of {len(available)} strata are {least} cases, more"
            f" than the {rule.total} in all: raise the total or lower the least."
        )
        return [Blocker("least_too_high", message, "at_least")]
    return []


def blockers(frame: Iterable[Listed], design: Design) -> list[Blocker]:
    """The same, for a frame of which nobody has counted the strata."""
    return allocation_blockers(sizes(frame, design.strata), design)


def allocate(available: Mapping[str, int], design: Design) -> dict[str, int]:
    """Stratum -> how many to draw, by name, for a design without `allocation_blockers`.

    Proportional: the least first, then the rest by the cases that remain in each stratum, by
    largest remainder (Hamilton); a tie goes to the name that sorts first. No stratum is ever
    asked for more than it has.
    """
    if not isinstance(design.allocation, Proportional):
        return {name: design.allocation[name] for name in available}
    rule = design.allocation
    given = {name: min(rule.at_least, size) for name, size in available.items()}
    left = {name: size - given[name] for name, size in available.items()}
    rest, remaining = rule.total - sum(given.values()), sum(left.values())
    if not rest:
        return given
    quotas = {name: Fraction(rest * number, remaining) for name, number in left.items()}
    whole = {name: math.floor(quota) for name, quota in quotas.items()}
    order = sorted(quotas, key=lambda name: (whole[name] - quotas[name], name))
    more = set(order[: rest - sum(whole.values())])
    return {name: given[name] + whole[name] + (name in more) for name in available}


def draw(frame: Sequence[Listed], design: Design, seed: str) -> tuple[Stratum, ...]:
    """The cases of each stratum, by name, for a design without `allocation_blockers`."""
    digest = frame_digest(frame)
    parts: dict[str, list[str]] = {}
    for case in frame:
        parts.setdefault(case.stratum(design.strata), []).append(case.case_number)
    numbers = allocate({name: len(parts[name]) for name in sorted(parts)}, design)
    return tuple(
        _stratum(name, parts[name], number, _reserve(number, design), (seed, digest))
        for name, number in numbers.items()
    )


def _reserve(number: int, design: Design) -> int:
    return math.ceil(number * design.reserve)


def _stratum(
    name: str, cases: list[str], number: int, reserve: int, chance: tuple[str, str]
) -> Stratum:
    ordered = sorted(cases, key=lambda case: key(*chance, case))
    return Stratum(name, len(cases), tuple(ordered[:number]), tuple(ordered[number:][:reserve]))
