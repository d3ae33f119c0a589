"""Two safety alerts of the demonstration: one that was late, climbed and is closed, one in hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.cli.demonstration.cast import Cast
from cqi.cli.demonstration.timeline import Timeline
from cqi.core import identifiers
from cqi.notices import actions as notices
from cqi.reviews import actions
from cqi.reviews.models import CaseReview, SafetyAlert
from cqi.reviews.rules import NewAlert, Urgency

_GATE = (
    "At the visit the stair gate was broken, and the youngest child climbed the stairs alone. The"
    " foster caregiver said that it had been so for a week."
)
_ADULT = (
    "The child told me that an adult who may not be in the home slept there on two nights this"
    " week. The record says nothing of it."
)
_ANSWER = (
    "The caseworker was in the home at 14:00. A new gate stands at the stairs, and the caregiver"
    " showed how it locks. The next visit, unannounced, is tomorrow."
)


@dataclass(frozen=True)
class Scene:
    """Where the demonstration's alerts happen: one case review, on one day."""

    session: orm.Session
    people: Cast
    timeline: Timeline
    review: CaseReview
    reviewer: str
    day: dt.date

    def given(self, key: str, hour: int, minute: int) -> dict[str, Any]:
        """Who acts, and when, as the actions take them."""
        return {
            "actor": self.people.actor(key, self.day),
            "now": self.timeline.at(self.day, hour, minute),
            "today": self.day,
        }


def make_closed(scene: Scene) -> None:
    """Raised in the morning, not acknowledged in time, answered and accepted on the same day."""
    session = scene.session
    alert = _raise(scene, _GATE, "the youngest child", 9, 30)
    late = scene.timeline.at(scene.day, 11, 31)
    actions.climb_late_alerts(session, now=late, today=scene.day)
    _take(scene, alert, actions.acknowledge_alert, "supervisor", 12, 10)
    _take(scene, alert, actions.answer_alert, "supervisor", 15, 5, text=_ANSWER)
    _take(scene, alert, actions.accept_alert_answer, "site_leader", 16, 20)
    _everything_reached_its_readers(scene)


def make_open(scene: Scene) -> None:
    """Raised this morning; the supervisor has it in hand. Its e-mails are still to be sent."""
    alert = _raise(scene, _ADULT, "T.", 7, 10)
    _take(scene, alert, actions.acknowledge_alert, "supervisor", 7, 50)


def _raise(scene: Scene, seen: str, child: str, hour: int, minute: int) -> SafetyAlert:
    new = NewAlert(
        public_id=identifiers.uuid7(),
        hotline_at=scene.timeline.at(scene.day, hour, minute - 10),
        seen=seen,
        child=child,
        urgency=Urgency.WITHIN_A_DAY,
        about_unit=False,
    )
    given = scene.given(scene.reviewer, hour, minute)
    return actions.raise_alert(scene.session, review=scene.review, new=new, **given)


def _take(
    scene: Scene, alert: SafetyAlert, step: Callable[..., None], key: str, *at: int, **more: str
) -> None:
    step(scene.session, alert=alert, **scene.given(key, *at), **more)


def _everything_reached_its_readers(scene: Scene) -> None:
    """The e-mails of that day went out, and were read by those who had nothing more to do."""
    now = scene.timeline.at(scene.day, 16, 30)
    while mail := notices.claim(scene.session, now=now, zone=scene.timeline.time_zone):
        notices.record_sent(scene.session, mail, now=now)
    for key in (scene.reviewer, "supervisor", "regional_director", "cqi_director", "site_leader"):
        actor = scene.people.actor(key, scene.day)
        notices.mark_seen(scene.session, actor=actor, now=now)
