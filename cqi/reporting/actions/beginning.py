"""A report is begun: of a region's round, of a county's part in one, or of the state."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors, holidays, identifiers, working_days
from cqi.core.errors import Blocker
from cqi.places.models import Place
from cqi.reporting import policy
from cqi.reporting.actions import recording
from cqi.reporting.actions.recording import Doing
from cqi.reporting.models import ReportRow
from cqi.reporting.queries import definitions, subjects
from cqi.reporting.queries.subjects import Subject
from cqi.reporting.rules.reports import ReportState
from cqi.settings import queries as settings
from cqi.settings import registry


def begin(
    session: orm.Session, *, subject: Subject, actor: Actor, now: dt.datetime, today: dt.date
) -> ReportRow:
    """Begin a report. Raises Forbidden, or Blocked where somebody works on it already."""
    place_id, round_ = subject.place_id, subject.round
    policy.authorise(Permission.REPORT_WRITE, policy.Standing(ReportState.DRAFT, place_id), actor)
    errors.require(_open_blockers(session, subject))
    definition = definitions.shipped(subject.level.value)
    made = ReportRow(
        public_id=identifiers.uuid7(),
        level=subject.level,
        place_id=place_id,
        round_id=round_.id if round_ else None,
        as_of_on=subject.day,
        language=definition.text("language"),
        due_on=due_on(session, subject.day, today),
        state=ReportState.DRAFT,
        state_since=now,
        created_at=now,
        created_by_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    payload = {"level": made.level.value, "place": place_id, "round": made.round_id}
    recording.record(session, made, "begun", Doing(actor, now), payload)
    return made


def due_on(session: orm.Session, day: dt.date, today: dt.date) -> dt.date:
    """When a report is due whose figures end with a day, as the setting says today."""
    number = settings.number(session, registry.REPORT_DUE_DAYS, today)
    return working_days.after(day, number, holidays.days())


def _open_blockers(session: orm.Session, subject: Subject) -> list[Blocker]:
    session.execute(sa.select(Place.id).where(Place.id == subject.place_id).with_for_update())
    if subjects.open_for(session, subject) is None:
        return []
    message = "This report is being worked on already: go on with that one."
    return [Blocker("already_begun", message)]
