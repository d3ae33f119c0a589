"""Adding and taking away evidence sources."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, identifiers
from cqi.reviews import queries, rules
from cqi.reviews.actions import allowed, interviews, moving
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import CaseReview, Evidence
from cqi.reviews.rules import NewEvidence


def add_evidence(
    session: orm.Session,
    *,
    review: CaseReview,
    sources: Sequence[NewEvidence],
    actor: Actor,
    now: dt.datetime,
) -> list[uuid.UUID]:
    """Name one or many sources. Returns their public ids. Errors as for `record_answers`; NotFound
    for an interview that is not on the list."""
    allowed.require_items(queries.instrument_of(review), [each.item for each in sources])
    doing = Doing(review, actor, now)
    moving.require_scoring(session, doing)
    rows = [_row(doing, each) for each in sources]
    if not rows:
        return []
    heard = {each.interview for each in sources if each.interview}
    if heard:
        people = {one.id: one for one in queries.people(session, review)}
        interviews.keep(session, interviews.rows_of(session, doing, people, heard).values())
    session.execute(sa.insert(Evidence).execution_options(render_nulls=True), rows)
    payload: dict[str, Any] = {
        "added": [[row["item"], row["source"].value, str(row["public_id"])] for row in rows]
    }
    moving.start_if_new(session, doing, payload)
    moving.record(session, doing, "review.evidence_added", payload)
    return [row["public_id"] for row in rows]


def _row(doing: Doing, new: NewEvidence) -> dict[str, Any]:
    return {
        "public_id": identifiers.uuid7(),
        "review_id": doing.review.id,
        "item": new.item,
        "kind": rules.kind_of(new.source),
        "source": new.source,
        "detail": new.detail.strip() or None,
        "protected": new.protected,
        "interview": new.interview,
        "by_id": doing.actor.person_id,
        "at": doing.now,
    }


def remove_evidence(
    session: orm.Session,
    *,
    review: CaseReview,
    evidence_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take a source away; it stays on record. Raises NotFound; else as for `record_answers`."""
    doing = Doing(review, actor, now)
    moving.require_scoring(session, doing)
    row = session.scalar(
        sa.select(Evidence).where(
            Evidence.review_id == review.id,
            Evidence.public_id == evidence_id,
            Evidence.removed_at.is_(None),
        )
    )
    if row is None:
        raise errors.NotFound("this evidence source is not there any more")
    row.removed_at, row.removed_by_id = now, actor.person_id
    payload = {"item": row.item, "evidence": str(row.public_id)}
    moving.record(session, doing, "review.evidence_removed", payload)
