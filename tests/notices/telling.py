"""Notices for tests: somebody is told of a thing that nobody looks up."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from cqi.access.models import Person
from cqi.core.database import Database
from cqi.notices import actions
from cqi.notices.models import Notice
from cqi.notices.rules import MailChoice, NoticeKind
from tests import build

ZONE = ZoneInfo("America/Chicago")
SUBJECT = uuid.UUID("01890000-0000-7000-8000-00000000000a")


def told(
    database: Database,
    *people: Person,
    now: dt.datetime = build.NOW,
    kind: NoticeKind = NoticeKind.ALERT_RAISED,
) -> None:
    """Each of them is told, if not of something else, that a safety alert was raised."""
    with database.writing() as session:
        ids = [person.id for person in people]
        actions.tell(session, kind, people=ids, subject=SUBJECT, now=now)


def choose(database: Database, *people: Person, choice: MailChoice = MailChoice.DAILY) -> None:
    """Each of them wants their e-mails like this."""
    with database.writing() as session:
        for person in people:
            actor = build.actor(session, person)
            actions.choose_mail(session, choice=choice, actor=actor, now=build.NOW)


def rows(database: Database) -> list[Notice]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Notice).order_by(Notice.id)))
