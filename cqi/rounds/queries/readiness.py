"""Reads of a region's planning checklist, and of how far components are put into practice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.models import GrantRow, Person
from cqi.core import folders
from cqi.instruments import library
from cqi.places import queries as places
from cqi.rounds.models import Benchmark, PlanningItem
from cqi.rounds.queries.rollout import Region
from cqi.rounds.rules import rollout
from cqi.rounds.rules.rollout import Degree, Item, Stage
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class Line:
    """One item of a region's checklist; without an owner it is nobody's yet."""

    item: Item
    suggested_on: dt.date | None
    owner: str = ""
    owner_id: int | None = None
    due_on: dt.date | None = None
    done_on: dt.date | None = None
    done_by: str = ""
    note: str = ""
    revision: int = 0

    def late(self, today: dt.date) -> bool:
        """Due before today and not done; an item that is nobody's is due by the plan."""
        due = self.due_on or self.suggested_on
        return self.done_on is None and due is not None and due < today


@dataclass(frozen=True)
class Reached:
    """How far a component was put into practice from a day on, who wrote it, and what shows it."""

    component: str
    degree: Degree
    from_on: dt.date
    note: str
    by: str


def row(session: orm.Session, region_id: int, item: str) -> PlanningItem | None:
    """One item as it stands."""
    here = sa.and_(PlanningItem.region_id == region_id, PlanningItem.item == item)
    return session.scalar(sa.select(PlanningItem).where(here))


def checklist(session: orm.Session, of: Region, today: dt.date) -> list[Line]:
    """Every item of a region that the actor was shown, the first due first. Nothing is due by the
    plan any more once the baseline review has begun."""
    query = sa.select(PlanningItem).where(PlanningItem.region_id == of.id)
    rows = {each.item: each for each in session.scalars(query)}
    people = {id_ for each in rows.values() for id_ in (each.owner_id, each.done_by_id) if id_}
    names = access.people_names(session, people)
    over = of.told.begun(Stage.BASELINE, today)
    baseline = of.dates.baseline_from if of.dates and not over else None
    return [
        _line(item, item.due(baseline) if baseline else None, rows.get(item.key), names)
        for item in rollout.checklist()
    ]


def _line(
    item: Item, suggested: dt.date | None, one: PlanningItem | None, names: Mapping[int, str]
) -> Line:
    if one is None:
        return Line(item, suggested)
    return Line(
        item,
        suggested,
        names[one.owner_id],
        one.owner_id,
        one.due_on,
        one.done_on,
        names[one.done_by_id] if one.done_by_id else "",
        one.note,
        one.revision,
    )


def owners(session: orm.Session, of: Region, today: dt.date) -> dict[int, str]:
    """Person id -> name of active people with a grant that touches the region, by name."""
    near = places.below(session, [of.id], today) | places.above(session, [of.id], today)
    query = (
        sa.select(Person.id, Person.name)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(Person.active, GrantRow.place_id.in_(near), *access.in_force(today))
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return {one.id: one.name for one in session.execute(query)}


def components(session: orm.Session, today: dt.date) -> dict[str, str]:
    """Code -> title of the components that the roll-out follows; none where the setting names no
    published instrument."""
    wanted, root = settings.value(session, registry.ROLLOUT_INSTRUMENT, today), _root()
    published = [
        (each.published_on, each.version)
        for each in library.versions(root)
        if each.instrument_id == wanted and each.published_on
    ]
    if not published:
        return {}
    instrument = library.load(root, str(wanted), max(published)[1])
    return {each.code: each.title for each in instrument.components}


def _root() -> Path:
    return folders.data_folder("review_instruments")


def reached(session: orm.Session, of: Region) -> dict[str, list[Reached]]:
    """Component -> how far it was put into practice over time, the newest first."""
    query = (
        sa.select(Benchmark, Person.name)
        .join(Person, Person.id == Benchmark.by_id)
        .where(Benchmark.region_id == of.id)
        .order_by(Benchmark.from_on.desc(), Benchmark.id.desc())
    )
    found: dict[str, list[Reached]] = {}
    for one, by in session.execute(query):
        made = Reached(one.component, one.degree, one.from_on, one.note, by)
        found.setdefault(one.component, []).append(made)
    return found
