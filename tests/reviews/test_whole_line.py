"""A case review from assigned to final and back, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy import exc, orm

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.reviews import actions, queries, rules, workflow
from cqi.reviews.models import CaseReview, ReviewStep, StoredRating
from cqi.reviews.rules import OPEN_STATES, ReviewState
from cqi.reviews.workflow import Step
from tests import build
from tests.fixtures.cast import Cast

NOW = build.NOW
TODAY = NOW.date()


def new_review(session: orm.Session, cast: Cast) -> CaseReview:
    case = build.case(session, cast.county)
    return build.case_review(session, cast.round, case, [cast.reviewer])


def folded_from_events(session: orm.Session, review: CaseReview) -> ReviewState:
    found = session.scalars(
        sa.select(events.Event)
        .where(events.Event.stream_id == review.public_id)
        .order_by(events.Event.sequence)
    )
    steps = []
    for event in found:
        name = event.payload.get("step") or event.kind.removeprefix("review.")
        steps += [name] if name in list(Step) else []
    return workflow.fold(steps)


def test_the_whole_line(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        review = new_review(session, cast)
        qa, director = (build.actor(session, p) for p in (cast.qa_lead, cast.cqi_director))
        reviewer = build.actor(session, cast.reviewer)
        build.submitted(session, review, cast.reviewer, wish={"SRM05": "area_needing_improvement"})
        assert (review.state, review.pur_to) == (ReviewState.SUBMITTED, TODAY)
        actions.begin_qa(session, review=review, actor=qa, now=NOW)
        actions.return_to_reviewers(
            session, review=review, reason="SRM05: say when.", actor=qa, now=NOW
        )
        later = NOW + dt.timedelta(days=2)
        actions.submit_for_qa(session, review=review, actor=reviewer, now=later, today=later.date())
        assert review.pur_to == TODAY, "the period ends on the day of the first submission"
        actions.begin_qa(session, review=review, actor=qa, now=later)
        actions.approve(session, review=review, actor=qa, now=later)
        assert (review.state, review.final_at) == (ReviewState.FINAL, later)
        review_id = review.id
    with database.reading() as session:
        review = queries.case_review(session, qa, review.public_id)
        steps = session.scalars(
            sa.select(ReviewStep.step)
            .where(ReviewStep.review_id == review_id)
            .order_by(ReviewStep.id)
        )
        assert workflow.fold(steps) is review.state
        assert folded_from_events(session, review) is review.state
        assert queries.recheck(session) == []
        assert not events.verify(session).problem
        rows = queries.stored_ratings(session, cast.round.id)
        assert len(rows) == 48 + 6
        assert {row.rating for row in rows if row.code == "SRM05"} == {"area_needing_improvement"}
    with database.writing() as session:
        review = queries.case_review(session, director, review.public_id)
        actions.reopen(session, review=review, reason="A wrong date.", actor=director, now=later)
        assert (review.state, review.final_at) == (ReviewState.REOPENED, None)
        change = rules.answer("SRM05", "a", "yes", 1)
        saved = actions.record_answers(
            session, review=review, changes=[change], actor=reviewer, now=later
        )
        assert saved.items["SRM05"].rating == "strength"
        assert folded_from_events(session, review) is ReviewState.REOPENED
        assert queries.recheck(session) == []


FROZEN = [
    "update answers set value = 'na'",
    "delete from answers",
    (
        "insert into answers (review_id, item, question, value, revision, by_id, at)"
        " values (:review, 'X', 'a', 'yes', 1, :by, '2027-03-10')"
    ),
    "update fact_answers set value = 'no'",
    "delete from fact_answers",
    "update narratives set revision = 2",
    "delete from narratives",
    "update evidence set item = 'SRM01'",
    "delete from evidence",
    "update ratings set rating = 'strength'",
    "delete from ratings",
    "update review_people set until_at = '2027-03-10'",
    "delete from review_people",
    "update case_reviews set state = 'in_progress'",
    "update case_reviews set case_id = case_id + 1, state = 'reopened'",
    "delete from case_reviews",
    "update review_steps set step = 'start'",
    "delete from review_steps",
    "delete from text_versions",
]


@pytest.fixture
def final_id(database: Database, cast: Cast) -> int:
    with database.writing() as session:
        review = new_review(session, cast)
        return build.final(session, review, cast.reviewer, cast.qa_lead).id


@pytest.mark.parametrize("statement", FROZEN)
def test_the_database_itself_refuses(
    statement: str, database: Database, cast: Cast, final_id: int
) -> None:
    with database.writing() as session:
        values = {"review": final_id, "by": cast.reviewer.id} if ":by" in statement else {}
        with pytest.raises(exc.DBAPIError, match=r"frozen|append-only|withdrawn|cannot change"):
            session.execute(sa.text(statement), values)
        session.rollback()


def test_a_final_review_takes_no_more_answers(
    database: Database, cast: Cast, final_id: int
) -> None:
    with database.writing() as session:
        review = session.get_one(CaseReview, final_id)
        who = build.actor(session, cast.reviewer)
        with pytest.raises(errors.Blocked) as refused:
            actions.record_answers(
                session,
                review=review,
                changes=[rules.answer("SRM05", "a", "no", 1)],
                actor=who,
                now=NOW,
            )
        assert [b.code for b in refused.value.blockers] == ["not_open"]


def test_an_empty_review_lists_everything_that_is_missing(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        review = new_review(session, cast)
        who = build.actor(session, cast.reviewer)
        change = rules.fact("case_type", "foster_care")
        actions.record_answers(session, review=review, changes=[change], actor=who, now=NOW)
        assert review.state is ReviewState.IN_PROGRESS
        with pytest.raises(errors.Blocked) as refused:
            actions.submit_for_qa(session, review=review, actor=who, now=NOW, today=TODAY)
        blockers = refused.value.blockers
        assert {b.code for b in blockers} == {
            "missing_fact",
            "missing_answer",
            "missing_narrative",  # named from the start: the list only grows shorter
            "missing_evidence",
            "missing_interview",
        }
        assert "fact-report_in_pur" in {b.place for b in blockers}
        assert "SRM05-a" in {b.place for b in blockers}
        assert review.state is ReviewState.IN_PROGRESS


def test_every_step_from_a_wrong_state_is_blocked(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        review = new_review(session, cast)
        qa = build.actor(session, cast.qa_lead)
        with pytest.raises(errors.Blocked) as refused:
            actions.approve(session, review=review, actor=qa, now=NOW)
        assert [b.code for b in refused.value.blockers] == ["wrong_state"]
        assert review.state in OPEN_STATES


def test_ratings_are_stored_once_a_code(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        review = new_review(session, cast)
        build.complete(session, review, cast.reviewer)
        who = build.actor(session, cast.reviewer)
        for value, revision in (("no", 1), ("yes", 2), ("no", 3)):
            change = rules.answer("SRM05", "a", value, revision)
            actions.record_answers(session, review=review, changes=[change], actor=who, now=NOW)
        number = session.scalar(sa.select(sa.func.count()).select_from(StoredRating))
        assert number == 48 + 6
        assert queries.recheck(session) == []
