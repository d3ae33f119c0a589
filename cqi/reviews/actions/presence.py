"""A sign of life from a page that somebody has open: no work, no event, no part of any chain."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import columns
from cqi.reviews.models import CaseReview, Presence


def be_here(
    session: orm.Session, *, review: CaseReview, place: str, actor: Actor, now: dt.datetime
) -> None:
    """Say where on a case review somebody is: an item's code, a component's, "facts" or ""."""
    connection = session.connection()
    here = {"review_id": review.id, "person_id": actor.person_id, "place": place, "at": now}
    connection.execute(_upsert(connection.dialect.name), here)


@functools.cache
def _upsert(dialect: str) -> Any:
    return columns.upsert(Presence, ("review_id", "person_id"), ("place", "at"), dialect)
