"""Whose notices there are, and which e-mails wait."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.core import errors, holidays
from cqi.notices import rules
from cqi.notices.models import MailChoiceRow, Notice
from cqi.notices.rules import MailChoice
from cqi.settings import queries as settings
from cqi.settings.queries import Held
from cqi.settings.registry import DIGEST_HOUR

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


def mail_choice(session: orm.Session, person_id: int) -> MailChoice:
    """When a person wants their e-mails: at once, unless they chose otherwise."""
    query = sa.select(MailChoiceRow.choice).where(MailChoiceRow.person_id == person_id)
    return session.scalar(query) or MailChoice.AT_ONCE


def digest_times(session: orm.Session, zone: ZoneInfo) -> rules.DigestTimes:
    """When daily e-mails go, as the settings say it for each day."""

    @functools.cache
    def hour_on(day: dt.date) -> int:
        return settings.number(session, DIGEST_HOUR, day)

    return rules.DigestTimes(zone, hour_on, holidays.days())


_chosen = orm.aliased(MailChoiceRow)
_CAN_WAIT = Notice.kind.not_in([kind.value for kind in rules.URGENT])
# what somebody's daily e-mail waits for: an e-mail that was tried goes on as it began
held = sa.and_(
    Notice.send_at.is_not(None),
    Notice.tries == 0,
    _CAN_WAIT,
    sa.exists().where(_chosen.person_id == Notice.person_id, _chosen.choice == MailChoice.DAILY),
)


def due_alone(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Notices whose e-mail of their own is to be tried now."""
    return sa.and_(Notice.send_at <= now, Notice.digest_id.is_(None), sa.not_(held))


def due_together(now: dt.datetime, last: dt.datetime) -> sa.ColumnElement[bool]:
    """Notices, joined with the choice of their person, that a daily e-mail is to be tried for
    now: of one that failed, or until the `last` hour of daily e-mails, once for that hour."""
    new = sa.and_(
        held,
        Notice.send_at <= last,
        sa.or_(MailChoiceRow.digest_at.is_(None), MailChoiceRow.digest_at < last),
    )
    return sa.and_(Notice.send_at <= now, sa.or_(Notice.digest_id.is_not(None), new))


def of_whom_together(now: dt.datetime, last: dt.datetime) -> sa.Select[MailChoiceRow, str]:
    """The choices, and addresses, of those whom a daily e-mail is due to."""
    return (
        sa.select(MailChoiceRow, Person.email)
        .join(Person, Person.id == MailChoiceRow.person_id)
        .join(Notice, Notice.person_id == MailChoiceRow.person_id)
        .where(Person.active, due_together(now, last))
        .order_by(MailChoiceRow.id)
        .limit(1)
    )


def is_due(session: orm.Session, now: dt.datetime, zone: ZoneInfo) -> bool:
    """True when an e-mail is to be sent now: a look that needs no writing."""
    query = sa.select(Notice.id).join(Person, Person.id == Notice.person_id).where(Person.active)
    if session.scalar(query.where(Notice.send_at <= now).limit(1)) is None:
        return False
    if session.scalar(query.where(due_alone(now)).limit(1)) is not None:
        return True
    last = digest_times(session, zone).last(now)
    return session.execute(of_whom_together(now, last)).first() is not None


@dataclass(frozen=True)
class Waiting:
    """An e-mail that is still to be sent: of one notice, or of the several of a daily one.
    `held` is one that waits for its hour."""

    notices: tuple[Notice, ...]
    address: str
    held: bool = False

    @property
    def notice(self) -> Notice:
        """What stands for all of it: they are tried together."""
        return self.notices[0]

    @property
    def failed(self) -> bool:
        """True when it was tried and refused."""
        return self.notice.failed

    def next_at(self, daily_at: dt.datetime) -> dt.datetime:
        """When it is tried next, where the next daily e-mail goes at `daily_at`."""
        return daily_at if self.held else self.notice.send_at or daily_at


def waiting(session: orm.Session) -> list[Waiting]:
    """E-mails still to be sent, the oldest first. For those who run the product."""
    query = (
        sa.select(Notice, Person.email, held)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.send_at.is_not(None), Person.active)
        .order_by(Notice.id)
    )
    found: dict[object, Waiting] = {}
    for notice, to, waits in session.execute(query):
        key = ("held", to) if waits else notice.digest_id or notice.public_id
        before = found[key].notices if key in found else ()
        found[key] = Waiting((*before, notice), to, waits)
    return list(found.values())


@dataclass(frozen=True)
class OwnMail:
    """What a person chose, where it goes, and what their next daily e-mail will hold: `held`
    notices. `hour` is the setting behind it."""

    choice: MailChoice
    address: str
    next_at: dt.datetime
    held: int
    hour: Held


def own_mail(session: orm.Session, actor: Actor, now: dt.datetime, zone: ZoneInfo) -> OwnMail:
    """What a person's own page says of their e-mails."""
    mine = Notice.person_id == actor.person_id
    today = now.astimezone(zone).date()
    return OwnMail(
        choice=mail_choice(session, actor.person_id),
        address=session.scalars(sa.select(Person.email).where(Person.id == actor.person_id)).one(),
        next_at=digest_times(session, zone).next(now),
        held=session.scalars(sa.select(sa.func.count(Notice.id)).where(mine, held)).one(),
        hour=settings.held(session, DIGEST_HOUR, today),
    )
