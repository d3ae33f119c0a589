"""Systemic needs: raised from a case, handed on, replied to, asked again, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import database, errors, events
from cqi.feedback import queries, workflow
from cqi.feedback.models import MemoRelease, SystemicNeed, SystemicNeedStep
from cqi.feedback.policy import needs as policy
from cqi.feedback.policy.needs import NeedStanding
from cqi.feedback.rules.clocks import Clocks
from cqi.feedback.rules.needs import NeedOwner, NeedState, NewNeed
from cqi.feedback.workflow import NeedStep
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind


@dataclass(frozen=True)
class Taking:
    """A step to take, with what is said about it."""

    step: NeedStep
    words: str = ""


def raise_need(
    session: orm.Session,
    *,
    release: MemoRelease,
    new: NewNeed,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> SystemicNeed:
    """Send a need up, from a memo; whoever has to reply is told. The same one again is itself.

    Raises Forbidden, or Blocked: no_words, too_long, no_activity.
    """
    review = release.review
    policy.authorise_raising(actor, queries.coached_case(review, today))
    there = queries.need_sent(session, new.key)
    if there is not None:
        return _the_same(there, release, actor)
    items = queries.activities(queries.content(session, release))
    errors.require(policy.raise_blockers(new, items))
    made = SystemicNeed(
        public_id=new.key,
        review=review,
        item=new.item,
        kind=new.kind,
        words=new.words.strip(),
        state=NeedState.RAISED,
        owner=queries.first_owner(session, review, actor.person_id, today),
        raised_by_id=actor.person_id,
        raised_at=now,
        asked_at=now,
    )
    session.add(made)
    session.flush()
    owners = queries.need_standing(session, made, today).owners
    told = _tell(session, made, NoticeKind.NEED_RAISED, owners, now)
    digest = events.digest(made.words)
    payload = {"kind": made.kind.value, "owner": made.owner.value, "words": digest, "told": told}
    _record(session, made, "raised", actor, now, payload)
    return made


def _the_same(there: SystemicNeed, release: MemoRelease, actor: Actor) -> SystemicNeed:
    """A button that was pressed twice; anybody else's is not found."""
    if (there.review_id, there.raised_by_id) != (release.review_id, actor.person_id):
        raise errors.NotFound("there is no such systemic need")
    return there


def take_need_step(
    session: orm.Session,
    *,
    need: SystemicNeed,
    taking: Taking,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Take one step of the workflow with a need; whose turn it is then is told.

    Raises Blocked with every reason: wrong_state, not_permitted, not_owner, not_raiser,
    nobody_above, no_words, too_long.
    """
    standing = queries.need_standing(session, need, today, lock=True)
    errors.require(policy.need_blockers(taking.step, standing, actor, taking.words))
    notices.mark_subject_seen(session, subject=need.public_id, actor=actor, now=now)
    before = need.state
    need.state = workflow.NEED_BY_STEP[taking.step].ends
    if taking.step is NeedStep.HAND_ON:
        need.owner = NeedOwner.STATE
    if taking.step is NeedStep.ASK_AGAIN:
        need.asked_at = now
    said = taking.words.strip()
    session.add(
        SystemicNeedStep(
            need_id=need.id,
            step=taking.step.value,
            to_state=need.state,
            words=said or None,
            by_id=actor.person_id,
            at=now,
        )
    )
    session.flush()
    told = _tell_next(session, need, taking.step, standing, now, today)
    payload: dict[str, Any] = {"from": before.value, "to": need.state.value, "told": told}
    if said:
        payload["words"] = events.digest(said)
    _record(session, need, taking.step.value, actor, now, payload)


_TELLS = {
    NeedStep.HAND_ON: NoticeKind.NEED_RAISED,
    NeedStep.ASK_AGAIN: NoticeKind.NEED_ASKED_AGAIN,
    NeedStep.ANSWER: NoticeKind.NEED_ANSWERED,
}


def _tell_next(
    session: orm.Session,
    need: SystemicNeed,
    step: NeedStep,
    before: NeedStanding,
    now: dt.datetime,
    today: dt.date,
) -> list[int]:
    """Who has to reply, or who asked; a need that is closed is nobody's turn."""
    kind = _TELLS.get(step)
    if kind is None:
        return []
    if step is NeedStep.ANSWER:
        return _tell(session, need, kind, {before.raised_by}, now)
    return _tell(session, need, kind, queries.need_standing(session, need, today).owners, now)


def tell_late_needs(
    session: orm.Session, *, clocks: Clocks, now: dt.datetime, today: dt.date
) -> int:
    """Tell whoever has to reply of each need whose reply is late, once; how many."""
    database.one_at_a_time(session, "needs")
    found = queries.late_needs(session, clocks)
    for need in found:
        owners = queries.need_standing(session, need, today).owners
        _tell(session, need, NoticeKind.NEED_LATE, owners, now)
    return len(found)


def _tell(
    session: orm.Session,
    need: SystemicNeed,
    kind: NoticeKind,
    people: Collection[int],
    now: dt.datetime,
) -> list[int]:
    return notices.tell(session, kind, people=people, subject=need.public_id, now=now)


def _record(
    session: orm.Session,
    need: SystemicNeed,
    what: str,
    actor: Actor,
    now: dt.datetime,
    payload: dict[str, Any],
) -> None:
    happening = events.Happening(f"systemic_need.{what}", actor.person_id, now, "feedback")
    events.record(session, events.Stream("systemic_need", need.public_id), happening, payload)
