"""The state's page: every plan within reach in one table, sorted, narrowed, and as a file."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.documents import model
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.plans import rules
from cqi.plans.queries import due, standings
from cqi.plans.queries.standings import PlanLine
from cqi.plans.rules import PlanState


@dataclass(frozen=True)
class Owed:
    """A plan that a published report made due and that is not with the state; `plan_id` is its
    draft, `returned` says that it was submitted before."""

    place: str
    region: str
    round: str
    due_on: dt.date
    words: str
    days_late: int
    plan_id: uuid.UUID | None
    returned: bool

    @property
    def late(self) -> bool:
        """True from the day after it was due."""
        return self.days_late > 0


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see: a column to sort by, a region, a state, late ones alone."""

    sort: str = "plan"
    down: bool = False
    region: str = ""
    state: str = ""
    late: bool = False


@dataclass(frozen=True)
class Line:
    """A plan of the table, with the region that its place belongs to."""

    plan: PlanLine
    region: str
    submitted_on: dt.date | None

    @property
    def late_share(self) -> str:
        """ "3 of 22", or "none"."""
        counts = self.plan.counts
        return f"{counts.late} of {counts.steps}" if counts.late else "none"


@dataclass(frozen=True)
class Overview:
    """The table with what it was chosen from. `without` are regions that have no plan at all, for
    whoever sees the state; they and `owed` follow the region that was chosen, and are left out
    where plans of one state or with late steps are asked for."""

    lines: tuple[Line, ...]
    of: int
    regions: tuple[str, ...]
    without: tuple[str, ...]
    owed: tuple[Owed, ...]

    @property
    def never_submitted(self) -> tuple[Owed, ...]:
        """What nobody submitted yet."""
        return tuple(one for one in self.owed if not one.returned)

    @property
    def returned(self) -> tuple[tuple[Owed, Line], ...]:
        """What was submitted and returned, with its plan, and not submitted again."""
        lines = {one.plan.public_id: one for one in self.lines}
        return tuple(
            (one, lines[one.plan_id]) for one in self.owed if one.returned and one.plan_id in lines
        )

    def total(self, name: str) -> int:
        """The sum of a count over the lines that are shown."""
        return sum(getattr(one.plan.counts, name) for one in self.lines)


@dataclass(frozen=True)
class Column:
    """One that can be sorted by, with the words for both ways, up and down; `first_down`: its first
    click puts the largest on top."""

    key: str
    heading: str
    order: Callable[[Line], Any]
    ways: tuple[str, str] = ("fewest first", "most first")
    first_down: bool = True

    def words(self, down: bool) -> str:
        """ "Late, most first"."""
        return f"{self.heading}, {self.ways[down]}"


_NEVER = dt.date.max
_LETTERS, _DATES = ("A to Z", "Z to A"), ("oldest first", "newest first")
COLUMNS = (
    Column("plan", "Plan", lambda one: one.plan.name.lower(), _LETTERS, first_down=False),
    Column(
        "region", "Region", lambda one: (one.region, one.plan.place), _LETTERS, first_down=False
    ),
    Column("state", "State", lambda one: one.plan.state_words, _LETTERS, first_down=False),
    Column(
        "approved", "Approved", lambda one: one.plan.approved_on or _NEVER, _DATES, first_down=False
    ),
    Column("on_time", "On time", lambda one: one.plan.counts.on_schedule),
    Column("behind", "Behind", lambda one: one.plan.counts.behind),
    Column("late", "Late", lambda one: one.plan.counts.late),
    Column("latest", "Latest by", lambda one: one.plan.latest),
    Column("claimed", "Claimed", lambda one: one.plan.counts.claimed),
    Column("verified", "Verified", lambda one: one.plan.counts.verified),
    Column("extensions", "Extensions", lambda one: one.plan.extensions),
)
_BY_KEY = {each.key: each for each in COLUMNS}


def overview(session: orm.Session, actor: Actor, today: rules.Today, wish: Wish) -> Overview:
    """The plans within the actor's reach that meet a wish, in its order."""
    found = standings.plans_visible(session, actor, today)
    regions = _Regions.on(session, today.day)
    every = [_line(one, regions, today) for one in found]
    kept = [one for one in every if _meets(one, wish)]
    column = _BY_KEY.get(wish.sort, COLUMNS[0])
    owed = _owed(session, actor, regions, today)
    without = _without(actor, every, regions)
    named = {one.region for one in every} | {one.region for one in owed} | set(without)
    besides = not wish.state and not wish.late
    return Overview(
        tuple(sorted(kept, key=column.order, reverse=wish.down)),
        len(every),
        tuple(sorted(named)),
        tuple(one for one in without if besides and wish.region in ("", one)),
        tuple(one for one in owed if besides and wish.region in ("", one.region)),
    )


