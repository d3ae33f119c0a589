"""The memo: what a final review says back, strengths first (domain.md section 1).

It names nobody, quotes no evidence source, and leaves out the words of items that rest on
protected evidence (42 CFR Part 2) without saying why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from cqi.core import working_days
from cqi.instruments.definition import NO, Instrument, Item, Rating

SHOWN_STRENGTHS = 6  # the rest is one click away, and unfolded on paper
SHOWN_NEEDS = 5
SOON = 3  # working days


@dataclass(frozen=True)
class Scored:
    """What a final review holds, by item code. `withheld` are items whose words stay inside."""

    ratings: Mapping[str, Rating | None]
    answers: Mapping[str, Mapping[str, str]]
    narratives: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)
    withheld: Collection[str] = frozenset()


@dataclass(frozen=True)
class Point:
    """One item of the memo: what was seen, why it is rated so, what good looks like.

    `questions` are those that were answered No; `seen` is empty where no words may be shown.
    """

    code: str
    title: str
    component: str
    core: bool
    seen: str
    questions: tuple[str, ...]
    reason: str
    good_looks_like: str

    @property
    def why(self) -> str:
        """ "the answer is No to: “...”", else the rule's own sentence."""
        if not self.questions:
            return self.reason
        return f"the answer is No to: {', '.join(f'“{text}”' for text in self.questions)}"


@dataclass(frozen=True)
class Memo:
    """Strengths with those to show first, then every need; `applicable` counts the items."""

    strengths: tuple[Point, ...]
    more_strengths: tuple[Point, ...]
    needs: tuple[Point, ...]
    applicable: int

    @property
    def first_needs(self) -> tuple[Point, ...]:
        """Those that stand unfolded."""
        return _folded(self.needs, SHOWN_NEEDS)[0]

    @property
    def more_needs(self) -> tuple[Point, ...]:
        """Those that are one click away."""
        return _folded(self.needs, SHOWN_NEEDS)[1]

    @property
    def strength_count(self) -> int:
        """All strengths, shown or folded."""
        return len(self.strengths) + len(self.more_strengths)


def memo(instrument: Instrument, scored: Scored) -> Memo:
    """Put a final review's items in order: core items first, else the instrument's order."""
    strengths = _points(instrument, scored, Rating.STRENGTH)
    needs = _points(instrument, scored, Rating.AREA_NEEDING_IMPROVEMENT)
    shown, more = _folded(strengths, SHOWN_STRENGTHS)
    return Memo(shown, more, tuple(needs), len(strengths) + len(needs))


def _folded(points: Sequence[Point], shown: int) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Those to show and those to fold away; a single one more is not worth folding."""
    kept = len(points) if len(points) == shown + 1 else shown
    return tuple(points[:kept]), tuple(points[kept:])


def _points(instrument: Instrument, scored: Scored, rating: Rating) -> list[Point]:
    found = [
        _point(instrument, item, scored)
        for item in instrument.items
        if scored.ratings.get(item.code) == rating
    ]
    return sorted(found, key=lambda point: not point.core)


def _point(instrument: Instrument, item: Item, scored: Scored) -> Point:
    answers = scored.answers.get(item.code, {})
    held_back = item.code in scored.withheld
    return Point(
        item.code,
        item.title,
        instrument.component(item.component).short_title,
        item.core,
        "" if held_back else scored.narratives.get(item.code, ""),
        tuple(each.text for each in item.questions if answers.get(each.id) == NO),
        scored.reasons.get(item.code, ""),
        item.good_looks_like,
    )


@dataclass(frozen=True)
class Calendar:
    """What due dates are counted with. `days` are the working days to read a memo in."""

    today: dt.date
    zone: dt.tzinfo
    days: int
    holidays: Collection[dt.date] = frozenset()

    def day_words(self, day: dt.date) -> str:
        """ "Mon 7 Dec", with the year where it is another one."""
        return day_words(day, self.today)

    def words(self, instant: dt.datetime) -> str:
        """ "Fri 20 Nov 15:10", as the agency's clocks show it."""
        local = instant.astimezone(self.zone)
        return f"{self.day_words(local.date())} {local:%H:%M}"

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The agency's date of an instant."""
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True)
class Due:
    """When a memo is to be acknowledged. `kind` is "", "soon" or "late", `days` working days."""

    on: dt.date
    kind: str
    days: int
    words: str


def due(final_at: dt.datetime, calendar: Calendar) -> Due:
    """Some working days after the day on which the review became final."""
    on = working_days.after(calendar.day_of(final_at), calendar.days, calendar.holidays)
    left = working_days.between(calendar.today, on, calendar.holidays)
    if left < 0:
        return Due(on, "late", -left, f"{_days(-left)} late")
    if on == calendar.today:
        return Due(on, "soon", 0, "due today")
    kind = "soon" if left <= SOON else ""
    return Due(on, kind, left, f"due {day_words(on, calendar.today)}, in {_days(left)}")


def day_words(day: dt.date, today: dt.date) -> str:
    """ "Mon 7 Dec", with the year where it is another one."""
    words = f"{day:%a} {day.day} {day:%b}"
    return words if day.year == today.year else f"{words} {day.year}"


def _days(count: int) -> str:
    return f"{count} working day" if count == 1 else f"{count} working days"
