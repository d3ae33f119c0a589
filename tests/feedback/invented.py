"""Invented final reviews, made through the product's own actions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy import orm

from cqi.cases.rules import StaffKind
from cqi.core import holidays
from cqi.core.database import Database
from cqi.feedback import actions, queries
from cqi.feedback.rules.clocks import Allowed, Calendar, Clocks
from cqi.reviews import actions as reviews
from cqi.reviews import rules
from cqi.reviews.models import CaseReview
from tests import build
from tests.fixtures import cast as casts
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ZONE

TEN = Allowed(10)
STAFF = {
    StaffKind.CASEWORKER: casts.CASEWORKER_STAFF_ID,
    StaffKind.SUPERVISOR: casts.SUPERVISOR_STAFF_ID,
}
NEED = {"SNA06": "area_needing_improvement"}


def on(day: dt.date) -> Clocks:
    """The clocks of a day, ten working days each."""
    return Clocks(Calendar(day, ZONE, holidays.days()), TEN, TEN, TEN, TEN, TEN)


CLOCKS = on(build.NOW.date())


def final_review(
    database: Database,
    cast: Cast,
    *,
    in_unit: bool = True,
    staff: Mapping[StaffKind, str] = STAFF,
    wish: Mapping[str, str] = NEED,
    released: bool = True,
) -> uuid.UUID:
    """A final review of a case of the cast's unit: all strengths but what `wish` says. Its memo is
    released unless told otherwise."""
    with database.writing() as session:
        county, unit = session.merge(cast.county), session.merge(cast.unit)
        case = build.case(session, county, unit=unit if in_unit else None, staff=dict(staff))
        round_ = session.merge(cast.round)
        review = build.case_review(session, round_, case, [cast.reviewer])
        build.final(session, review, cast.reviewer, cast.qa_lead, wish=wish)
        if released:
            release(session, cast, review)
        return review.public_id


def release(
    session: orm.Session, cast: Cast, review: CaseReview, *, now: dt.datetime = build.NOW
) -> None:
    """The memo of a final review goes out as it was assembled."""
    leader = build.actor(session, cast.cqi_liaison)
    seen = actions.Seen(queries.draft(session, review).revision)
    actions.release(session, review=review, seen=seen, actor=leader, now=now, today=now.date())


def submitted_review(database: Database, cast: Cast) -> uuid.UUID:
    """The same, still with QA."""
    with database.writing() as session:
        county, unit = session.merge(cast.county), session.merge(cast.unit)
        case = build.case(session, county, unit=unit, staff=STAFF)
        review = build.case_review(session, session.merge(cast.round), case, [cast.reviewer])
        build.submitted(session, review, cast.reviewer)
        return review.public_id


def approve(session: orm.Session, cast: Cast, review: CaseReview) -> None:
    """A submitted review passes its QA."""
    checker = build.actor(session, cast.qa_lead)
    reviews.begin_qa(session, review=review, actor=checker, now=build.NOW)
    reviews.approve(session, review=review, actor=checker, now=build.NOW)


def final_again(
    session: orm.Session,
    cast: Cast,
    review: CaseReview,
    now: dt.datetime,
    no_to: Mapping[str, str],
) -> None:
    """A reopened review is final once more; `no_to`: item -> a question that is No now."""
    who, checker = build.actor(session, cast.reviewer), build.actor(session, cast.qa_lead)
    given = {"review": review, "now": now}
    changes = [rules.answer(item, question, "no", expected=1) for item, question in no_to.items()]
    reviews.record_answers(session, changes=changes, actor=who, **given)
    reviews.submit_for_qa(session, actor=who, today=now.date(), **given)
    reviews.begin_qa(session, actor=checker, **given)
    reviews.approve(session, actor=checker, **given)
