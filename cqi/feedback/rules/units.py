"""What a unit's reviews say together: counts over counts, by round, by item and by worker.

Nothing here puts people in an order but that of their names (domain.md 5a: under ten cases counts
alone, and of a person always).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cqi.instruments.definition import Rating

ACHIEVED = frozenset({Rating.STRENGTH, Rating.SUBSTANTIALLY_ACHIEVED})


@dataclass(frozen=True)
class Share:
    """In how many of the cases that something applied to it was achieved, or was a strength."""

    achieved: int
    applicable: int


@dataclass(frozen=True)
class Reviewed:
    """One case review that counts: its round, its caseworkers (staff numbers), its ratings by code
    of item and component, which of its caseworkers acknowledged its memo (ids of people), and the
    id of the instrument that it was scored with."""

    round_id: int
    workers: frozenset[str]
    ratings: Mapping[str, Rating | None]
    acknowledged_by: frozenset[int] = frozenset()
    instrument: str = ""


@dataclass(frozen=True)
class Pages:
    """What an instrument's components and items are called, by code, in its order."""

    instrument: str
    title: str
    components: Mapping[str, str]
    items: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A component or an item, with its share in each column."""

    code: str
    title: str
    shares: tuple[Share | None, ...]


@dataclass(frozen=True)
class Worker:
    """A caseworker of some cases. `person_id` is none where nobody with that staff number signs
    in; then nobody acknowledges."""

    staff_id: str
    name: str
    person_id: int | None = None


@dataclass(frozen=True)
class WorkerTable:
    """The caseworkers of reviews that were scored with one instrument; `components` are titles."""

    title: str
    components: tuple[str, ...]
    lines: tuple[WorkerLine, ...]


@dataclass(frozen=True)
class WorkerLine:
    """What the reviews of one caseworker's cases say: counts, never a percentage."""

    name: str
    cases: int
    shares: tuple[Share | None, ...]
    acknowledged: Share


def share(reviews: Iterable[Reviewed], code: str) -> Share | None:
    """Of one code; None where it applied to no case."""
    given = (one.ratings.get(code) for one in reviews)
    applied = [one for one in given if one not in (None, Rating.NOT_APPLICABLE)]
    achieved = sum(one in ACHIEVED for one in applied)
    return Share(achieved, len(applied)) if applied else None


def by_round(
    reviews: Collection[Reviewed], rounds: Sequence[int], titles: Mapping[str, str]
) -> tuple[Line, ...]:
    """Each code over the rounds, in the order of `titles`; what applied nowhere is left out."""
    columns = [[one for one in reviews if one.round_id == key] for key in rounds]
    lines = (
        Line(code, title, tuple(share(column, code) for column in columns))
        for code, title in titles.items()
    )
    return tuple(line for line in lines if any(line.shares))


def needs(reviews: Collection[Reviewed], titles: Mapping[str, str]) -> tuple[Line, ...]:
    """The items that needed improvement in some case, in the instrument's order."""
    ani = Rating.AREA_NEEDING_IMPROVEMENT
    needed = {code for one in reviews for code, rating in one.ratings.items() if rating is ani}
    return tuple(
        Line(code, title, (share(reviews, code),))
        for code, title in titles.items()
        if code in needed
    )


def worker_table(
    reviews: Iterable[Reviewed], workers: Iterable[Worker], pages: Pages
) -> WorkerTable:
    """Of one instrument."""
    mine = [one for one in reviews if one.instrument == pages.instrument]
    numbers = {number for one in mine for number in one.workers}
    theirs = [who for who in workers if who.staff_id in numbers]
    lines = by_worker(mine, theirs, list(pages.components))
    return WorkerTable(pages.title, tuple(pages.components.values()), lines)


def by_worker(
    reviews: Collection[Reviewed], workers: Iterable[Worker], codes: Sequence[str]
) -> tuple[WorkerLine, ...]:
    """Each caseworker, in the order of their names and of nothing else."""
    lines = []
    for who in sorted(workers, key=lambda one: (one.name.casefold(), one.staff_id)):
        theirs = [one for one in reviews if who.staff_id in one.workers]
        read = sum(who.person_id in one.acknowledged_by for one in theirs)
        shares = tuple(share(theirs, code) for code in codes)
        lines.append(WorkerLine(who.name, len(theirs), shares, Share(read, len(theirs))))
    return tuple(lines)
