"""Planned interviews for tests: who is meant stands by their label."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa

from cqi.access.models import Person
from cqi.reviews import actions, queries
from cqi.reviews.models import InterviewPlan
from cqi.reviews.rules.interviews import How, InterviewChange
from cqi.reviews.rules.planning import NewPlan
from tests import build
from tests.fixtures.scoring import TODAY, Desk

HOUR = dt.timedelta(hours=1)
TOMORROW = build.NOW + dt.timedelta(days=1)


def who(desk: Desk, label: str = "Mother") -> uuid.UUID:
    """The id of somebody who should be heard."""
    return next(one.id for one in desk.sheet().interviews if one.label == label)


def plan(
    desk: Desk,
    label: str = "Mother",
    at: dt.datetime = TOMORROW,
    *,
    person: Person | None = None,
    **more: Any,
) -> Any:
    """Plan an interview as the reviewer, or as `person`."""
    values: dict[str, Any] = {"minutes": 60, "how": How.IN_PERSON, "place": "Room 2", **more}
    new = NewPlan(who(desk, label), at, **values)
    return desk.do(actions.plan_interview, person=person or desk.cast.reviewer, new=new)


def cancel(desk: Desk, label: str = "Mother", seen: int = 1) -> None:
    interview = who(desk, label)
    given = {"interview": interview, "seen": seen}
    desk.do(actions.cancel_plan, person=desk.cast.reviewer, **given)


def moved(desk: Desk, at: dt.datetime) -> sa.Update:
    """The statement that takes every planned time to another one, as time passes."""
    return sa.update(InterviewPlan).values(starts_at=at)


def hold(desk: Desk, label: str = "Mother") -> None:
    """Record that somebody was heard today."""
    said = {"outcome": "held", "held_on": TODAY.isoformat(), "how": "in_person"}
    changes = [InterviewChange(who(desk, label), name, value) for name, value in said.items()]
    given = {"changes": changes, "today": TODAY}
    desk.do(actions.record_interviews, person=desk.cast.reviewer, **given)


def stands(desk: Desk, label: str = "Mother") -> queries.Planned:
    with desk.database.reading() as session:
        return queries.plans_of_review(session, desk.review(session))[who(desk, label)]
