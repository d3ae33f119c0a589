"""Rounds, as far as the actor's grants reach."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor, Thing
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind


@dataclass(frozen=True)
class NewRound:
    """A round to open. Either `region_id` or `county_ids`; ids are those of places."""

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


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `Round`."""
    raise NotImplementedError


def rounds(session: orm.Session, actor: Actor) -> list[Round]:
    """The rounds that `actor` sees, newest first."""
    raise NotImplementedError


def by_public_id(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Round:
    """A round that `actor` sees. Raises NotFound."""
    raise NotImplementedError


def by_reference(session: orm.Session, reference: str) -> Round:
    """For commands: a round by its public id or its name. Raises NotFound."""
    raise NotImplementedError


def thing(session: orm.Session, in_round: Round) -> Thing:
    """Where a round lies: its region, its counties, itself."""
    raise NotImplementedError


def county_names(session: orm.Session, in_round: Round) -> Mapping[int, str]:
    """Place id -> name of the round's counties, by name."""
    raise NotImplementedError
