"""Safety alerts: raised, acknowledged, answered, accepted; and what the clock does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.reviews import policy, queries, workflow
from cqi.reviews.actions import moving
from cqi.reviews.models import CaseReview, SafetyAlert, SafetyAlertStep
from cqi.reviews.rules import AlertState, NewAlert
from cqi.reviews.workflow import AlertStep
from cqi.settings import queries as settings
from cqi.settings import registry

_CLIMBS = (AlertStep.CLIMB_UNACKNOWLEDGED, AlertStep.CLIMB_UNANSWERED)


@dataclass(frozen=True)
class _Doing:
    """Who does something to a safety alert, and when; nobody where the clock does."""

    alert: SafetyAlert
    actor: Actor | None
    now: dt.datetime
    today: dt.date


def raise_alert(
    session: orm.Session,
    *,
    review: CaseReview,
    new: NewAlert,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> SafetyAlert:
    """Raise a safety alert, and tell those who have to answer it. The same one again is itself.

    Raises Forbidden, or Blocked: not_said, no_child, hotline_ahead.
    """
    standing = queries.standing(session, review, lock=True)
    moving.require(policy.raise_blockers(standing, actor, new, now))
    there = session.scalar(sa.select(SafetyAlert).where(SafetyAlert.public_id == new.public_id))
    if there is not None:
        return _the_same(there, review, actor)
    made = _new_alert(review, new, actor, now)
    made.acknowledge_due_at = now + _hours(session, registry.ALERT_ACKNOWLEDGE_HOURS, today)
    made.answer_due_at = now + _hours(session, registry.ALERT_ANSWER_HOURS, today)
    session.add(made)
    session.flush()
    told = notices.tell(
        session,
        NoticeKind.ALERT_RAISED,
        people=queries.responsible(session, made, today),
        subject=made.public_id,
        now=now,
    )
    payload = {
        "review": str(review.public_id),
        "urgency": made.urgency.value,
        "about_unit": made.about_unit,
        "hotline_called": made.hotline_at is not None,
        "seen": events.digest(made.seen),
    }
    _record(session, _Doing(made, actor, now, today), "raised", payload, told)
    return made


def _the_same(there: SafetyAlert, review: CaseReview, actor: Actor) -> SafetyAlert:
    """A button that was pressed twice; anybody else's alert is not found."""
    if (there.review_id, there.raised_by_id) != (review.id, actor.person_id):
        raise errors.NotFound("there is no such safety alert")
    return there


def _hours(session: orm.Session, setting: registry.Setting, today: dt.date) -> dt.timedelta:
    return dt.timedelta(hours=settings.number(session, setting, today))


def _new_alert(review: CaseReview, new: NewAlert, actor: Actor, now: dt.datetime) -> SafetyAlert:
    return SafetyAlert(
        public_id=new.public_id,
        review=review,
        state=AlertState.RAISED,
        urgency=new.urgency,
        seen=new.seen.strip(),
        child=new.child.strip(),
        about_unit=new.about_unit,
        hotline_at=new.hotline_at,
        raised_by_id=actor.person_id,
        raised_at=now,
    )


def acknowledge_alert(
    session: orm.Session, *, alert: SafetyAlert, actor: Actor, now: dt.datetime, today: dt.date
) -> None:
    """Say that one has it in hand. Raises Forbidden or Blocked."""
    doing = _Doing(alert, actor, now, today)
    _authorise(session, doing, AlertStep.ACKNOWLEDGE)
    _take(session, doing, AlertStep.ACKNOWLEDGE)


