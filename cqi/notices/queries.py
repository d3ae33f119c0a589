"""Whose notices there are, and which e-mails wait."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.core import errors
from cqi.notices.models import Notice

LISTED = 100


def notices(session: orm.Session, actor: Actor) -> list[Notice]:
    """The newest hundred notices of a person: new ones first, then by age."""
    query = (
        sa.select(Notice)
        .where(Notice.person_id == actor.person_id)
        .order_by(Notice.seen_at.is_not(None), Notice.at.desc(), Notice.id.desc())
        .limit(LISTED)
    )
    return list(session.scalars(query))


def notice(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Notice:
    """One of a person's own notices. Raises NotFound for anybody else's."""
    query = sa.select(Notice).where(
        Notice.public_id == public_id, Notice.person_id == actor.person_id
    )
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such notice")
    return found


def new_count(session: orm.Session, actor: Actor) -> int:
    """How many notices a person has not seen yet."""
    return session.scalar(_NEW, {"person": actor.person_id}) or 0


# Made once: the top of every page asks, and building a statement costs more than running it.
_NEW = (
    sa.select(sa.func.count())
    .select_from(Notice)
    .where(Notice.person_id == sa.bindparam("person"), Notice.seen_at.is_(None))
)


@dataclass(frozen=True)
class Waiting:
    """An e-mail that is still to be sent."""

    notice: Notice
    address: str

    @property
    def failed(self) -> bool:
        """True when it was tried and refused."""
        return bool(self.notice.problem)


def waiting(session: orm.Session) -> list[Waiting]:
    """E-mails still to be sent, the oldest first. For those who run the product."""
    query = (
        sa.select(Notice, Person.email)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.send_at.is_not(None), Person.active)
        .order_by(Notice.id)
    )
    return [Waiting(notice, address) for notice, address in session.execute(query)]


def is_due(session: orm.Session, now: dt.datetime) -> bool:
    """True when an e-mail is to be sent now: a look that needs no writing."""
    query = sa.select(Notice.id).join(Person, Person.id == Notice.person_id)
    due = query.where(Notice.send_at <= now, Person.active).limit(1)
    return session.scalar(due) is not None
