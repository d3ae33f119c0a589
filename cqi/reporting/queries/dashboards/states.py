"""The regions side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import orm

from cqi.feedback import queries as feedback
from cqi.instruments import library
from cqi.measures.queries import tallies as counts
from cqi.measures.rules import findings, tallies
from cqi.measures.rules.tabulation import Group
from cqi.places.models import Place
from cqi.reporting.queries import region as reports
from cqi.reporting.queries.dashboards import focus, places
from cqi.reporting.queries.dashboards.boards import Look
from cqi.reporting.queries.dashboards.focus import Focus
from cqi.reporting.rules.dashboards import Region, Rests, State, StateTable, Wanted
from cqi.rounds.models import Round

_NEVER = "Not reviewed yet"
_OPEN = "No case review is final yet"
_NO_SUCH = "No such round with a final case review"


def state(session: orm.Session, look: Look) -> State:
    """Every region within reach in its newest round of whole case reviews, or of a kind."""
    regions = places.regions(session, look.actor)
    rounds = places.rounds_of_regions(session, look.actor, regions)
    found_newest = newest(session, rounds, look.wanted)
    limits = reports.limits(session, look.today)
    here = {key: focus.of_components(one, look.wanted, limits) for key, one in found_newest.items()}
    found = _found(session, list(here.values()), look.wanted)
    shown = [(one, here[one.id]) for one in regions if one.id in here]
    without = waiting(regions, rounds, found_newest, look.wanted)
    return State(_tables(shown, found), without, rests(session, list(here.values()), found, limits))


def waiting(
    regions: Sequence[Place],
    rounds: Sequence[Round],
    newest: Collection[int | None],
    wanted: Wanted,
) -> tuple[Region, ...]:
    """The regions that have nothing to show, with why; `newest` are the ids of those that have."""
    opened = {one.region_id for one in rounds}
    none = _NO_SUCH if wanted.kind else _OPEN
    return tuple(
        _region(one, why=none if one.id in opened else _NEVER)
        for one in regions
        if one.id not in newest
    )


def newest(
    session: orm.Session, rounds: Sequence[Round], wanted: Wanted
) -> dict[int | None, Round]:
    """Region id -> its newest round that has something to show."""
    of_kind = [one for one in rounds if wanted.kind in ("", one.kind.value) and not one.items]
    found = counts.tallied(session, of_kind, counts.Part(codes=()))
    final = [one for one in of_kind if counts.of(found, one).cases]
    return {one.region_id: one for one in reversed(final)}


def _found(session: orm.Session, here: Sequence[Focus], wanted: Wanted) -> counts.Found:
    codes = {code for one in here for code in one.at_first}
    rounds = {one.id: one for each in here for one in each.rounds}
    group = Group(case_type=wanted.case_type or None)
    return counts.tallied(session, list(rounds.values()), counts.Part(group, codes))


def _tables(shown: Sequence[tuple[Place, Focus]], found: counts.Found) -> tuple[StateTable, ...]:
    """A table for each instrument, that of most regions first."""
    by_instrument: dict[str, list[tuple[Place, Focus]]] = {}
    for place, one in shown:
        by_instrument.setdefault(one.asked.instrument.id, []).append((place, one))
    groups = sorted(by_instrument.values(), key=len, reverse=True)
    return tuple(_table(group, found) for group in groups)


def _table(group: Sequence[tuple[Place, Focus]], found: counts.Found) -> StateTable:
    instrument = library.newest(one.asked.instrument for _, one in group)
    return StateTable(
        instrument=instrument.title,
        components=tuple((each.code, each.title) for each in instrument.components),
        items=tuple((each.code, each.title) for each in instrument.items),
        regions=tuple(_region(place, one, found) for place, one in group),
    )


def _region(
    place: Place, one: Focus | None = None, found: counts.Found | None = None, why: str = ""
) -> Region:
    if one is None or found is None:
        return Region(str(place.public_id), place.name, why=why)
    rows = {row.key: row for row in one.rows(one.at_first, one.sides(found))}
    now, _ = one.words()
    cases = counts.of(found, one.round).cases
    return Region(str(place.public_id), place.name, now, cases, rows)


def rests(
    session: orm.Session, here: Sequence[Focus], found: counts.Found, limits: findings.Limits
) -> Rests:
    """What the figures of these rounds rest on, together."""
    rounds = {one.id: one for each in here for one in each.rounds}
    items = {item.code for one in here for item in one.asked.instrument.items if not item.parts}
    wanted = here[0].wanted if here else Wanted()
    within = Group(case_type=wanted.case_type or None)
    part = counts.Part(within, items, overridden=True, reviews=False)
    was_set = tallies.together(counts.tallied(session, list(rounds.values()), part).values())
    other = [counts.of(found, one.baseline) for one in here if one.baseline]
    return Rests(
        tallies.together(counts.of(found, one.round) for one in here),
        tallies.together(other) if other else None,
        limits,
        run="a run for each region: on its page",
        set_by_qa=was_set.set_by_qa(items),
        overrides=wanted.overrides,
        in_question=feedback.in_question(session, rounds, within),
    )
