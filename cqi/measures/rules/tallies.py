"""Case reviews counted: all that shares and intervals need, without a row a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from cqi.measures.rules.frozen import FrozenCase, FrozenOutside, LeftOut


@dataclass(frozen=True)
class RatingTally:
    """How many cases that count have a rating. `overridden` is what QA set in its place, if it
    did; None as rating: not rated."""

    code: str
    rating: str | None
    overridden: str | None
    number: int

    def counted(self, *, overrides: bool) -> str | None:
        """The rating that counts."""
        return self.overridden if overrides and self.overridden else self.rating


@dataclass(frozen=True)
class ReviewTally:
    """How many case reviews count (`why` is None) or do not, and why."""

    why: LeftOut | None
    imported: bool
    number: int


@dataclass(frozen=True)
class Tallied:
    """A round, or a part of one, counted."""

    ratings: tuple[RatingTally, ...] = ()
    reviews: tuple[ReviewTally, ...] = ()

    @property
    def cases(self) -> int:
        """The case reviews that count."""
        return self.left_out(None)

    @property
    def imported(self) -> int:
        """Those of them that came from elsewhere."""
        return sum(one.number for one in self.reviews if one.why is None and one.imported)

    def left_out(self, why: LeftOut | None) -> int:
        """The case reviews that do not count, for one reason."""
        return sum(one.number for one in self.reviews if one.why is why)

    def of(self, code: str, *, overrides: bool = True) -> Counter[str]:
        """Rating -> cases, of one item or component; those without a rating are not in it."""
        found: Counter[str] = Counter()
        for one in self._by_code.get(code, ()):
            rating = one.counted(overrides=overrides)
            if rating is not None:
                found[rating] += one.number
        return found

    def set_by_qa(self, items: Collection[str]) -> int:
        """How many ratings of these items QA set."""
        return sum(one.number for one in self.ratings if one.overridden and one.code in items)

    @cached_property
    def _by_code(self) -> dict[str, list[RatingTally]]:
        found: dict[str, list[RatingTally]] = {}
        for one in self.ratings:
            found.setdefault(one.code, []).append(one)
        return found


def together(parts: Iterable[Tallied]) -> Tallied:
    """Several parts as one."""
    ratings: Counter[tuple[str, str | None, str | None]] = Counter()
    reviews: Counter[tuple[LeftOut | None, bool]] = Counter()
    for part in parts:
        for one in part.ratings:
            ratings[one.code, one.rating, one.overridden] += one.number
        for each in part.reviews:
            reviews[each.why, each.imported] += each.number
    return Tallied(
        tuple(RatingTally(*key, number) for key, number in ratings.items()),
        tuple(ReviewTally(*key, number) for key, number in reviews.items()),
    )


def of_rows(cases: Iterable[FrozenCase], outside: Iterable[FrozenOutside]) -> Tallied:
    """The same from frozen rows."""
    ratings: Counter[tuple[str, str | None, str | None]] = Counter()
    reviews: Counter[tuple[LeftOut | None, bool]] = Counter()
    for case in cases:
        reviews[None, case.imported] += 1
        for code, counted in case.ratings.items():
            was_set = code in case.computed
            key = (case.computed[code], counted) if was_set else (counted, None)
            ratings[code, *key] += 1
    reviews.update((one.why, False) for one in outside)
    return Tallied(
        tuple(RatingTally(*key, number) for key, number in ratings.items()),
        tuple(ReviewTally(*key, number) for key, number in reviews.items()),
    )
