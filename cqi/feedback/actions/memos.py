"""A memo is written and released by the site leader, and acknowledged by those whom it is for."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.feedback import policy, queries
from cqi.feedback.models import Acknowledgement, MemoDraft, MemoRelease
from cqi.feedback.rules import Wording, kept
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.reviews.models import CaseReview


@dataclass(frozen=True)
class Seen:
    """What somebody read of a memo that is not released: the revision of its words, and of which
    final review; None where that is known otherwise."""

    revision: int = 0
    final_at: dt.datetime | None = None

    def of(self, review: CaseReview) -> bool:
        """Whether the review is final as it was then: it may have been opened again since."""
        return self.final_at is None or self.final_at == review.final_at


@dataclass(frozen=True)
class Writing:
    """A memo's own words; `seen` is what they were written over."""

    wording: Wording
    seen: Seen = Seen()


def write(
    session: orm.Session, *, review: CaseReview, writing: Writing, actor: Actor, now: dt.datetime
) -> int:
    """Keep the site leader's words in a memo that is not released; their revision.

    Raises Forbidden, Blocked (not_final, already_released, own_work, changed), or Conflict where
    somebody else's words were saved first: nothing is lost then.
    """
    standing = queries.releasing(session, review)
    policy.authorise_releasing(actor, standing)
    current = writing.seen.of(review)
    errors.require(policy.releasing_blockers(actor, standing, seen=current))
    row = queries.written(session, review, lock=True)
    revision, said = row.revision if row else 0, _said(writing.wording)
    same = row is not None and row.final_at == review.final_at
    if row is not None and same and queries.wording(row) == writing.wording:
        return revision
    if writing.seen.revision != revision:
        raise errors.Conflict(
            place="memo",
            saved=json.dumps(_said(queries.wording(row))) if row else "",
            sent=json.dumps(said),
            revision=revision,
            by_id=row.by_id if row else None,
        )
    if row is None:
        row = MemoDraft(review_id=review.id, revision=0)
        session.add(row)
    _keep(row, review, writing.wording, actor, now)
    session.flush()
    payload = {"revision": row.revision, "words": events.digest(json.dumps(said, sort_keys=True))}
    _record(session, review, "written", actor, now, payload)
    return row.revision


def _said(wording: Wording) -> dict[str, Any]:
    return {
        "opening": wording.opening,
        "closing": wording.closing,
        "texts": dict(wording.texts),
        "left_out": sorted(wording.left_out),
    }


def _keep(
    row: MemoDraft, review: CaseReview, wording: Wording, actor: Actor, now: dt.datetime
) -> None:
    assert review.final_at is not None  # noqa: S101 - a blocker otherwise
    row.final_at, row.by_id, row.at = review.final_at, actor.person_id, now
    row.opening, row.closing = wording.opening or None, wording.closing or None
    row.texts = json.dumps(dict(wording.texts), ensure_ascii=False) if wording.texts else None
    row.left_out = sorted(wording.left_out)
    row.revision += 1


def release(
    session: orm.Session,
    *,
    review: CaseReview,
    seen: Seen,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> MemoRelease:
    """Send a memo to the case's caseworkers and supervisors, as it stands; it is kept as it went.

    `seen` is what the actor read. Raises Forbidden or Blocked with every
    reason: not_final, already_released, own_work, changed.
    """
    standing = queries.releasing(session, review)
    policy.authorise_releasing(actor, standing)
    row = queries.written(session, review, lock=True)
    current = seen.of(review) and seen.revision == (row.revision if row else 0)
    errors.require(policy.releasing_blockers(actor, standing, seen=current))
    assert review.final_at is not None  # noqa: S101 - a blocker otherwise
    content, last = kept.dumps(queries.draft(session, review).memo), queries.newest(session, review)
    made = MemoRelease(
        review_id=review.id,
        number=last.number + 1 if last else 1,
        final_at=review.final_at,
        content=content,
        ratings=review.round.memo_ratings,
        released_by_id=actor.person_id,
        released_at=now,
    )
    session.add(made)
    session.flush()
    told = _tell(session, review, actor, now, today)
    digest = events.digest(content)
    payload = {"release": str(made.public_id), "number": made.number, "content": digest}
    _record(session, review, "released", actor, now, {**payload, "told": told})
    return made


def _tell(
    session: orm.Session, review: CaseReview, actor: Actor, now: dt.datetime, today: dt.date
) -> list[int]:
    """Whoever releases it has seen that it waited; those whom it is for hear of it."""
    subject = review.public_id
    notices.mark_subject_seen(session, subject=subject, actor=actor, now=now)
    people = queries.readers(session, review, today)
    kind = NoticeKind.MEMO_RELEASED
    return notices.tell(session, kind, people=people, subject=subject, now=now)


def acknowledge(
    session: orm.Session,
    *,
    release: MemoRelease,
    words: str = "",
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> Acknowledgement:
    """Say that a memo was read, once a person, with words of one's own where one likes.

    Raises Forbidden for whoever the feedback is not for, Blocked the second time or where the
    review was reopened.
    """
    review = release.review
    policy.authorise_acknowledging(actor, queries.case_facts(review, today))
    already, stands = queries.acknowledged(session, release, actor), queries.stands(release)
    errors.require(policy.acknowledge_blockers(already=already, stands=stands))
    said = words.strip()
    readers = queries.readers(session, review, today)
    made = Acknowledgement(
        release_id=release.id,
        person_id=actor.person_id,
        kind=queries.kind_of(readers, actor.person_id),
        words=said or None,
        at=now,
    )
    session.add(made)
    notices.mark_subject_seen(session, subject=review.public_id, actor=actor, now=now)
    session.flush()
    payload = {
        "acknowledgement": str(made.public_id),
        "words": events.digest(said) if said else None,
    }
    _record(session, review, "acknowledged", actor, now, payload)
    return made


def _record(
    session: orm.Session,
    review: CaseReview,
    what: str,
    actor: Actor,
    now: dt.datetime,
    payload: dict[str, Any],
) -> None:
    happening = events.Happening(f"feedback.{what}", actor.person_id, now, "feedback")
    events.record(session, events.Stream("review", review.public_id), happening, payload)
