"""Reads of a region's planning checklist, and of how far components are put into practice."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import GrantRow, Person
from cqi.core import errors, folders
from cqi.instruments import library
from cqi.places import queries as places
from cqi.places.models import Place as Place
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


@functools.cache
def shipped_checklist() -> tuple[Item, ...]:
    """What every region gets ready, from the data file."""
    file = Path(__file__).parent.parent / "data" / "planning_checklist.toml"
    return rollout.checklist_of(file.read_text(encoding="utf-8"))


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
        for item in shipped_checklist()
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


@dataclass(frozen=True)
class Own:
    """An item that somebody does, as they see it."""

    item: Item
    due_on: dt.date
    done_on: dt.date | None
    note: str
    revision: int

    def late(self, today: dt.date) -> bool:
        """Due before today and not done."""
        return self.done_on is None and self.due_on < today


def own_region(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Place:
    """A region of whose checklist somebody has an item. Raises NotFound."""
    theirs = sa.select(PlanningItem.region_id).where(PlanningItem.owner_id == actor.person_id)
    query = sa.select(Place).where(Place.public_id == public_id, Place.id.in_(theirs))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such checklist")
    return found


def own(session: orm.Session, actor: Actor, region: Place) -> list[Own]:
    """What somebody does in a region, the first due first."""
    here = sa.and_(PlanningItem.region_id == region.id, PlanningItem.owner_id == actor.person_id)
    query = sa.select(PlanningItem).where(here).order_by(PlanningItem.due_on, PlanningItem.id)
    known = {each.key: each for each in shipped_checklist()}
    return [
        Own(known[each.item], each.due_on, each.done_on, each.note, each.revision)
        for each in session.scalars(query)
        if each.item in known
    ]


def late_to_tell(session: orm.Session, today: dt.date) -> list[tuple[int, uuid.UUID, int]]:
    """(id, region's public id, owner's id) of the items that are late and whose owner
    has not been told."""
    one = PlanningItem
    query = (
        sa.select(one.id, Place.public_id, one.owner_id)
        .join(Place, Place.id == one.region_id)
        .where(one.done_on.is_(None), one.due_on < today, one.told_late_on.is_(None))
        .order_by(one.id)
    )
    return [(key, region, owner) for key, region, owner in session.execute(query)]


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
