"""A safety alert on the desk's case review; each call is one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import identifiers
from cqi.core.events import Event
from cqi.notices.models import Notice
from cqi.reviews import actions, queries
from cqi.reviews.rules import NewAlert, Urgency
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.scoring import TODAY, Desk

SEEN = "The youngest child was alone in the yard near the open well."
ANSWER = "I saw the child at 14:00. The well is covered, the grandmother is in the home."
HOURS = dt.timedelta(hours=1)


def new(**other: Any) -> NewAlert:
    given: dict[str, Any] = {
        "public_id": identifiers.uuid7(),
        "hotline_at": build.NOW - HOURS,
        "seen": SEEN,
        "child": "T.",
        "urgency": Urgency.NOW,
        "about_unit": False,
    }
    return NewAlert(**(given | other))


@dataclass(frozen=True)
class Alerting:
    """The cast's people raise, answer and accept; times are hours after `build.NOW`."""

    desk: Desk
    site_leader: Person

    @property
    def cast(self) -> Cast:
        return self.desk.cast

    def raised(self, **other: Any) -> uuid.UUID:
        """Raised by the cast's reviewer; its public id."""
        return self.raise_as(self.cast.reviewer, new(**other))

    def raise_as(self, person: Person, wish: NewAlert) -> uuid.UUID:
        with self.desk.database.writing() as session:
            made = actions.raise_alert(
                session,
                review=self.desk.review(session),
                new=wish,
                actor=self.desk.actor(session, person),
                now=build.NOW,
                today=TODAY,
            )
            return made.public_id

    def take(
        self, step: Any, public_id: uuid.UUID, person: Person, after: float = 1, **more: Any
    ) -> None:
        """One step of `actions`, so many hours after the alert was raised."""
        with self.desk.database.writing() as session:
            actor = self.desk.actor(session, person)
            seer = self.desk.actor(session, self.cast.cqi_director)
            step(
                session,
                alert=queries.safety_alert(session, seer, public_id, TODAY),
                actor=actor,
                now=build.NOW + after * HOURS,
                today=TODAY,
                **more,
            )

    def acknowledge(self, public_id: uuid.UUID, person: Person | None = None, **more: Any) -> None:
        self.take(actions.acknowledge_alert, public_id, person or self.cast.supervisor, **more)

    def answer(self, public_id: uuid.UUID, person: Person | None = None, **more: Any) -> None:
        given = {"text": ANSWER} | more
        self.take(actions.answer_alert, public_id, person or self.cast.supervisor, **given)

    def give_back(self, public_id: uuid.UUID, person: Person | None = None, **more: Any) -> None:
        given = {"text": "Who is with the child at night?"} | more
        self.take(actions.return_alert_answer, public_id, person or self.site_leader, **given)

    def accept(self, public_id: uuid.UUID, person: Person | None = None, **more: Any) -> None:
        self.take(actions.accept_alert_answer, public_id, person or self.site_leader, **more)

    def climb(self, after: float) -> int:
        with self.desk.database.writing() as session:
            return actions.climb_late_alerts(session, now=build.NOW + after * HOURS, today=TODAY)

    def sheet(self, public_id: uuid.UUID) -> queries.AlertSheet:
        with self.desk.database.reading() as session:
            seer = self.desk.actor(session, self.cast.cqi_director)
            found = queries.safety_alert(session, seer, public_id, TODAY)
            [made] = queries.alert_sheets(session, [found])
            return made

    def seen_by(self, person: Person) -> list[uuid.UUID]:
        """The alerts that somebody finds in the register."""
        with self.desk.database.reading() as session:
            found = queries.alert_register(session, self.desk.actor(session, person), TODAY)
            return [each.alert.public_id for each in found]

    def told(self, kind: str) -> set[int]:
        """Ids of the people who have a notice of a kind."""
        with self.desk.database.reading() as session:
            query = sa.select(Notice.person_id).where(Notice.kind == kind)
            return set(session.scalars(query))


@pytest.fixture
def alerting(desk: Desk) -> Alerting:
    """The desk, and a site leader of its round."""
    with desk.database.writing() as session:
        leader = build.person(session, "Site Leader Person")
        build.grant(session, leader, Role.SITE_LEADER, round=desk.cast.round)
    return Alerting(desk, leader)


def without_site_leader(session: orm.Session, alerting: Alerting) -> None:
    """The grant has ended."""
    session.get_one(type(alerting.site_leader), alerting.site_leader.id).active = False


def readings(review: uuid.UUID) -> sa.Select[int | None, str]:
    """Who opened a case's content, and why."""
    return sa.select(Event.actor_id, Event.purpose).where(
        Event.stream_id == review, Event.kind == "review.read"
    )
