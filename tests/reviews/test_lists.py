"""Who sees which case reviews, in which lists, and what a line says."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.core import errors
from cqi.core.database import Database
from cqi.reviews import actions, queries, rules
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState
from cqi.rounds import queries as rounds
from tests import build
from tests.fixtures.cast import Cast

NOW = build.NOW
SEE = ("cqi_director", "cqi_liaison", "qa_lead", "reviewer")
DO_NOT_SEE = (
    "administrator",
    "other_reviewer",
    "regional_director",
    "supervisor",
    "caseworker",
    "outsider",
)


@pytest.fixture
def review_id(database: Database, cast: Cast) -> uuid.UUID:
    with database.writing() as session:
        case = build.case(session, cast.county, unit=cast.unit)
        return build.case_review(session, cast.round, case, [cast.reviewer]).public_id


@pytest.mark.parametrize("name", SEE)
def test_people_see_what_lies_in_their_reach(
    name: str, database: Database, cast: Cast, review_id: uuid.UUID
) -> None:
    with database.reading() as session:
        who = build.actor(session, getattr(cast, name))
        found = queries.case_review(session, who, review_id)
        assert found.public_id == review_id
        assert queries.review_counts(session, who) == {cast.round.id: {ReviewState.ASSIGNED: 1}}
        assert len(queries.round_overview(session, who, found.round, NOW)) == 1


@pytest.mark.parametrize("name", DO_NOT_SEE)
def test_to_others_it_does_not_exist(
    name: str, database: Database, cast: Cast, review_id: uuid.UUID
) -> None:
    with database.reading() as session:
        who = build.actor(session, getattr(cast, name))
        with pytest.raises(errors.NotFound):
            queries.case_review(session, who, review_id)
        seen = {each.id for each in rounds.rounds(session, who)}  # of a round they see the numbers
        assert set(queries.review_counts(session, who)) <= seen
        assert queries.my_reviews(session, who, NOW) == []
        assert queries.qa_queue(session, who, NOW) == []
        assert queries.round_overview(session, who, cast.round, NOW) == []


def test_a_reviewer_of_the_round_sees_assigned_reviews_only(
    database: Database, cast: Cast, review_id: uuid.UUID
) -> None:
    with database.writing() as session:
        colleague = build.person(session)
        build.grant(session, colleague, Role.REVIEWER, round=cast.round)
        who = build.actor(session, colleague)
        with pytest.raises(errors.NotFound):
            queries.case_review(session, who, review_id)


def test_a_site_leader_sees_the_round(database: Database, cast: Cast, review_id: uuid.UUID) -> None:
    with database.writing() as session:
        leader = build.person(session)
        build.grant(session, leader, Role.SITE_LEADER, round=cast.round)
        who = build.actor(session, leader)
        assert queries.case_review(session, who, review_id).public_id == review_id


def test_the_qa_queue_is_oldest_first_and_without_own_work(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        for _ in range(2):
            case = build.case(session, cast.county)
            review = build.case_review(session, cast.round, case, [cast.reviewer])
            build.submitted(session, review, cast.reviewer)
        review.state_since = NOW - dt.timedelta(days=9)
        session.flush()
        lead = build.actor(session, cast.qa_lead)
        lines = queries.qa_queue(session, lead, NOW)
        assert [line.days_in_state for line in lines] == [9, 0]
        assert lines[0].stuck == "It waits for QA for 9 days: ask the QA lead."
        assert lines[0].components["SRM"] == "substantially_achieved"
        build.grant(session, cast.reviewer, Role.QA_LEAD, place=cast.region)
        both = build.actor(session, cast.reviewer)
        assert queries.qa_queue(session, both, NOW) == []


def test_a_returned_review_comes_first_with_its_reason(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        cases = [build.case(session, cast.county) for _ in range(2)]
        reviews = [build.case_review(session, cast.round, case, [cast.reviewer]) for case in cases]
        build.submitted(session, reviews[1], cast.reviewer)
        lead = build.actor(session, cast.qa_lead)
        actions.begin_qa(session, review=reviews[1], actor=lead, now=NOW)
        reason = "SRM05: when was it?"
        actions.return_to_reviewers(session, review=reviews[1], reason=reason, actor=lead, now=NOW)
        lines = queries.my_reviews(session, build.actor(session, cast.reviewer), NOW)
        assert [line.state for line in lines] == [ReviewState.RETURNED, ReviewState.ASSIGNED]
        assert lines[0].returned_reason == reason
        assert lines[0].progress is not None
        assert lines[0].progress.items.complete == 48
        returned = queries.sheet(session, reviews[1]).returned
        assert returned is not None
        assert (returned.by, returned.reason) == (cast.qa_lead.name, reason)


def test_the_cases_of_a_finished_round_leave_the_reviewers_list(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        review = build.case_review(session, cast.round, case, [cast.reviewer])
        build.final(session, review, cast.reviewer, cast.qa_lead)
        who = build.actor(session, cast.reviewer)
        assert queries.my_reviews(session, who, NOW) == []
        other = build.case(session, cast.county)
        build.case_review(session, cast.round, other, [cast.reviewer])
        assert len(queries.my_reviews(session, who, NOW)) == 2


def test_a_case_without_reviewer_is_stuck_and_stands_first(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        for reviewers in ([cast.reviewer], []):
            build.case_review(session, cast.round, build.case(session, cast.county), reviewers)
        liaison = build.actor(session, cast.cqi_liaison)
        lines = queries.round_overview(session, liaison, cast.round, NOW)
        assert [bool(line.stuck) for line in lines] == [True, False]
        assert lines[0].stuck == "It has no reviewer: assign somebody."


def test_a_round_is_finished_when_each_review_is_final_or_withdrawn(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        reviews = [
            build.case_review(
                session, cast.round, build.case(session, cast.county), [cast.reviewer]
            )
            for _ in range(2)
        ]
        build.final(session, reviews[0], cast.reviewer, cast.qa_lead)
        both = [cast.round.id, cast.other_round.id]
        assert queries.finished(session, both) == frozenset()
        liaison = build.actor(session, cast.cqi_liaison)
        actions.withdraw(session, review=reviews[1], reason="Moved away.", actor=liaison, now=NOW)
        assert queries.finished(session, both) == {cast.round.id}


def test_a_sheet_says_what_is_complete_and_missing(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        review = build.case_review(session, cast.round, case, [cast.reviewer])
        empty = queries.sheet(session, review)
        assert empty.progress.items.complete == 0
        assert empty.progress.facts.of == 17
        build.complete(session, review, cast.reviewer)
        full = queries.sheet(session, review)
        assert full.missing == ()
        assert full.progress.items == type(full.progress.items)(48, 48, 0)
        assert full.progress.components["INV"].of == 6
        assert full.facts["case_type"].by == cast.reviewer.name


def on_osri(session: orm.Session, cast: Cast) -> CaseReview:
    """A case review with nothing answered, on an instrument with parts of items and subjects."""
    pages = build.instrument("osri")
    on = build.round(session, session.merge(cast.region), [cast.county], pages=pages)
    build.grant(session, cast.reviewer, Role.REVIEWER, round=on)
    return build.case_review(session, on, build.case(session, cast.county), [cast.reviewer])


def test_an_item_with_parts_counts_once_and_is_complete_when_they_are(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        review = build.complete(session, on_osri(session, cast), cast.reviewer)
        full = queries.sheet(session, review)
        assert (full.missing, full.progress.items) == ((), type(full.progress.items)(18, 18, 0))
        assert sum(each.of for each in full.progress.components.values()) == 18
        who = build.actor(session, cast.reviewer)
        unwritten = rules.narrative("I12B", "", full.narratives["I12B"].revision)
        actions.record_answers(session, review=review, changes=[unwritten], actor=who, now=NOW)
        again = queries.sheet(session, review).progress
        assert (again.items.complete, again.items.missing) == (17, 1)
        assert again.components["WB1"].complete == 3


def test_what_is_missing_is_counted_once_and_named_by_its_place(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        review = on_osri(session, cast)
        empty = queries.sheet(session, review)
        counted = empty.progress.missing
        assert counted == len(empty.missing) > 0
        build.complete(session, review, cast.reviewer)
        full = queries.sheet(session, review)
        name, entry = next((n, e) for n, e in full.answers["I15"].items() if n.startswith("a-"))
        who = build.actor(session, cast.reviewer)
        taken_back = rules.answer("I15", name, "", entry.revision)
        actions.record_answers(session, review=review, changes=[taken_back], actor=who, now=NOW)
        with pytest.raises(errors.Blocked) as blocked:
            actions.submit_for_qa(session, review=review, actor=who, now=NOW, today=NOW.date())
        assert f"I15-{name}" in {each.place for each in blocked.value.blockers}


def test_a_sheet_takes_nine_queries(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        review = build.case_review(session, cast.round, case, [cast.reviewer])
        build.complete(session, review, cast.reviewer)
        who = build.actor(session, cast.reviewer)
    statements: list[str] = []
    sa.event.listen(
        database.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    with database.reading() as session:
        queries.sheet(session, queries.case_review(session, who, review.public_id))
    asked = [each for each in statements if each.startswith("SELECT")]
    assert len(asked) <= 9, asked
