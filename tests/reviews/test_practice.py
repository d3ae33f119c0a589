"""A case for practice: marked on every page and on paper, and counted nowhere."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.core import errors
from cqi.core.database import Database
from cqi.feedback import queries as feedback
from cqi.instruments.definition import Rating
from cqi.measures import queries as measures
from cqi.measures.rules.frozen import LeftOut
from cqi.reviews import actions, queries, rules
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from tests import build
from tests.feedback.test_queries import CLOCKS
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
    assert "Practice: Foster care" in client.get("/practice").text


def test_a_case_for_scoring_says_nothing_of_the_kind(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        review = build.case_review(session, session.merge(cast.round), case, [cast.reviewer])
        public_id = review.public_id
    assert MARK not in client_for(cast.reviewer).get(f"/reviews/{public_id}/facts").text


def test_it_has_a_place_of_its_own_away_from_what_counts(
    client_for: ClientFor, cast: Cast, practice: uuid.UUID
) -> None:
    client = client_for(cast.reviewer)
    home, page = client.get("/").text, client.get("/practice").text
    assert f"/reviews/{practice}" in page
    assert f"/reviews/{practice}" not in home, "nothing that waits, is late or is counted"
    assert "Nothing needs you today" in home
    assert 'href="/practice"' in home


def test_an_empty_place_says_what_it_is_and_who_gives_one(
    client_for: ClientFor, cast: Cast
) -> None:
    text = client_for(cast.reviewer).get("/practice").text
    assert "No practice case was given to you. It is a case to learn on" in text
    assert "the site leader, the CQI liaison or the CQI director" in text


def test_a_round_lists_it_apart_and_counts_it_nowhere(
    client_for: ClientFor, cast: Cast, practice: uuid.UUID
) -> None:
    text = client_for(cast.cqi_director).get(f"/rounds/{cast.round.public_id}").text
    apart = text.index('id="practice"')
    assert text.index(f"/reviews/{practice}") > apart
    assert "0 cases in 1 county" in text
    assert "No case is in this round yet. First its sample is drawn" in text


@pytest.mark.parametrize("who", ["cqi_director", "cqi_liaison", "site_leader"])
def test_whoever_runs_the_round_gives_one(
    database: Database, client_for: ClientFor, cast: Cast, who: str
) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        build.case_review(session, session.merge(cast.round), case)
        case_id, key = case.id, str(case.public_id)
        leader = build.person(session, "Site Leader")
        build.grant(session, leader, Role.SITE_LEADER, round=cast.round)
    client = client_for(leader if who == "site_leader" else getattr(cast, who))
    url = f"/rounds/{cast.round.public_id}"
    assert f"{url}/practice" in client.get(url).text
    assert key in client.get(f"{url}/practice").text, "others may score it meanwhile"
    sent = {"case": key, "reviewers": str(cast.reviewer.public_id)}
    answer = client.post(f"{url}/practice", data=sent, follow_redirects=True)
    assert "It stands under Practice cases for its reviewers." in answer.text
    with database.reading() as session:
        found = session.query(CaseReview).filter(CaseReview.case_id == case_id)
        assert {one.purpose for one in found} == {ReviewPurpose.SCORED, ReviewPurpose.PRACTICE}
    assert client.post(f"{url}/practice", data=sent).status_code == 422, "once in a round"


@pytest.mark.parametrize("who", ["reviewer", "qa_lead", "regional_director", "outsider"])
def test_nobody_else_gives_one(client_for: ClientFor, cast: Cast, who: str) -> None:
    url = f"/rounds/{cast.round.public_id}/practice"
    assert client_for(getattr(cast, who)).get(url).status_code == 403


def test_somebody_has_to_practise_and_not_on_what_they_score(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        build.case_review(session, session.merge(cast.round), case, [cast.reviewer])
        key = str(case.public_id)
    client, url = client_for(cast.cqi_director), f"/rounds/{cast.round.public_id}/practice"
    nobody = client.post(url, data={"case": key})
    assert (nobody.status_code, "Choose who practises on it." in nobody.text) == (422, True)
    own = client.post(url, data={"case": key, "reviewers": str(cast.reviewer.public_id)})
    assert own.status_code == 422
    assert "scores this case: choose another case or person." in own.text


def test_it_is_apart_in_the_queue_of_qa_and_never_drawn_for_the_second_level(
    database: Database, client_for: ClientFor, cast: Cast, practice: uuid.UUID
) -> None:
    with database.writing() as session:
        session.execute(sa.update(Round).values(second_level_share=100))
        director = build.actor(session, cast.cqi_director)
        review = queries.case_review(session, director, practice)
        build.submitted(session, review, cast.reviewer)
    text = client_for(cast.qa_lead).get("/qa").text
    assert "Nothing waits for QA." in text
    assert text.index(f"/reviews/{practice}") > text.index('id="practice"')
    with database.writing() as session:
        lead = build.actor(session, cast.qa_lead)
        review = queries.case_review(session, lead, practice)
        actions.begin_qa(session, review=review, actor=lead, now=build.NOW)
        actions.approve(session, review=review, actor=lead, now=build.NOW)
        assert review.state is ReviewState.FINAL


def test_its_overrides_are_no_overrides_of_the_round(
    database: Database, cast: Cast, practice: uuid.UUID
) -> None:
    with database.writing() as session:
        lead = build.actor(session, cast.qa_lead)
        review = queries.case_review(session, lead, practice)
        build.submitted(session, review, cast.reviewer)
        actions.begin_qa(session, review=review, actor=lead, now=build.NOW)
        new = rules.NewOverride("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, "To show how.")
        actions.override_rating(session, review=review, new=new, actor=lead, now=build.NOW)
        assert queries.overrides_of(session, review)
        assert queries.overrides_in(session, lead, review.round) == []
        assert queries.same_item(session, lead, review.round, "SRM05") == []


def test_an_open_one_does_not_keep_finished_cases_on_the_first_page(
    database: Database, client_for: ClientFor, cast: Cast, practice: uuid.UUID
) -> None:
    assert practice
    with database.writing() as session:
        on = session.merge(cast.round)
        review = build.case_review(session, on, build.case(session, cast.county), [cast.reviewer])
        build.final(session, review, cast.reviewer, cast.qa_lead)
        public_id = review.public_id
    assert f"/reviews/{public_id}" not in client_for(cast.reviewer).get("/").text


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
        assert feedback.memos(session, director, CLOCKS) == ()
        assert feedback.to_release(session, director, CLOCKS) == []
        supervisor = build.actor(session, cast.supervisor)
        with pytest.raises(errors.NotFound):
            feedback.memo(session, supervisor, practice, CLOCKS)


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
