"""Rounds, as far as the actor's grants reach."""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor, Thing
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.core import errors, folders
from cqi.instruments import definition, library
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.rounds.models import Round, RoundCounty, ShareChange
from cqi.rounds.rules import (
    NONE_DUE,
    NONE_TWICE,
    DoubleReading,
    MemoRatings,
    RoundKind,
    SecondLevel,
    Setting,
    Share,
)
from cqi.rounds.rules.ledger import LedgerKind

_NAMED = 12  # rounds that a message lists


@dataclass(frozen=True)
class NewRound:
    """A round to open. Either `region_id` or `county_ids`; ids are those of places. A share
    without a seed gets one drawn; `items` are the only ones to ask for; none:
    all. `sampling` is the period that cases are sampled from, where it is not the one under review
    up to the first day on site. `requires` is what its reviewers need."""

    name: str
    kind: RoundKind
    instrument: str
    version: str
    pur_from: dt.date
    on_site_from: dt.date
    on_site_to: dt.date
    region_id: int | None = None
    county_ids: tuple[int, ...] = ()
    compares_with: Round | None = None
    items: tuple[str, ...] = ()
    second_level: SecondLevel = NONE_DUE
    double_reading: DoubleReading = NONE_TWICE
    memo_ratings: MemoRatings = MemoRatings.SUPERVISORS
    sampling: tuple[dt.date | None, dt.date | None] = (None, None)
    requires: tuple[LedgerKind, ...] = ()


def visible_to(
    actor: Actor, permission: Permission = Permission.ROUND_SEE
) -> sa.ColumnElement[bool]:
    """Where-clause on `Round`: those that a permission of the actor reaches."""
    reach = actor.reach(permission)
    if reach.everywhere:
        return sa.true()
    there = sa.select(RoundCounty.round_id).where(RoundCounty.county_id.in_(sorted(reach.places)))
    return sa.or_(
        Round.id.in_(sorted(reach.rounds)),
        Round.region_id.in_(sorted(reach.places)),
        Round.id.in_(there),
    )


def rounds(session: orm.Session, actor: Actor) -> list[Round]:
    """The rounds that `actor` sees, newest first."""
    order = (Round.on_site_from.desc(), Round.name)
    return list(session.scalars(sa.select(Round).where(visible_to(actor)).order_by(*order)))


def by_public_id(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Round:
    """A round that `actor` sees. Raises NotFound."""
    query = sa.select(Round).where(Round.public_id == public_id, visible_to(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such round")
    return found


def by_reference(session: orm.Session, reference: str) -> Round:
    """For commands: a round by its public id or its name. Raises NotFound."""
    same = [Round.name == reference.strip()]
    with contextlib.suppress(ValueError):
        same.append(Round.public_id == uuid.UUID(reference.strip()))
    found = session.scalar(sa.select(Round).where(sa.or_(*same)))
    if found is None:
        raise errors.NotFound(
            f'there is no round "{reference.strip()}": {_near(session, reference)}'
        )
    return found


def _near(session: orm.Session, reference: str) -> str:
    """What to do about a round's name that is none: the nearest, or those that there are."""
    names = list(session.scalars(sa.select(Round.name).order_by(Round.on_site_from, Round.name)))
    if not names:
        return "no round was opened yet; `cqi rounds create` opens one"
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(reference.strip().casefold(), folded, n=1)
    if near:
        return f'did you mean "{folded[near[0]]}"? `cqi rounds list` has them all'
    return f"there are {'; '.join(names[:_NAMED])}. `cqi rounds list` has them all"


def names(session: orm.Session) -> dict[int, str]:
    """Id -> name of every round, the newest first: for those who grant roles, and name reaches."""
    order = (Round.on_site_from.desc(), Round.name)
    return {
        row.id: row.name
        for row in session.execute(sa.select(Round.id, Round.name).order_by(*order))
    }


def county_ids(session: orm.Session, in_round: Round) -> frozenset[int]:
    """The counties that are frozen into a round."""
    query = sa.select(RoundCounty.county_id).where(RoundCounty.round_id == in_round.id)
    return frozenset(session.scalars(query))


def instrument_of(one: Round) -> definition.Instrument:
    """The version of the instrument that a round is scored with."""
    root = folders.data_folder("review_instruments")
    return library.load(root, one.instrument, one.instrument_version)


def counties_of(session: orm.Session, new: NewRound) -> frozenset[int]:
    """The counties of a round to open: those named, or the region's on its first day on site."""
    if new.region_id is None:
        return frozenset(new.county_ids)
    below = places.below(session, [new.region_id], new.on_site_from)
    query = sa.select(Place.id).where(Place.id.in_(below), Place.kind == PlaceKind.COUNTY)
    return frozenset(session.scalars(query))


def thing(session: orm.Session, in_round: Round) -> Thing:
    """Where a round lies: its region, its counties, itself."""
    region = {in_round.region_id} if in_round.region_id is not None else set()
    return Thing(places=county_ids(session, in_round) | region, round_id=in_round.id)


def county_names(session: orm.Session, in_round: Round) -> Mapping[int, str]:
    """Place id -> name of the round's counties, by name."""
    query = (
        sa.select(Place.id, Place.name)
        .join(RoundCounty, RoundCounty.county_id == Place.id)
        .where(RoundCounty.round_id == in_round.id)
        .order_by(Place.name)
    )
    return {row.id: row.name for row in session.execute(query)}


@dataclass(frozen=True)
class ShareChanged:
    """One change of a share of a round's cases."""

    before: Share
    after: Share
    reason: str
    by: str
    at: dt.datetime


def share_changes(session: orm.Session, in_round: Round, setting: Setting) -> list[ShareChanged]:
    """What was changed about one of a round's shares, the newest first."""
    change, made = ShareChange, type(in_round.drawn_for(setting))
    query = (
        sa.select(change.share_before, change.share, change.reason, Person.name, change.at)
        .join(Person, Person.id == change.by_id)
        .where(change.round_id == in_round.id, change.setting == setting)
        .order_by(change.id.desc())
    )
    return [
        ShareChanged(made(row.share_before), made(row.share), row.reason, row.name, row.at)
        for row in session.execute(query)
    ]


def baselines(session: orm.Session, actor: Actor) -> list[Round]:
    """The baselines that `actor` sees, newest first: what a follow-up can compare with."""
    return [each for each in rounds(session, actor) if each.kind is RoundKind.BASELINE]
