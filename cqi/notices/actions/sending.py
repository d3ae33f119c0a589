"""E-mails out of the table of notices, which is the queue.

To claim one writes down when it would be tried again, before it is tried. So nothing is lost with
a process that dies, two runners never try the same one at the same time, and what is recorded as
sent is never sent again. Nothing is sent inside a transaction.
"""

from __future__ import annotations

import datetime as dt
import logging

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.notices import queries, rules
from cqi.notices.actions import posting
from cqi.notices.models import Notice
from cqi.notices.rules import Mail, NoticeKind

_logger = logging.getLogger(__name__)


def claim(session: orm.Session, *, now: dt.datetime) -> Mail | None:
    """The next e-mail that is due, put off to its next try in case this one fails."""
    query = (
        sa.select(Notice, Person.email)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.send_at <= now, Person.active)
        .order_by(Notice.send_at, Notice.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Notice)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    notice, address = found
    notice.tries += 1
    notice.send_at = now + rules.pause(notice.tries)
    kind = NoticeKind(notice.kind)
    return Mail(notice.public_id, kind, notice.at, address, notice.tries)


def record_sent(session: orm.Session, mail: Mail, *, now: dt.datetime) -> None:
    """It is out: never again."""
    _update(session, mail, sent_at=now, send_at=None, problem=None)


def record_failure(session: orm.Session, mail: Mail, problem: str) -> None:
    """It was refused; `problem` says why without a name. Its next try stands already."""
    _update(session, mail, problem=problem)


def _update(session: orm.Session, mail: Mail, **values: object) -> None:
    session.execute(sa.update(Notice).where(Notice.public_id == mail.notice).values(**values))


def send_due(database: Database, clock: Clock, post: posting.Post) -> tuple[int, int]:
    """Try every e-mail that is due now: (sent, failed)."""
    tried = []
    while (mail := _next(database, clock)) is not None:
        tried.append(_try(database, clock, mail, post))
    return tried.count(True), tried.count(False)


def _next(database: Database, clock: Clock) -> Mail | None:
    """Look first: most of the time nothing is due, and nobody has to wait for a writer."""
    with database.reading() as session:
        if not queries.is_due(session, clock.now()):
            return None
    with database.writing() as session:
        return claim(session, now=clock.now())


def _try(database: Database, clock: Clock, mail: Mail, post: posting.Post) -> bool:
    try:
        post(mail)
    except (OSError, ValueError) as error:  # smtplib's own errors are of the first kind
        problem = posting.problem(error)
        with database.writing() as session:
            record_failure(session, mail, problem)
        _logger.warning("notice %s not mailed, try %d: %s", mail.notice, mail.tries, problem)
        return False
    with database.writing() as session:
        record_sent(session, mail, now=clock.now())
    return True
