"""The same item across the case reviews of a round, for those who do QA there."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from cqi.access import reading_log
from cqi.access.permissions import Role
from cqi.core import events
from cqi.instruments.definition import Rating
from cqi.reviews import actions, queries
from cqi.reviews.models import CaseReview
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TEXT, Desk

NEED = {"SRM05": Rating.AREA_NEEDING_IMPROVEMENT.value}


@pytest.fixture
def handed_in(desk: Desk) -> Desk:
    """One review with QA, all strengths, and one of the same round where SRM05 needs work."""
    desk.with_qa()
    with desk.database.writing() as session:
        round_ = session.merge(desk.cast.round)
        case = build.case(session, session.merge(desk.cast.county))
        other = build.case_review(session, round_, case, [desk.cast.reviewer])
        build.submitted(session, other, desk.cast.reviewer, wish=NEED)
    return desk


def url(desk: Desk, item: str = "SRM05") -> str:
    return f"/consistency?round={desk.cast.round.public_id}&item={item}"


def test_answers_ratings_and_narratives_stand_side_by_side(
    handed_in: Desk, client_for: ClientFor
) -> None:
    shown = client_for(handed_in.cast.qa_lead).get(url(handed_in)).text
    assert handed_in.case_number in shown
    assert f"SRM05. {TEXT}" in shown
    assert "Invented words about Ongoing safety and risk assessment." in shown
    assert "SRM03. " not in shown
    assert "1 of 2" in shown


def test_counts_are_by_name_and_of_computed_ratings(handed_in: Desk) -> None:
    handed_in.override("SRM05", Rating.NOT_APPLICABLE)
    with handed_in.database.reading() as session:
        round_ = handed_in.review(session).round
        lead = handed_in.actor(session, handed_in.cast.qa_lead)
        found = queries.same_item(session, lead, round_, "SRM05")
    [one] = queries.by_reviewer(found)
    assert dataclasses.astuple(one) == (handed_in.cast.reviewer.name, 2, 1, 1, 0)
    assert [each.counted for each in found if each.counted is not each.computed] == [
        Rating.NOT_APPLICABLE
    ]


def test_what_was_not_handed_in_yet_is_not_compared(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    shown = client_for(desk.cast.qa_lead).get(url(desk)).text
    assert "No case review of this round was handed in yet" in shown
    assert TEXT not in shown


def test_only_where_they_do_qa(handed_in: Desk) -> None:
    with handed_in.database.writing() as session:
        elsewhere = build.person(session, "Lead Elsewhere")
        build.grant(session, elsewhere, Role.QA_LEAD, place=handed_in.cast.other_region)
        round_ = handed_in.review(session).round
        for person in (elsewhere, handed_in.cast.cqi_director, handed_in.cast.reviewer):
            actor = handed_in.actor(session, person)
            assert queries.same_item(session, actor, round_, "SRM05") == []


def test_each_review_that_is_shown_was_read(handed_in: Desk, client_for: ClientFor) -> None:
    client_for(handed_in.cast.qa_lead).get(url(handed_in))
    with handed_in.database.reading() as session:
        read = events.Event.kind == reading_log.KIND
        mine = events.Event.actor_id == handed_in.cast.qa_lead.id
        query = sa.select(events.Event.stream_id).where(read, mine)
        assert len(set(session.scalars(query))) == 2


def test_without_a_choice_it_shows_the_newest_round_and_the_first_item(
    handed_in: Desk, client_for: ClientFor
) -> None:
    client = client_for(handed_in.cast.qa_lead)
    for address in ("/consistency", "/consistency?round=x&item=y"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "MAS01" in answer.text


def test_nothing_is_markup(handed_in: Desk, client_for: ClientFor) -> None:
    shown = client_for(handed_in.cast.qa_lead).get(f"{url(handed_in)}<script>x").text
    assert "<script>x" not in shown


@pytest.mark.parametrize("who", ["outsider", "reviewer", "cqi_director", "supervisor"])
def test_others_have_no_such_page(handed_in: Desk, client_for: ClientFor, who: str) -> None:
    assert client_for(getattr(handed_in.cast, who)).get(url(handed_in)).status_code == 403


def test_practice_is_not_mixed_with_what_counts(handed_in: Desk) -> None:
    with handed_in.database.writing() as session:
        here = sa.select(CaseReview).where(CaseReview.public_id != handed_in.public_id)
        other = session.scalars(here).one()
        practice = actions.assign_for_practice(
            session,
            in_round=other.round,
            case=build.case(session, session.merge(handed_in.cast.county)),
            reviewers=[build.actor(session, handed_in.cast.reviewer)],
            actor=build.actor(session, handed_in.cast.cqi_director),
            now=build.NOW,
        )
        build.submitted(session, practice, handed_in.cast.reviewer)
        lead = build.actor(session, handed_in.cast.qa_lead)
        found = queries.same_item(session, lead, other.round, "SRM05")
        assert {each.public_id for each in found} == {handed_in.public_id, other.public_id}