def answer_alert(
    session: orm.Session,
    *,
    alert: SafetyAlert,
    text: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Write what was done for the child; those who accept it are told. Raises Forbidden or
    Blocked."""
    doing = _Doing(alert, actor, now, today)
    _authorise(session, doing, AlertStep.ANSWER, text)
    told = _tell(
        session, doing, NoticeKind.ALERT_ANSWERED, queries.accepting(session, alert, today)
    )
    _take(session, doing, AlertStep.ANSWER, text, told)


def return_alert_answer(
    session: orm.Session,
    *,
    alert: SafetyAlert,
    text: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Give an answer back, with the reason, to those who have to answer. Raises Forbidden or
    Blocked."""
    doing = _Doing(alert, actor, now, today)
    standing = _authorise(session, doing, AlertStep.RETURN_ANSWER, text)
    people = queries.responsible(session, alert, today) | _one(standing.answered_by)
    told = _tell(session, doing, NoticeKind.ALERT_RETURNED, people)
    _take(session, doing, AlertStep.RETURN_ANSWER, text, told)


def accept_alert_answer(
    session: orm.Session, *, alert: SafetyAlert, actor: Actor, now: dt.datetime, today: dt.date
) -> None:
    """Accept an answer, which closes the alert; whoever raised and whoever answered it hear so.
    Raises Forbidden or Blocked."""
    doing = _Doing(alert, actor, now, today)
    standing = _authorise(session, doing, AlertStep.ACCEPT_ANSWER)
    people = {alert.raised_by_id} | _one(standing.answered_by)
    told = _tell(session, doing, NoticeKind.ALERT_CLOSED, people)
    _take(session, doing, AlertStep.ACCEPT_ANSWER, "", told)


def note_hotline_call(
    session: orm.Session,
    *,
    alert: SafetyAlert,
    called_at: dt.datetime,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Note when the hotline was called after all. Raises Forbidden or Blocked."""
    doing = _Doing(alert, actor, now, today)
    standing = queries.alert_standing(session, alert, today, lock=True)
    found = policy.hotline_blockers(standing, actor)
    if called_at > now:
        message = "This time is still to come. When was the hotline called?"
        found.append(Blocker("hotline_ahead", message, "hotline_at"))
    moving.require(found)
    alert.hotline_at = called_at
    _write_down(session, doing, AlertStep.NOTE_HOTLINE_CALL)
    _record(session, doing, AlertStep.NOTE_HOTLINE_CALL.value, {})


def climb_late_alerts(session: orm.Session, *, now: dt.datetime, today: dt.date) -> int:
    """Tell the CQI directors of each alert that is late, once for each of its clocks; how many."""
    climbed = 0
    for step in _CLIMBS:
        for alert in queries.to_climb(session, step, workflow.ALERT_STAYS[step], now):
            doing = _Doing(alert, None, now, today)
            people = queries.cqi_directors(session, today)
            told = _tell(session, doing, NoticeKind.ALERT_LATE, people)
            _write_down(session, doing, step)
            _record(session, doing, step.value, {}, told)
            climbed += 1
    return climbed


def _one(person_id: int | None) -> frozenset[int]:
    return frozenset() if person_id is None else frozenset({person_id})


def _authorise(
    session: orm.Session, doing: _Doing, step: AlertStep, text: str = ""
) -> policy.AlertStanding:
    """Raise what forbids the step; what decided about it."""
    standing = queries.alert_standing(session, doing.alert, doing.today, lock=True)
    assert doing.actor is not None  # noqa: S101 - the clock has steps of its own
    moving.require(policy.alert_blockers(step, standing, doing.actor, text))
    return standing


def _tell(
    session: orm.Session, doing: _Doing, kind: NoticeKind, people: Collection[int]
) -> list[int]:
    subject = doing.alert.public_id
    return notices.tell(session, kind, people=people, subject=subject, now=doing.now)


def _take(
    session: orm.Session,
    doing: _Doing,
    step: AlertStep,
    text: str = "",
    told: Collection[int] = (),
) -> None:
    payload = {"from": doing.alert.state.value}
    doing.alert.state = workflow.ALERT_BY_STEP[step].ends
    payload["to"] = doing.alert.state.value
    if text.strip():
        payload["text"] = events.digest(text.strip())
    _write_down(session, doing, step, text)
    _record(session, doing, step.value, payload, told)


def _write_down(session: orm.Session, doing: _Doing, step: AlertStep, text: str = "") -> None:
    """The step as a row; whoever acts has seen what they were told of the alert before."""
    subject, actor = doing.alert.public_id, doing.actor
    if actor is not None:
        notices.mark_subject_seen(session, subject=subject, actor=actor, now=doing.now)
    session.add(
        SafetyAlertStep(
            alert_id=doing.alert.id,
            step=step.value,
            to_state=doing.alert.state.value,
            text=text.strip() or None,
            by_id=actor.person_id if actor else None,
            at=doing.now,
        )
    )


def _record(
    session: orm.Session,
    doing: _Doing,
    what: str,
    payload: dict[str, Any],
    told: Collection[int] = (),
) -> None:
    actor_id = doing.actor.person_id if doing.actor else None
    happening = events.Happening(f"safety_alert.{what}", actor_id, doing.now)
    stream = events.Stream("safety_alert", doing.alert.public_id)
    events.record(session, stream, happening, {**payload, "told": list(told)})
