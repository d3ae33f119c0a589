"""A systemic need on an invented memo, made through the product's own actions."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from cqi.access.models import Person
from cqi.core import identifiers
from cqi.core.database import Database
from cqi.feedback import actions, queries
from cqi.feedback.rules.needs import NeedKind, NewNeed
from cqi.feedback.workflow import NeedStep
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast

WORDS = "There is no parenting class in the evening within an hour's drive."
LATER = dt.timedelta(days=1)


def new(**other: Any) -> NewNeed:
    given = {"key": identifiers.uuid7(), "kind": NeedKind.SERVICES, "words": WORDS}
    return NewNeed(**({**given, "item": "SNA06"} | other))


def raised(
    database: Database,
    cast: Cast,
    said: NewNeed | None = None,
    *,
    review: uuid.UUID | None = None,
    person: Person | None = None,
    now: dt.datetime = build.NOW,
) -> uuid.UUID:
    """Raised by the cast's supervisor, or by somebody else; its public id."""
    review = review or invented.final_review(database, cast)
    with database.writing() as session:
        reader = build.actor(session, cast.supervisor)
        release = queries.released(session, reader, review, now.date())
        made = actions.raise_need(
            session,
            release=release,
            new=said or new(),
            actor=build.actor(session, person or cast.supervisor),
            now=now,
            today=now.date(),
        )
        return made.public_id


def take(
    database: Database,
    person: Person,
    need: uuid.UUID,
    step: NeedStep,
    words: str = "A class begins on 1 June.",
    *,
    now: dt.datetime = build.NOW + LATER,
) -> None:
    """One step of somebody who finds the need."""
    with database.writing() as session:
        actor = build.actor(session, person)
        actions.take_need_step(
            session,
            need=queries.need(session, actor, need),
            taking=actions.Taking(step, words),
            actor=actor,
            now=now,
            today=now.date(),
        )
