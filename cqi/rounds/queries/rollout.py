"""Reads of the roll-out: which regions somebody sees, what is planned, what rounds tell."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.rounds.models import RegionRollout, RolloutDecision, Round
from cqi.rounds.rules import INTERIM, RoundKind
from cqi.rounds.rules.rollout import Dates, DecisionKind, Lengths, Span, Stage, Told
from cqi.settings import queries as settings
from cqi.settings import registry

STATE_ID = uuid.uuid5(uuid.NAMESPACE_URL, "cqi:rollout")
_OF_KIND = {RoundKind.BASELINE: Stage.BASELINE, RoundKind.FOLLOW_UP: Stage.FOLLOW_UP}


@dataclass(frozen=True)
class Decided:
    """One decision with who made it. `number` grows with each."""

    number: int
    kind: DecisionKind
    content: dict[str, Any]
    criteria: str
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Region:
    """A region with what is planned and what happened; `dates` None: not planned. `place` is
    where it stands in the order, from 1; `interim` when its interim reviews are on site."""

    id: int
    public_id: uuid.UUID
    name: str
    dates: Dates | None
    told: Told
    revision: int
    place: int | None
    interim: tuple[Span, ...] = ()

    def planned(self, stage: Stage) -> dt.date | None:
        """The planned first day of a stage."""
        return self.dates.begins(stage) if self.dates else None


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `Place`: the regions whose rounds somebody may see."""
    is_region, reach = Place.kind == PlaceKind.REGION, actor.reach(Permission.ROUND_SEE)
    if reach.everywhere:
        return is_region
    theirs = sa.select(Round.region_id).where(Round.id.in_(sorted(reach.rounds)))
    return sa.and_(is_region, sa.or_(Place.id.in_(sorted(reach.places)), Place.id.in_(theirs)))


