"""E-mails out of the table of notices, which is the queue.

To claim one writes down when it would be tried again, before it is tried. So nothing is lost with
a process that dies, two runners never try the same one at the same time, and what is recorded as
sent is never sent again. Nothing is sent inside a transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.core import identifiers
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.notices import queries, rules
from cqi.notices.actions import posting
from cqi.notices.models import MailChoiceRow, Notice
from cqi.notices.rules import Mail, NoticeKind, Told

_logger = logging.getLogger(__name__)


def claim(session: orm.Session, *, now: dt.datetime, zone: ZoneInfo) -> Mail | None:
    """The next e-mail that is due, put off to its next try in case this one fails."""
    return _claim_one(session, now) or _claim_together(session, now, zone)


def _claim_one(session: orm.Session, now: dt.datetime) -> Mail | None:
    query = (
        sa.select(Notice, Person.email)
        .join(Person, Person.id == Notice.person_id)
        .where(queries.due_alone(now), Person.active)
        .order_by(Notice.send_at, Notice.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Notice)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    notice, address = found
    return _mail(notice.public_id, [notice], now, address)


def _claim_together(session: orm.Session, now: dt.datetime, zone: ZoneInfo) -> Mail | None:
    """The daily e-mail of one person: one that failed before a new one."""
    last = queries.digest_times(session, zone).last(now)
    whose = queries.of_whom_together(now, last)
    found = session.execute(whose.with_for_update(skip_locked=True, of=MailChoiceRow)).one_or_none()
    if found is None:
        return None
    choice, address = found
    due = _together(session, choice, now, last)
    if not due:  # somebody else made it while this runner came to the row
        return None
    tried = due[0].digest_id
    if tried is None:
        choice.digest_at = last
    batch = [notice for notice in due if notice.digest_id == tried]
    return _mail(tried or identifiers.uuid7(), batch, now, address, together=True)


def _together(
    session: orm.Session, choice: MailChoiceRow, now: dt.datetime, last: dt.datetime
) -> list[Notice]:
    query = (
        sa.select(Notice)
        .join(MailChoiceRow, MailChoiceRow.person_id == Notice.person_id)
        .where(MailChoiceRow.id == choice.id, queries.due_together(now, last))
        .order_by(Notice.digest_id.is_(None), Notice.id)
        .with_for_update(of=Notice)
    )
    return list(session.scalars(query))


def _mail(
    key: uuid.UUID,
    batch: list[Notice],
    now: dt.datetime,
    address: str,
    *,
    together: bool = False,
) -> Mail:
    """Write down the next try of all of them; what to send now."""
    for notice in batch:
        notice.tries += 1
        notice.send_at = now + rules.pause(notice.tries)
        notice.digest_id = key if together else None
    told = tuple(Told(NoticeKind(notice.kind), notice.public_id) for notice in batch)
    return Mail(key, told, max(notice.at for notice in batch), address, batch[0].tries)


def record_sent(session: orm.Session, mail: Mail, *, now: dt.datetime) -> None:
    """It is out: never again."""
    _update(session, mail, sent_at=now, send_at=None, problem=None)


def record_failure(session: orm.Session, mail: Mail, problem: str) -> None:
    """It was refused; `problem` says why without a name. Its next try stands already."""
    _update(session, mail, problem=problem)


def _update(session: orm.Session, mail: Mail, **values: object) -> None:
    keys = [each.notice for each in mail.told]
    session.execute(sa.update(Notice).where(Notice.public_id.in_(keys)).values(**values))


def send_due(database: Database, clock: Clock, post: posting.Post) -> tuple[int, int]:
    """Try every e-mail that is due now: (sent, failed)."""
    tried = []
    while (mail := _next(database, clock)) is not None:
        tried.append(_try(database, clock, mail, post))
    return tried.count(True), tried.count(False)


def _next(database: Database, clock: Clock) -> Mail | None:
    """Look first: most of the time nothing is due, and nobody has to wait for a writer."""
    with database.reading() as session:
        if not queries.is_due(session, clock.now(), clock.time_zone):
            return None
    with database.writing() as session:
        return claim(session, now=clock.now(), zone=clock.time_zone)


def _try(database: Database, clock: Clock, mail: Mail, post: posting.Post) -> bool:
    try:
        post(mail)
    except (OSError, ValueError) as error:  # smtplib's own errors are of the first kind
        problem = posting.problem(error)
        with database.writing() as session:
            record_failure(session, mail, problem)
        _logger.warning("e-mail %s not sent, try %d: %s", mail.id, mail.tries, problem)
        return False
    with database.writing() as session:
        record_sent(session, mail, now=clock.now())
    return True
