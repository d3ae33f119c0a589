"""A case for practice: marked on every page and on paper, and counted nowhere."""

from __future__ import annotations

import uuid

import pytest

from cqi.core import errors
from cqi.core.database import Database
from cqi.feedback import queries as feedback
from cqi.measures import queries as measures
from cqi.measures.rules.frozen import LeftOut
from cqi.reviews import actions, queries
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewPurpose
from tests import build
from tests.feedback.test_queries import CALENDAR
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

MARK = "This case review is for training."


@pytest.fixture
def practice(database: Database, cast: Cast) -> uuid.UUID:
    """A case for practice, assigned to the reviewer."""
    with database.writing() as session:
        case = build.case(session, cast.county, unit=cast.unit)
        review = actions.assign_for_practice(
            session,
            in_round=session.merge(cast.round),
            case=case,
            reviewers=[build.actor(session, cast.reviewer)],
            actor=build.actor(session, cast.cqi_director),
            now=build.NOW,
        )
        return review.public_id


def test_every_page_and_the_print_say_so(
    client_for: ClientFor, cast: Cast, practice: uuid.UUID
) -> None:
    client, url = client_for(cast.reviewer), f"/reviews/{practice}"
    for page in ("facts", "interviews", "components/SRM", "overview", "submit", "print"):
        text = client.get(f"{url}/{page}").text
        assert MARK in text, page
    assert "PRACTICE: counts nowhere" in client.get(f"{url}/print").text
    assert "Practice: Foster care" in client.get("/").text


def test_a_case_for_scoring_says_nothing_of_the_kind(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        review = build.case_review(session, session.merge(cast.round), case, [cast.reviewer])
        public_id = review.public_id
    assert MARK not in client_for(cast.reviewer).get(f"/reviews/{public_id}/facts").text


def test_it_is_put_into_the_round_by_its_box(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        case_id, key = case.id, str(case.public_id)
    client = client_for(cast.cqi_director)
    sent = {"case": key, "reviewers": str(cast.reviewer.public_id), "practice": "y"}
    url = f"/rounds/{cast.round.public_id}"
    assert client.post(f"{url}/cases", data=sent).status_code == 303
    with database.reading() as session:
        [found] = session.query(CaseReview).filter(CaseReview.case_id == case_id)
        assert found.purpose is ReviewPurpose.PRACTICE
    assert key in client.get(f"{url}/cases").text, "it may still be put in for scoring"
    again = client.post(f"{url}/cases", data=sent)
    assert again.status_code == 422


def test_it_counts_in_no_figure_and_goes_to_nobody(
    database: Database, cast: Cast, practice: uuid.UUID
) -> None:
    with database.writing() as session:
        director = build.actor(session, cast.cqi_director)
        review = queries.case_review(session, director, practice)
        build.final(session, review, cast.reviewer, cast.qa_lead)
        found = measures.measures(session, measures.Asked(review.round, build.instrument()))
        assert [each.why for each in found.frozen.round.outside] == [LeftOut.PRACTICE]
        assert {row.applicable for row in found.rows} == {0}
        assert {row.excluded.practice for row in found.rows} == {1}
        assert queries.review_counts(session, director).get(review.round_id, {}) == {}
        assert feedback.memos(session, director, CALENDAR) == ()
        supervisor = build.actor(session, cast.supervisor)
        with pytest.raises(errors.NotFound):
            feedback.memo(session, supervisor, practice, CALENDAR)


def test_an_open_one_does_not_keep_a_round_open(
    database: Database, cast: Cast, practice: uuid.UUID
) -> None:
    with database.writing() as session:
        on = session.merge(cast.round)
        review = build.case_review(session, on, build.case(session, cast.county), [cast.reviewer])
        build.final(session, review, cast.reviewer, cast.qa_lead)
        assert queries.finished(session, [on.id]) == {on.id}
        assert practice


def test_the_outsider_finds_nothing(client_for: ClientFor, cast: Cast, practice: uuid.UUID) -> None:
    assert client_for(cast.outsider).get(f"/reviews/{practice}/overview").status_code == 403
