"""Who else has a case review open now."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.reviews.models import CaseReview, Presence

FRESH = dt.timedelta(minutes=1)


def others_here(
    session: orm.Session, review: CaseReview, actor: Actor, now: dt.datetime
) -> list[tuple[str, str]]:
    """(name, place) of everybody else whose page gave a sign of life within a minute, by name.

    Only who may see the case review can give one; so can whoever asks.
    """
    query = (
        sa.select(Person.name, Presence.place)
        .join(Person, Person.id == Presence.person_id)
        .where(Presence.review_id == review.id, Presence.person_id != actor.person_id)
        .where(Presence.at > now - FRESH, Person.active)
        .order_by(Person.name)
    )
    return [(name, place) for name, place in session.execute(query)]
