"""Listing, renaming and taking away whom the repeated questions of an instrument are asked of."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.instruments import inputs
from cqi.reviews import queries
from cqi.reviews.actions import moving, rating
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import CaseReview, ReviewSubject
from cqi.reviews.queries import known
from cqi.reviews.rules import LONGEST_LABEL, NewSubject, Renaming


def add_subjects(
    session: orm.Session,
    *,
    review: CaseReview,
    subjects: Sequence[NewSubject],
    actor: Actor,
    now: dt.datetime,
) -> list[uuid.UUID]:
    """List one or many. Returns their public ids. Errors as for `record_answers`; BadInput for a
    kind that the instrument does not have, or a label that is empty or too long."""
    doing = Doing(review, actor, now)
    moving.require_scoring(session, doing)
    _require(review, subjects)
    rows = [_row(doing, each) for each in subjects]
    session.add_all(rows)
    session.flush()
    payload: dict[str, Any] = {"added": [[row.kind, str(row.public_id)] for row in rows]}
    moving.start_if_new(session, doing, payload)
    _rate_anew(session, doing, "review.subjects_added", payload)
    return [row.public_id for row in rows]


def rename_subject(
    session: orm.Session,
    *,
    review: CaseReview,
    renaming: Renaming,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Change a label. Raises NotFound; Conflict where somebody else changed it since `expected`;
    else as for `add_subjects`."""
    doing = Doing(review, actor, now)
    moving.require_scoring(session, doing)
    row = _listed(session, review, renaming.subject_id)
    _require(review, [NewSubject(row.kind, renaming.label)])
    label = renaming.label.strip()
    if row.label == label:
        return
    if row.revision != renaming.expected:
        place = f"subject-{row.public_id}"
        raise errors.Conflict(place=place, saved=row.label, sent=label, revision=row.revision)
    row.label, row.revision, row.by_id, row.at = label, row.revision + 1, actor.person_id, now
    payload = {"subject": str(row.public_id), "label": events.digest(row.label)}
    _rate_anew(session, doing, "review.subject_renamed", payload)


def remove_subject(
    session: orm.Session,
    *,
    review: CaseReview,
    subject_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take one off the list; what was answered for it stays on record and counts no more.

    Raises NotFound; else as for `record_answers`.
    """
    doing = Doing(review, actor, now)
    moving.require_scoring(session, doing)
    row = _listed(session, review, subject_id)
    row.removed_at, row.removed_by_id = now, actor.person_id
    payload = {"kind": row.kind, "subject": str(row.public_id)}
    _rate_anew(session, doing, "review.subject_removed", payload)


def _require(review: CaseReview, subjects: Sequence[NewSubject]) -> None:
    instrument = queries.instrument_of(review)
    for each in subjects:
        if each.kind not in instrument.subjects_by_kind:
            problem = inputs.kind_problem(instrument, each.kind)
            raise errors.BadInput(f"{problem.message} {problem.remedy}".strip())
        if not 0 < len(each.label.strip()) <= LONGEST_LABEL:
            raise errors.BadInput(f"Write a label of 1 to {LONGEST_LABEL} characters.")


def _row(doing: Doing, new: NewSubject) -> ReviewSubject:
    return ReviewSubject(
        review_id=doing.review.id,
        kind=new.kind,
        label=new.label.strip(),
        by_id=doing.actor.person_id,
        at=doing.now,
    )


def _listed(session: orm.Session, review: CaseReview, subject_id: uuid.UUID) -> ReviewSubject:
    row = session.scalar(
        sa.select(ReviewSubject).where(
            ReviewSubject.review_id == review.id,
            ReviewSubject.public_id == subject_id,
            ReviewSubject.removed_at.is_(None),
        )
    )
    if row is None:
        raise errors.NotFound("this row is not on the face sheet any more")
    return row


def _rate_anew(session: orm.Session, doing: Doing, kind: str, payload: dict[str, Any]) -> None:
    """Whom questions are asked of decides ratings: rate all, store, and record the change."""
    session.flush()
    after = known.read(session, doing.review)
    rated = rating.Rated(after.assessment.rating.items, after.assessment.rating.components)
    rating.store(session, doing.review, queries.instrument_of(doing.review), rated)
    head = moving.record(session, doing, kind, {**payload, "ratings": rated.in_event})
    known.remember(session, head, after)
