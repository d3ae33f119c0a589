"""What every change of a sample begins and ends with: may they, the lock, the event; and the cases
that come out of a frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases import actions as cases
from cqi.core import database, errors, events
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.sampling.models import Draw, Frame, FrameCase
from cqi.sampling.rules import details


def require(
    session: orm.Session, in_round: Round, actor: Actor | None, permission: Permission
) -> None:
    """Raise Forbidden unless `actor` may; None is the command line."""
    if actor is not None and not actor.may(permission, rounds.thing(session, in_round)):
        raise errors.Forbidden("You may not do this with the sample of this round.")


def lock(session: orm.Session, one: Draw) -> None:
    """One elimination of a draw at a time, so that nobody steps in twice."""
    if not database.alone(session):
        session.refresh(one, with_for_update=True)


def take_up(
    session: orm.Session, frame: Frame, numbers: Sequence[str] | sa.Select[str], now: dt.datetime
) -> None:
    """Keep cases of the frame as cases, so that they can be assigned; all others stay lines."""
    query = sa.select(FrameCase).where(
        FrameCase.frame_id == frame.id, FrameCase.case_number.in_(numbers)
    )
    found = [
        details.read(row.details or "{}", row.case_number, row.case_type)
        for row in session.scalars(query)
    ]
    cases.take_up(session, found, today=now.date(), now=now)


def happening(kind: str, actor: Actor | None, now: dt.datetime) -> events.Happening:
    """What happened, by whom and when."""
    return events.Happening(kind, actor.person_id if actor else None, now)


def record(
    session: orm.Session, in_round: Round, happened: events.Happening, payload: dict[str, Any]
) -> None:
    """One event in the stream of the round."""
    events.record(session, events.Stream("round", in_round.public_id), happened, payload)
