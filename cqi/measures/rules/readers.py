"""Between readers: how far two readings agree on each item and component, and who differs how.

Counted as figures are: a pair of ratings where both say that it applies. Where both say that it
does not, nothing was judged; where one does, that is counted beside (`one_applies`): with "not
applicable" as one more rating, items that few cases have would seem to be agreed on.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cqi.instruments.definition import Instrument, Rating
from cqi.measures.rules import agreement
from cqi.measures.rules.agreement import Agreement, Pair
from cqi.reviews.rules.readings import Reading, ReadTwice

_ITEM_SCALE = (Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT)


@dataclass(frozen=True)
class Limits:
    """Pairs for a percentage, and the percent that two readings should reach: two settings."""

    smallest_n: int = 10
    wanted: int = 85


class Standing(enum.StrEnum):
    """What may be said of an agreement against what is wanted."""

    REACHED = "reached"
    BELOW = "below"
    NOT_APART = "not_apart"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Row:
    """An item or a component; `part_of` names the item that it is a part of."""

    code: str
    title: str
    component: str
    agreement: Agreement
    one_applies: int = 0
    part_of: str | None = None

    @property
    def is_component(self) -> bool:
        """Whether it is a component's own rating."""
        return self.code == self.component


def few(one: Agreement, limits: Limits) -> bool:
    """Whether only counts may be shown."""
    return one.n < max(limits.smallest_n, 1)


def standing(one: Agreement, limits: Limits) -> Standing:
    """A word only where Wilson's interval lies on one side of what is wanted."""
    interval = one.interval
    if interval is None or few(one, limits):
        return Standing.TOO_FEW
    if interval.high * 100 < limits.wanted:
        return Standing.BELOW
    return Standing.REACHED if interval.low * 100 >= limits.wanted else Standing.NOT_APART


def rows(instrument: Instrument, pairs: Sequence[ReadTwice]) -> list[Row]:
    """Each component, where it is rated, before its items, each item before its parts."""
    found = []
    for one in instrument.components:
        if instrument.whole:
            scale = _scale(row.rating for row in instrument.rows_of(one))
            found.append(_row((one.code, one.title, one.code), scale, pairs))
        for item in instrument.items_of(one.code):
            whole = instrument.whole_of(item.code)
            names = (item.code, item.title, one.code)
            found.append(_row(names, _ITEM_SCALE, pairs, whole.code if whole else None))
    return found


def _scale(ratings: Iterable[Rating]) -> tuple[Rating, ...]:
    return tuple(dict.fromkeys(each for each in ratings if each is not Rating.NOT_APPLICABLE))


def _row(
    names: tuple[str, str, str],
    scale: Sequence[Rating],
    pairs: Sequence[ReadTwice],
    part_of: str | None = None,
) -> Row:
    both = [_pair(each, names[0]) for each in pairs]
    return Row(
        *names,
        agreement=agreement.agreement((pair for pair in both if not _without(pair)), scale),
        one_applies=sum(_one_applies(pair) for pair in both),
        part_of=part_of,
    )


def _pair(both: ReadTwice, code: str) -> Pair:
    return both.first.ratings.get(code), both.second.ratings.get(code)


def _without(pair: Pair) -> bool:
    return Rating.NOT_APPLICABLE in pair


def _one_applies(pair: Pair) -> bool:
    return _without(pair) and None not in pair and pair[0] != pair[1]


def together(found: Sequence[Row]) -> tuple[int, int, int]:
    """Ratings of items that both gave, the same ones, and how often one alone says that it applies;
    without parts, which count in their wholes."""
    items = [row for row in found if not row.is_component and not row.part_of]
    return (
        sum(row.agreement.n for row in items),
        sum(row.agreement.agreed for row in items),
        sum(row.one_applies for row in items),
    )


@dataclass(frozen=True)
class Differences:
    """Of `compared` items how many a reading rated more strictly than the other one did, how many
    more mildly, and in how many only one of the two says that the item applies."""

    compared: int = 0
    stricter: int = 0
    milder: int = 0
    one_applies: int = 0

    @property
    def differ(self) -> int:
        """How many are not the same."""
        return self.stricter + self.milder + self.one_applies

    def __add__(self, other: Differences) -> Differences:
        """Both counted together."""
        return Differences(
            self.compared + other.compared,
            self.stricter + other.stricter,
            self.milder + other.milder,
            self.one_applies + other.one_applies,
        )


@dataclass(frozen=True)
class Reader:
    """Somebody whose readings stand beside others', by component; neither of two is the right one.
    Both of a pair have its differences."""

    person_id: int
    name: str
    readings: int
    by_component: Mapping[str, Differences] = field(default_factory=dict)

    @property
    def all(self) -> Differences:
        """All components together."""
        return sum(self.by_component.values(), Differences())


def readers(instrument: Instrument, pairs: Sequence[ReadTwice]) -> list[Reader]:
    """Everybody who handed in one of two readings, by name, never by how far they differ."""
    found: defaultdict[tuple[str, int], list[tuple[Reading, Reading]]] = defaultdict(list)
    for both in pairs:
        for own, other in ((both.first, both.second), (both.second, both.first)):
            for person_id, name in own.people:
                found[name, person_id].append((own, other))
    return [
        Reader(person_id, name, len(theirs), dict(_by_component(instrument, theirs)))
        for (name, person_id), theirs in sorted(found.items())
    ]


def _by_component(
    instrument: Instrument, theirs: Sequence[tuple[Reading, Reading]]
) -> Iterator[tuple[str, Differences]]:
    for one in instrument.components:
        each = (
            _difference((own.ratings.get(code), other.ratings.get(code)))
            for own, other in theirs
            for code in one.items
        )
        yield one.code, sum(each, Differences())


def _difference(pair: Pair) -> Differences:
    """Own rating against the other one, of one item."""
    own, other = pair
    if None in pair or (_without(pair) and own == other):
        return Differences()
    if _without(pair):
        return Differences(1, one_applies=1)
    if own == other:
        return Differences(1)
    return Differences(1, milder=1) if own == Rating.STRENGTH else Differences(1, stricter=1)
