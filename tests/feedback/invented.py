"""Invented final reviews, made through the product's own actions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from cqi.cases.rules import StaffKind
from cqi.core import holidays
from cqi.core.database import Database
from cqi.feedback.rules import Calendar
from tests import build
from tests.fixtures import cast as casts
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ZONE

CALENDAR = Calendar(build.NOW.date(), ZONE, 10, holidays.days())
STAFF = {
    StaffKind.CASEWORKER: casts.CASEWORKER_STAFF_ID,
    StaffKind.SUPERVISOR: casts.SUPERVISOR_STAFF_ID,
}
NEED = {"SNA06": "area_needing_improvement"}


def final_review(
    database: Database,
    cast: Cast,
    *,
    in_unit: bool = True,
    staff: Mapping[StaffKind, str] = STAFF,
    wish: Mapping[str, str] = NEED,
) -> uuid.UUID:
    """A final review of a case of the cast's unit: all strengths but what `wish` says."""
    with database.writing() as session:
        county, unit = session.merge(cast.county), session.merge(cast.unit)
        case = build.case(session, county, unit=unit if in_unit else None, staff=dict(staff))
        round_ = session.merge(cast.round)
        review = build.case_review(session, round_, case, [cast.reviewer])
        build.final(session, review, cast.reviewer, cast.qa_lead, wish=wish)
        return review.public_id


def submitted_review(database: Database, cast: Cast) -> uuid.UUID:
    """The same, still with QA."""
    with database.writing() as session:
        county, unit = session.merge(cast.county), session.merge(cast.unit)
        case = build.case(session, county, unit=unit, staff=STAFF)
        review = build.case_review(session, session.merge(cast.round), case, [cast.reviewer])
        build.submitted(session, review, cast.reviewer)
        return review.public_id


def on(day: dt.date) -> Calendar:
    """The calendar on another day."""
    return Calendar(day, ZONE, 10, holidays.days())
