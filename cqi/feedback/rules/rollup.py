"""Feedback of a reach, added up by county. Counties stand in the order of their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cqi.feedback.rules.needs import NeedKind, NeedState
from cqi.feedback.rules.units import Share


@dataclass(frozen=True)
class Released:
    """A released memo that stands. `late`: somebody has yet to acknowledge it, and it is due."""

    county: int
    by_caseworker: bool
    by_supervisor: bool
    late: bool


@dataclass(frozen=True)
class Alert:
    """A safety alert; `late` while it is open and something about it is overdue."""

    county: int
    open: bool
    late: bool


@dataclass(frozen=True)
class Alerts:
    """How many are open, how many of those late, how many closed."""

    open: int = 0
    late: int = 0
    closed: int = 0


@dataclass(frozen=True)
class CountyLine:
    """One county: memos that are out, that wait for their release, who acknowledged them."""

    name: str
    released: int
    waiting: int
    waiting_late: int
    by_caseworker: Share
    by_supervisor: Share
    late: int
    alerts: Alerts


@dataclass(frozen=True)
class KindLine:
    """The systemic needs of a kind: without a reply, of those late, with one."""

    kind: NeedKind
    open: int
    late: int
    answered: int


def county_line(
    name: str,
    released: Iterable[Released],
    waiting: Iterable[bool],
    alerts: Iterable[Alert],
) -> CountyLine:
    """Everything of one county; `waiting` says of each memo to be released whether it is late."""
    out, queue = list(released), list(waiting)
    return CountyLine(
        name,
        released=len(out),
        waiting=len(queue),
        waiting_late=sum(queue),
        by_caseworker=Share(sum(one.by_caseworker for one in out), len(out)),
        by_supervisor=Share(sum(one.by_supervisor for one in out), len(out)),
        late=sum(one.late for one in out),
        alerts=alerts_of(alerts),
    )


def alerts_of(found: Iterable[Alert]) -> Alerts:
    """Counts of some alerts."""
    listed = list(found)
    still_open = sum(one.open for one in listed)
    return Alerts(still_open, sum(one.late for one in listed), len(listed) - still_open)


def by_kind(found: Iterable[tuple[NeedKind, NeedState, bool]]) -> tuple[KindLine, ...]:
    """(kind, state, late) of each need, counted; every kind has its line."""
    listed = list(found)

    def line(kind: NeedKind) -> KindLine:
        mine = [(state, late) for its, state, late in listed if its is kind]
        waits = [late for state, late in mine if state is NeedState.RAISED]
        return KindLine(kind, len(waits), sum(waits), len(mine) - len(waits))

    return tuple(line(kind) for kind in NeedKind)
