"""Whose feedback it is, and what the memo holds, on both engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.cases.models import CaseStaff
from cqi.cases.rules import StaffKind
from cqi.core.database import Database
from cqi.core.errors import NotFound
from cqi.feedback import queries
from cqi.reviews import actions as reviews
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import EvidenceSource, NewEvidence
from tests import build
from tests.feedback import invented
from tests.feedback.invented import CLOCKS
from tests.fixtures.cast import Cast


def readers_of(database: Database, cast: Cast, review: object) -> Iterator[str]:
    with database.reading() as session:
        for name in (
            "administrator",
            "cqi_director",
            "cqi_liaison",
            "qa_lead",
            "reviewer",
            "regional_director",
            "supervisor",
            "caseworker",
            "outsider",
        ):
            actor = build.actor(session, getattr(cast, name))
            if any(row.public_id == review for row in queries.memos(session, actor, CLOCKS)):
                yield name


def test_a_memo_is_read_by_the_cases_staff_and_by_those_who_answer_for_the_place(
    database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    assert set(readers_of(database, cast, review)) == {
        "cqi_director",
        "cqi_liaison",
        "regional_director",
        "supervisor",
        "caseworker",
    }


def test_a_supervisor_by_unit_and_a_supervisor_by_case_both_read(
    database: Database, cast: Cast
) -> None:
    by_unit = invented.final_review(database, cast, staff={})
    by_case = invented.final_review(
        database, cast, in_unit=False, staff={StaffKind.SUPERVISOR: "S-100"}
    )
    with database.reading() as session:
        supervisor = build.actor(session, cast.supervisor)
        found = {row.public_id for row in queries.memos(session, supervisor, CLOCKS)}
        assert found == {by_unit, by_case}
        caseworker = build.actor(session, cast.caseworker)
        assert queries.memos(session, caseworker, CLOCKS) == ()


def test_staff_who_left_before_the_period_under_review_do_not_read(
    database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast, in_unit=False)
    with database.writing() as session:
        session.execute(sa.update(CaseStaff).values(until_on=dt.date(2026, 2, 28)))
        caseworker = build.actor(session, cast.caseworker)
        with pytest.raises(NotFound):
            queries.memo(session, caseworker, review, CLOCKS)


@pytest.mark.parametrize("who", ["supervisor", "caseworker", "cqi_director"])
def test_a_review_that_is_not_final_has_no_memo(database: Database, cast: Cast, who: str) -> None:
    review = invented.submitted_review(database, cast)
    with database.reading() as session:
        actor = build.actor(session, getattr(cast, who))
        assert queries.memos(session, actor, CLOCKS) == ()
        with pytest.raises(NotFound):
            queries.memo(session, actor, review, CLOCKS)


def test_another_regions_people_find_nothing(database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    with database.writing() as session:
        person = build.person(session)
        build.grant(session, person, Role.REGIONAL_DIRECTOR, place=cast.other_region)
        with pytest.raises(NotFound):
            queries.memo(session, build.actor(session, person), review, CLOCKS)


def test_the_memo_is_made_of_the_final_review(database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    with database.reading() as session:
        found = queries.memo(session, build.actor(session, cast.caseworker), review, CLOCKS)
    assert [need.code for need in found.memo.needs] == ["SNA06"]
    assert found.memo.needs[0].questions
    assert found.memo.needs[0].seen.startswith("Invented words about")
    assert found.memo.strengths[0].core
    assert found.memo.applicable == found.memo.strength_count + 1
    assert found.row.due.on == dt.date(2027, 3, 24)
    assert (found.row.mine, found.row.read) == (True, False)


def test_words_beside_protected_evidence_are_left_out(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        county, unit = session.merge(cast.county), session.merge(cast.unit)
        case = build.case(session, county, unit=unit, staff=invented.STAFF)
        review = build.case_review(session, session.merge(cast.round), case, [cast.reviewer])
        build.complete(session, review, cast.reviewer)
        who = build.actor(session, cast.reviewer)
        source = NewEvidence("MAS01", EvidenceSource.SERVICE_REPORT, protected=True)
        reviews.add_evidence(session, review=review, sources=[source], actor=who, now=build.NOW)
        reviews.submit_for_qa(
            session, review=review, actor=who, now=build.NOW, today=build.NOW.date()
        )
        checker = build.actor(session, cast.qa_lead)
        reviews.begin_qa(session, review=review, actor=checker, now=build.NOW)
        reviews.approve(session, review=review, actor=checker, now=build.NOW)
        invented.release(session, cast, review)
        found = queries.memo(
            session, build.actor(session, cast.supervisor), review.public_id, CLOCKS
        )
    points = {point.code: point for point in (*found.memo.strengths, *found.memo.more_strengths)}
    assert points["MAS01"].seen == ""
    assert points["MAS03"].seen


def test_reading_and_listing_take_few_queries_however_many_memos(
    database: Database, cast: Cast
) -> None:
    for _ in range(3):
        invented.final_review(database, cast)
    statements: list[str] = []
    with database.reading() as session:
        supervisor = build.actor(session, cast.supervisor)
        sa.event.listen(
            session.get_bind(),
            "before_cursor_execute",
            lambda *arguments: statements.append(arguments[2]),
        )
        assert len(queries.memos(session, supervisor, CLOCKS)) == 3
        assert len(statements) <= 6
        assert session.scalar(sa.select(sa.func.count(CaseReview.id))) == 3
