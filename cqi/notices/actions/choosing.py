"""What people say about e-mails: when they want theirs, and that failed ones go again now."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.notices import queries, rules
from cqi.notices.models import MailChoiceRow, Notice
from cqi.notices.rules import MailChoice

_TOO_SOON = "An e-mail was tried less than a minute ago: wait a minute, then try again"
_NONE = "No e-mail waits after a try that failed: look at the list again"


def choose_mail(
    session: orm.Session, *, choice: MailChoice, actor: Actor, now: dt.datetime
) -> None:
    """Somebody wants their e-mails at once, or one a day. What waits follows the new choice."""
    if queries.mail_choice(session, actor.person_id) is choice:
        return
    mine = sa.select(MailChoiceRow).where(MailChoiceRow.person_id == actor.person_id)
    row = session.scalar(mine) or MailChoiceRow(person_id=actor.person_id)
    row.choice, row.changed_at = choice, now
    session.add(row)
    _record(session, actor, now, "notices.mail_chosen", {"choice": choice.value})


def try_again(
    session: orm.Session, *, actor: Actor, now: dt.datetime, notice: uuid.UUID | None = None
) -> int:
    """Let failed e-mails be tried now: that of one notice, or all of them; how many notices.

    Raises NotFound where that notice has none that waits, Blocked where none can be tried now.
    """
    failed = _failed(session, notice)
    ready = [each for each in failed if each.send_at and _is_over(each, now)]
    if not ready:
        code, words = ("too_soon", _TOO_SOON) if failed else ("none_failed", _NONE)
        raise errors.Blocked([Blocker(code, words)])
    for each in ready:
        each.send_at = now
    payload = {"notices": [str(each.public_id) for each in ready]}
    _record(session, actor, now, "notices.tried_again", payload)
    return len(ready)


def _failed(session: orm.Session, notice: uuid.UUID | None) -> Sequence[Notice]:
    """E-mails that failed and wait, locked: all, or those that go with one notice."""
    failed = (
        sa.select(Notice)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.problem.is_not(None), Notice.send_at.is_not(None), Person.active)
        .order_by(Notice.id)
        .with_for_update(of=Notice)
    )
    if notice is None:
        return session.scalars(failed).all()
    one = session.scalar(failed.where(Notice.public_id == notice))
    if one is None:
        raise errors.NotFound("no e-mail of this notice waits")
    if one.digest_id is None:
        return [one]
    return session.scalars(failed.where(Notice.digest_id == one.digest_id)).all()


def _is_over(notice: Notice, now: dt.datetime) -> bool:
    return notice.send_at is not None and rules.try_is_over(notice.tries, notice.send_at, now)


def _record(
    session: orm.Session, actor: Actor, now: dt.datetime, kind: str, payload: Mapping[str, object]
) -> None:
    happening = events.Happening(kind, actor.person_id, now)
    events.record(session, events.Stream("person", actor.public_id), happening, payload)