def _owed(
    session: orm.Session, actor: Actor, regions: _Regions, today: rules.Today
) -> tuple[Owed, ...]:
    """Plans that published reports made due and that are not submitted, the most pressing first."""
    return tuple(
        Owed(
            one.place,
            regions.of(one.place_id),
            one.round,
            one.deadline.on,
            one.deadline.words,
            one.deadline.days if one.deadline.late else 0,
            one.begun.public_id if one.begun else None,
            one.begun is not None and one.begun.state is PlanState.RETURNED,
        )
        for one in due.due(session, actor, today)
    )


@dataclass(frozen=True)
class _Regions:
    """Names of regions by id, and which county belongs to which on a day."""

    names: Mapping[int, str]
    parents: Mapping[int, int]

    @classmethod
    def on(cls, session: orm.Session, day: dt.date) -> _Regions:
        regions = places.of_kind(session, PlaceKind.REGION)
        return cls({each.id: each.name for each in regions}, places.parents(session, day))

    def of(self, place_id: int) -> str:
        """The region of a county, or a region's own name."""
        return self.names.get(place_id) or self.names.get(self.parents.get(place_id, 0), "")


def _line(one: PlanLine, regions: _Regions, today: rules.Today) -> Line:
    submitted = one.submitted_at.astimezone(today.zone).date() if one.submitted_at else None
    return Line(one, regions.of(one.place_id), submitted)


def _meets(one: Line, wish: Wish) -> bool:
    return (
        (not wish.region or one.region == wish.region)
        and (not wish.state or one.plan.state.value == wish.state)
        and (not wish.late or one.plan.counts.late > 0)
    )


def _without(actor: Actor, lines: Sequence[Line], regions: _Regions) -> tuple[str, ...]:
    """Regions without any plan, not even a draft that stands; who sees one region is not told of
    others."""
    if not actor.reach(Permission.PLAN_SEE).everywhere:
        return ()
    having = {one.region for one in lines if one.plan.state is not PlanState.WITHDRAWN}
    return tuple(sorted(set(regions.names.values()) - having))


def document(found: Overview, today: dt.date) -> model.Document:
    """The table as it is shown, for files; then, without counts, what there is no plan for."""
    owed = {one.plan_id: one for one in found.owed}
    lines = [_cells(one, owed.get(one.plan.public_id)) for one in found.lines]
    rows = tuple(model.Row(cells) for cells in (*lines, *_missing(found)))
    table = model.Table("plans", "Improvement plans", _FILE, rows)
    shown = f"{len(found.lines)} of {found.of} plans, on {today.day} {today:%B %Y}."
    section = model.Section("plans", "Improvement plans", "", (table,))
    return model.Document("Improvement plans", shown, "report", (), (section,))


_TEXT = ("plan", "region", "place", "state")
_DAYS = ("submitted_on", "approved_on")
_COUNTS = (
    *("steps", "on_time", "behind", "late", "latest_by_working_days"),
    *("claimed", "verified", "dropped", "extensions_granted"),
)
_FILE = (
    *(model.Column(name.capitalize(), data=(name,)) for name in _TEXT),
    model.Column("Due on", data=("due_on",)),
    model.Column("Days late", "number", ("days_late",)),
    *(model.Column(name.replace("_", " ").capitalize(), data=(name,)) for name in _DAYS),
    *(model.Column(name.replace("_", " ").capitalize(), "number", (name,)) for name in _COUNTS),
)


_Cells = tuple[model.Cell | str | int, ...]


def _missing(found: Overview) -> Iterator[_Cells]:
    """Regions and counties that owe a plan which nobody has begun, then regions without any."""
    nothing = (_day(None),) * (2 + len(_COUNTS))
    owed = [one for one in found.owed if one.plan_id is None]
    for one in owed:
        yield ("", one.region, one.place, "Not begun", *_due(one), *nothing)
    for name in sorted(set(found.without) - {one.place for one in owed}):
        yield ("", name, name, "No plan", *_due(None), *nothing)


def _due(one: Owed | None) -> _Cells:
    """By when a plan was to be submitted, and the calendar days since, once it is late."""
    if one is None:
        return _day(None), _day(None)
    return _day(one.due_on), one.days_late if one.late else _day(None)


def _cells(one: Line, owed: Owed | None) -> _Cells:
    plan, counts = one.plan, one.plan.counts
    return (
        plan.name,
        one.region,
        plan.place,
        plan.state_words,
        *_due(owed),
        *(_day(day) for day in (one.submitted_on, plan.approved_on)),
        *(counts.steps, counts.on_schedule, counts.behind, counts.late, plan.latest),
        *(counts.claimed, counts.verified, plan.dropped, plan.extensions),
    )


def _day(day: dt.date | None) -> model.Cell:
    if day is None:
        return model.Cell("", (None,))
    return model.Cell(f"{day.day} {day:%b %Y}", (day,))
