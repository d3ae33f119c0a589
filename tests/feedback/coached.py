"""A coaching note on an invented memo, made through the product's own actions."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import orm

from cqi.access.models import Person
from cqi.core import identifiers
from cqi.core.database import Database
from cqi.feedback import actions, queries
from cqi.feedback.rules.coaching import EntryKind, Wish
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast

TODAY = build.NOW.date()
TRYING = "Two visits together, ten minutes with each child."
FOLLOW_UP = dt.date(2027, 3, 12)


def wish(cast: Cast, **other: Any) -> Wish:
    given = {"worker_id": cast.caseworker.id, "item": "SNA06", "trying": TRYING}
    return Wish(**({**given, "follow_up_on": FOLLOW_UP} | other))


def given(session: orm.Session, person: Person) -> dict[str, Any]:
    """Who acts, and when, as the actions take them."""
    return {"actor": build.actor(session, person), "now": build.NOW, "today": TODAY}


def draft(
    session: orm.Session,
    cast: Cast,
    review: uuid.UUID,
    said: Wish | None = None,
    *,
    key: uuid.UUID | None = None,
    expected: int = 0,
    person: Person | None = None,
) -> queries.CoachingNote:
    """Kept by the supervisor, or by somebody else."""
    who = given(session, person or cast.supervisor)
    release = queries.released(session, build.actor(session, cast.supervisor), review, TODAY)
    drafting = actions.Drafting(key or identifiers.uuid7(), said or wish(cast), expected)
    return actions.draft_coaching(session, release=release, drafting=drafting, **who)


def shared(
    database: Database, cast: Cast, review: uuid.UUID | None = None, said: Wish | None = None
) -> uuid.UUID:
    """A shared note; its public id."""
    review = review or invented.final_review(database, cast)
    with database.writing() as session:
        note = draft(session, cast, review, said)
        actions.share_coaching(session, note=note, **given(session, cast.supervisor))
        return note.public_id


def write_on(
    database: Database,
    person: Person,
    note: uuid.UUID,
    kind: EntryKind,
    words: str = "We tried it.",
    *,
    key: uuid.UUID | None = None,
    follow_up_on: dt.date | None = None,
) -> None:
    """Somebody writes on a note that they find."""
    with database.writing() as session:
        who = given(session, person)
        found = queries.note(session, who["actor"], note)
        writing = actions.WritingOn(key or identifiers.uuid7(), kind, words, follow_up_on)
        actions.write_on_coaching(session, note=found, writing=writing, **who)