def place(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Place:
    """A region that `actor` sees. Raises NotFound."""
    query = sa.select(Place).where(Place.public_id == public_id, visible_to(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such region")
    return found


def regions(session: orm.Session, actor: Actor) -> list[Region]:
    """The regions that `actor` sees: in the order that was decided, the others after by name."""
    query = sa.select(Place).where(visible_to(actor)).order_by(Place.name)
    return _regions(session, list(session.scalars(query)))


def every_region(session: orm.Session) -> list[Region]:
    """All regions in the same order, for whoever asked for the whole state already."""
    query = sa.select(Place).where(Place.kind == PlaceKind.REGION).order_by(Place.name)
    return _regions(session, list(session.scalars(query)))


def region(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Region:
    """The same for one. Raises NotFound."""
    return _regions(session, [place(session, actor, public_id)])[0]


def _regions(session: orm.Session, places: Sequence[Place]) -> list[Region]:
    decided = order(session)
    listed = decided.content["regions"] if decided else []
    ids = {each.id for each in places}
    rows = {row.region_id: row for row in session.scalars(_rows(ids))}
    happened = told(session, ids)
    spans = defaultdict[int, list[Span]](list)
    for one in session.scalars(_interim(ids)):
        if one.region_id is not None:
            spans[one.region_id].append(Span(one.on_site_from, one.on_site_to))
    found = [
        Region(
            each.id,
            each.public_id,
            each.name,
            rows[each.id].dates if each.id in rows else None,
            happened[each.id],
            rows[each.id].revision if each.id in rows else 0,
            listed.index(each.id) + 1 if each.id in listed else None,
            tuple(spans.get(each.id, ())),
        )
        for each in places
    ]
    return sorted(found, key=lambda one: (one.place or len(listed) + 1, one.name))


def _rows(region_ids: Collection[int]) -> sa.Select[RegionRollout]:
    return sa.select(RegionRollout).where(RegionRollout.region_id.in_(sorted(region_ids)))


def row(session: orm.Session, region_id: int) -> RegionRollout | None:
    """What is planned for a region."""
    return session.scalar(_rows({region_id}))


def all_regions(session: orm.Session) -> frozenset[int]:
    """The ids of all regions, for a decision about all."""
    return frozenset(session.scalars(sa.select(Place.id).where(Place.kind == PlaceKind.REGION)))


def told(session: orm.Session, region_ids: Collection[int]) -> dict[int, Told]:
    """Region id -> what happened there: of its rounds the first of each kind counts."""
    query = (
        sa.select(Round.region_id, Round.kind, Round.on_site_from, Round.on_site_to)
        .where(Round.region_id.in_(sorted(region_ids)), Round.kind.in_(list(_OF_KIND)))
        .order_by(Round.on_site_from, Round.id)
    )
    spans: dict[int, dict[str, Span]] = {}
    for one in session.execute(query):
        found = spans.setdefault(one.region_id, {})
        found.setdefault(_OF_KIND[one.kind].value, Span(one.on_site_from, one.on_site_to))
    rows = {one.region_id: one for one in session.scalars(_rows(region_ids))}
    return {id_: _told(rows.get(id_), spans.get(id_, {})) for id_ in region_ids}


def _told(row_: RegionRollout | None, spans: dict[str, Span]) -> Told:
    if row_ is None:
        return Told(baseline=spans.get("baseline"), follow_up=spans.get("follow_up"))
    return Told(
        row_.planning_began_on,
        row_.implementation_began_on,
        row_.support_began_on,
        spans.get(Stage.BASELINE.value),
        spans.get(Stage.FOLLOW_UP.value),
    )


_LENGTHS = (
    registry.PLANNING_LEAST_MONTHS,
    registry.PLANNING_MOST_MONTHS,
    registry.IMPLEMENTATION_MONTHS,
    registry.FOLLOW_UP_MONTHS,
    registry.ROLLOUT_LEEWAY_MONTHS,
    registry.ENGAGED_MONTHS,
)


def lengths(session: orm.Session, today: dt.date) -> Lengths:
    """How long stages last, by the settings of a day."""
    return Lengths(*(settings.number(session, key, today) for key in _LENGTHS))


def lengths_held(session: orm.Session, today: dt.date) -> list[settings.Held]:
    """The same settings, for a page that says where they are from."""
    return [settings.held(session, key, today) for key in _LENGTHS]


def rounds_of(session: orm.Session, of: Region) -> dict[str, Round]:
    """The stage's value -> the round that tells when it was."""
    query = (
        sa.select(Round)
        .where(Round.region_id == of.id, Round.kind.in_(list(_OF_KIND)))
        .order_by(Round.on_site_from, Round.id)
    )
    found: dict[str, Round] = {}
    for one in session.scalars(query):
        found.setdefault(_OF_KIND[one.kind].value, one)
    return found


def interim_of(session: orm.Session, of: Region) -> list[Round]:
    """A region's interim reviews, by peers or by a county team, the newest first."""
    return list(session.scalars(_interim({of.id})))[::-1]


def _interim(region_ids: Collection[int]) -> sa.Select[Round]:
    return (
        sa.select(Round)
        .where(Round.region_id.in_(sorted(region_ids)), Round.kind.in_(sorted(INTERIM)))
        .order_by(Round.on_site_from, Round.id)
    )


def order(session: orm.Session) -> Decided | None:
    """The order of regions in force: the newest decision."""
    found = _decided(session, RolloutDecision.kind == DecisionKind.ORDER, 1)
    return found[0] if found else None


def orders(session: orm.Session) -> list[Decided]:
    """Every order that was decided, the newest first."""
    return _decided(session, RolloutDecision.kind == DecisionKind.ORDER)


def decisions(session: orm.Session, of: Region) -> list[Decided]:
    """What was decided about one region, the newest first."""
    return _decided(session, RolloutDecision.region_id == of.id)


def _decided(
    session: orm.Session, where: sa.ColumnElement[bool], most: int | None = None
) -> list[Decided]:
    decision = RolloutDecision
    query = (
        sa.select(decision, Person.name)
        .join(Person, Person.id == decision.by_id)
        .where(where)
        .order_by(decision.id.desc())
        .limit(most)
    )
    return [
        Decided(one.id, one.kind, one.content, one.criteria or "", one.reason, by, one.at)
        for one, by in session.execute(query)
    ]
