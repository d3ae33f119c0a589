"""Whoever decides on a level of QA is on record for it, and neither does the other nor scores."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors
from cqi.instruments.definition import Rating
from cqi.reviews import actions, rules
from cqi.reviews.models import CaseReview, ReviewPerson
from cqi.reviews.rules import Part, ReviewState
from tests import build
from tests.fixtures.scoring import Desk
from tests.reviews.test_qa_notes import another_qa_lead, refused

OVERRIDE = {"new": rules.NewOverride("SRM05", Rating.NOT_APPLICABLE, "Seen otherwise.")}
RETURN = {"reason": "See the note."}


@pytest.fixture
def colleague(desk: Desk) -> Person:
    """A QA lead who did not begin the QA."""
    desk.with_qa()
    return another_qa_lead(desk)


def on_record(desk: Desk, part: Part) -> list[tuple[str, bool]]:
    """(name, still) of a part."""
    query = (
        sa.select(Person.name, ReviewPerson.until_at.is_(None))
        .join(ReviewPerson, ReviewPerson.person_id == Person.id)
        .join(CaseReview, CaseReview.id == ReviewPerson.review_id)
        .where(CaseReview.public_id == desk.public_id, ReviewPerson.part == part)
        .order_by(ReviewPerson.id)
    )
    with desk.database.reading() as session:
        return [(name, bool(still)) for name, still in session.execute(query)]


def test_whoever_sends_it_on_decides_at_no_second_level(desk: Desk, colleague: Person) -> None:
    desk.do(actions.send_to_second_level, person=colleague)
    first = [(desk.cast.qa_lead.name, False), (colleague.name, True)]
    assert on_record(desk, Part.FIRST_LEVEL_QA) == first
    for who in (desk.cast.qa_lead, colleague):
        assert refused(desk, actions.approve, who) == ["same_qa_lead"]
    desk.do(actions.approve, person=another_qa_lead(desk))
    assert desk.sheet().standing.state is ReviewState.FINAL


@pytest.mark.parametrize("undo", [False, True])
def test_whoever_set_or_withdrew_a_rating_decides_at_no_second_level(
    desk: Desk, colleague: Person, undo: bool
) -> None:
    if undo:
        given = desk.do(actions.override_rating, **OVERRIDE)
        desk.do(actions.withdraw_override, person=colleague, override_id=given)
    else:
        desk.do(actions.override_rating, person=colleague, **OVERRIDE)
    assert on_record(desk, Part.FIRST_LEVEL_QA)[-1] == (colleague.name, True)
    desk.do(actions.send_to_second_level, person=another_qa_lead(desk))
    assert refused(desk, actions.approve, colleague) == ["same_qa_lead"]


def test_whoever_returned_it_at_the_first_level_decides_at_no_second_level(
    desk: Desk, colleague: Person
) -> None:
    desk.do(actions.return_to_reviewers, person=colleague, **RETURN)
    desk.submit()
    third = another_qa_lead(desk)
    desk.do(actions.begin_qa, person=third)
    desk.do(actions.send_to_second_level, person=third)
    assert refused(desk, actions.return_to_reviewers, colleague, **RETURN) == ["same_qa_lead"]


@pytest.mark.parametrize("step", ["approve", "return_to_reviewers"])
def test_whoever_decided_at_the_second_level_scores_no_more(
    desk: Desk, colleague: Person, step: str
) -> None:
    """They would score what they had judged."""
    desk.do(actions.send_to_second_level)
    desk.do(getattr(actions, step), person=colleague, **(RETURN if "return" in step else {}))
    assert on_record(desk, Part.SECOND_LEVEL_QA) == [(colleague.name, True)]
    if step == "approve":
        desk.do(actions.reopen, person=desk.cast.cqi_director, reason="A word was wrong.")
    with pytest.raises(errors.Blocked, match="did the QA"):
        _add(desk, colleague)


def _add(desk: Desk, person: Person) -> None:
    with desk.database.writing() as session:
        build.grant(session, person, Role.REVIEWER, round=desk.cast.round)
    with desk.database.reading() as session:
        given: dict[str, Any] = {"reviewer": desk.actor(session, person)}
    desk.do(actions.add_reviewer, person=desk.cast.cqi_liaison, **given)


def test_two_leads_who_decide_in_turn_at_one_instant_are_both_on_record(
    desk: Desk, colleague: Person
) -> None:
    lead = desk.cast.qa_lead
    given = desk.do(actions.override_rating, person=colleague, **OVERRIDE)
    desk.do(actions.withdraw_override, person=lead, override_id=given)
    desk.do(actions.override_rating, person=colleague, **OVERRIDE)
    record = on_record(desk, Part.FIRST_LEVEL_QA)
    assert {name for name, _ in record} == {lead.name, colleague.name}
    assert [name for name, still in record if still] == [colleague.name]
