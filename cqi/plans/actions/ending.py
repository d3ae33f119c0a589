"""Requests for a change of a step that is claimed or dropped: they end with a word."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Amendment, Plan, Step
from cqi.plans.queries import amendments
from cqi.plans.rules.amendments import AmendmentState


def end_requests(session: orm.Session, step: Step, words: str, doing: Doing) -> list[str]:
    """Close what waits on a step, tell who asked; the ids, for the event of what ended it."""
    found = amendments.open_of(session, step)
    for one in found:
        close(one, AmendmentState.WITHDRAWN, words, doing)
        tell_decided(session, one, {one.asked_by_id}, doing)
    return [str(one.public_id) for one in found]


def end_all(session: orm.Session, plan: Plan, words: str, doing: Doing) -> list[str]:
    """The same for all that waits in a plan that ends."""
    where = (Amendment.plan_id == plan.id, Amendment.state == AmendmentState.ASKED)
    found = list(session.scalars(sa.select(Amendment).where(*where).order_by(Amendment.id)))
    for one in found:
        close(one, AmendmentState.WITHDRAWN, words, doing)
        tell_decided(session, one, {one.asked_by_id}, doing)
    return [str(one.public_id) for one in found]


def close(one: Amendment, state: AmendmentState, words: str, doing: Doing) -> None:
    """Put down what came of a request."""
    one.state, one.answer = state, words.strip() or None
    one.decided_by_id, one.decided_at = doing.person_id, doing.at


def tell_decided(session: orm.Session, one: Amendment, people: set[int], doing: Doing) -> list[int]:
    """Tell these people (ids) what came of a request, but not who did it."""
    others = people - {doing.person_id}
    kind, subject = NoticeKind.AMENDMENT_DECIDED, one.public_id
    return notices.tell(session, kind, people=others, subject=subject, now=doing.at)
