"""A supervisor asks that a rating is looked at again; a QA lead with no part in it decides.

No rating changes here: one that should be another waits for the CQI director, who reopens the
case review (`reviews.actions.reopen`), the one door.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.feedback import queries, workflow
from cqi.feedback.models import MemoRelease, Reconsideration, ReconsiderationStep
from cqi.feedback.policy import reconsidering as policy
from cqi.feedback.policy.reconsidering import Taken
from cqi.feedback.queries import reconsidering as reads
from cqi.feedback.rules.clocks import Clocks
from cqi.feedback.rules.reconsidering import Ground, ReconsiderationState
from cqi.feedback.workflow import Step
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind


@dataclass(frozen=True)
class Request:
    """Which rating is asked about, on what ground, in which words."""

    item: str
    ground: Ground | None
    words: str


@dataclass(frozen=True)
class _Doing:
    """Who does something to a request, and when; nobody where the clock does."""

    one: Reconsideration
    actor: Actor | None
    now: dt.datetime


def ask_to_reconsider(
    session: orm.Session,
    *,
    release: MemoRelease,
    request: Request,
    actor: Actor,
    now: dt.datetime,
    clocks: Clocks,
) -> Reconsideration:
    """Ask that the rating of an item in a memo is looked at again; who may decide is told.

    Raises Forbidden, or Blocked: reopened, too_late, no_item, already_asked, no_ground, no_words.
    """
    asking, today = reads.asking(session, release, clocks, lock=True), clocks.calendar.today
    policy.authorise_asking(actor, asking.case)
    errors.require(policy.asking_blockers(asking, request.item, request.ground, request.words))
    assert request.ground is not None  # noqa: S101 - a blocker otherwise
    made = Reconsideration(
        review=release.review,
        release=release,
        item=request.item,
        rating=reads.ratings(session, release)[request.item],
        ground=request.ground,
        words=request.words.strip(),
        state=ReconsiderationState.ASKED,
        asked_by_id=actor.person_id,
        asked_at=now,
    )
    session.add(made)
    session.flush()
    doing = _Doing(made, actor, now)
    told = _tell(
        session, doing, NoticeKind.RECONSIDERATION_ASKED, reads.deciders(session, made, today)
    )
    payload = {
        "review": str(release.review.public_id),
        "release": str(release.public_id),
        "item": made.item,
        "rating": made.rating.value,
        "ground": made.ground.value,
        "words": events.digest(made.words),
    }
    _record(session, doing, "asked", payload, told)
    return made


def withdraw(
    session: orm.Session, *, one: Reconsideration, actor: Actor, now: dt.datetime, today: dt.date
) -> None:
    """Take a request back, by whoever made it. Raises Forbidden or Blocked."""
    doing = _Doing(one, actor, now)
    _authorise(session, doing, Step.WITHDRAW, Taken(), today)
    _take(session, doing, Step.WITHDRAW)


def decide(
    session: orm.Session,
    *,
    one: Reconsideration,
    taken: Taken,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Decide, with the reason, that a rating stays, or which other it should be; those whom the
    memo is for are told, and where it should be another, the CQI directors, who reopen the review.

    Raises Forbidden, or Blocked: wrong_state, reopened, own_work, own_qa, own_request, conflict,
    declared_conflict, qa_lead_first, no_reason, no_rating, same_rating.
    """
    doing = _Doing(one, actor, now)
    step = Step.UPHOLD if taken.rating is None else Step.CHANGE
    _authorise(session, doing, step, taken, today)
    told = _tell_decided(session, doing, today)
    if step is Step.CHANGE:
        above = reads.directors(session, one.review, today)
        told += _tell(session, doing, NoticeKind.RECONSIDERATION_TO_REOPEN, above)
    _take(session, doing, step, taken, told)


def tell_late(session: orm.Session, *, now: dt.datetime, clocks: Clocks) -> int:
    """Tell who decides, and the CQI directors, of each request whose decision is late, once; how
    many requests."""
    found, today = reads.late(session, clocks), clocks.calendar.today
    for one in found:
        doing = _Doing(one, None, now)
        people = reads.deciders(session, one, today) | reads.directors(session, one.review, today)
        told = _tell(session, doing, NoticeKind.RECONSIDERATION_LATE, people)
        _take(session, doing, Step.TELL_LATE, told=told)
    return len(found)


def _authorise(
    session: orm.Session, doing: _Doing, step: Step, taken: Taken, today: dt.date
) -> None:
    assert doing.actor is not None  # noqa: S101 - the clock has a step of its own
    standing = reads.standing(session, doing.one, today, lock=True)
    policy.authorise(step, doing.actor, standing)
    errors.require(policy.blockers(step, standing, doing.actor, taken))


def _tell_decided(session: orm.Session, doing: _Doing, today: dt.date) -> list[int]:
    """The supervisors and the caseworker of the case, and whoever asked."""
    people = set(queries.readers(session, doing.one.review, today)) | {doing.one.asked_by_id}
    return _tell(session, doing, NoticeKind.RECONSIDERATION_DECIDED, people)


def _tell(
    session: orm.Session, doing: _Doing, kind: NoticeKind, people: Collection[int]
) -> list[int]:
    """Whoever acts has seen what they were told of the request before."""
    subject = doing.one.public_id
    if doing.actor is not None:
        notices.mark_subject_seen(session, subject=subject, actor=doing.actor, now=doing.now)
    return notices.tell(session, kind, people=people, subject=subject, now=doing.now)


def _take(
    session: orm.Session,
    doing: _Doing,
    step: Step,
    taken: Taken | None = None,
    told: Collection[int] = (),
) -> None:
    """The step as a row, the new state, and one event."""
    taken, one = taken or Taken(), doing.one
    words, rating = taken.words.strip(), taken.rating
    session.add(
        ReconsiderationStep(
            reconsideration_id=one.id,
            step=step.value,
            words=words or None,
            rating=rating,
            by_id=doing.actor.person_id if doing.actor else None,
            at=doing.now,
        )
    )
    if step in workflow.BY_STEP:
        one.state = workflow.BY_STEP[step].ends
    payload: dict[str, Any] = {"words": events.digest(words)} if words else {}
    payload |= {"rating": rating.value} if rating else {}
    _record(session, doing, step.value, payload, told)


def _record(
    session: orm.Session,
    doing: _Doing,
    what: str,
    payload: dict[str, Any],
    told: Collection[int] = (),
) -> None:
    actor_id = doing.actor.person_id if doing.actor else None
    happening = events.Happening(f"reconsideration.{what}", actor_id, doing.now, "feedback")
    stream = events.Stream("reconsideration", doing.one.public_id)
    events.record(session, stream, happening, {**payload, "told": list(told)})
