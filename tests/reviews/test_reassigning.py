"""A case goes to another reviewer: all work is there and editable, and who left sees nothing."""

from __future__ import annotations

from typing import Any

import pytest

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors
from cqi.instruments.definition import Rating
from cqi.reviews import actions, queries, rules
from cqi.reviews.rules.interviews import InterviewChange
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TODAY, Desk

WORDS = "Each visit is in the log."


@pytest.fixture
def handed_over(desk: Desk) -> tuple[Desk, Person]:
    """A case review that QA sent back, with work of every kind on it: handed to somebody new."""
    desk.complete()
    desk.record(rules.answer("SRM05", "a", "no", 1), rules.narrative("SRM05", WORDS, 1))
    hear(desk, desk.cast.reviewer, notes="She was told.")
    desk.protected_evidence()
    desk.submit()
    desk.begin_qa()
    desk.open_note()
    desk.give_back("Which visit?")
    with desk.database.writing() as session:
        new = build.person(session, "New Reviewer")
        build.grant(session, new, Role.REVIEWER, round=desk.cast.round)
        to_add = desk.actor(session, new)
    desk.do(actions.add_reviewer, person=desk.cast.cqi_liaison, reviewer=to_add)
    old = desk.cast.reviewer.id
    desk.do(actions.remove_reviewer, person=desk.cast.cqi_liaison, person_id=old)
    return desk, new


def hear(desk: Desk, who: Person, **fields: str) -> None:
    one = desk.sheet().interviews[0]
    changes = [
        InterviewChange(one.id, name, text, one.revision(name)) for name, text in fields.items()
    ]
    desk.do(actions.record_interviews, person=who, changes=changes, today=TODAY)


def test_all_work_is_there_for_the_new_reviewer(
    handed_over: tuple[Desk, Person], client_for: ClientFor
) -> None:
    desk, new = handed_over
    with desk.database.reading() as session:
        review = queries.case_review_to_score(session, desk.actor(session, new), desk.public_id)
        sheet = queries.sheet(session, review)
        assert queries.interview_notes(session, review)
    assert sheet.standing.reviewers == {new.id}
    assert desk.cast.reviewer.id in sheet.standing.scorers
    assert sheet.rating.items["SRM05"].rating is Rating.AREA_NEEDING_IMPROVEMENT
    assert not sheet.missing
    client, base = client_for(new), f"/reviews/{desk.public_id}"
    page = client.get(f"{base}/components/SRM").text
    assert WORDS in page
    assert "Protected" in page
    assert "Which visit was that?" in page
    assert "She was told." in client.get(f"{base}/interviews").text
    assert desk.case_number in client.get("/").text


def test_all_of_it_can_be_changed_by_the_new_reviewer(handed_over: tuple[Desk, Person]) -> None:
    desk, new = handed_over
    sheet = desk.sheet()
    desk.record(rules.answer("SRM05", "a", "yes", 2), person=new)
    desk.record(rules.narrative("SRM05", "Otherwise.", 2), person=new)
    hear(desk, new, notes="She was told twice.")
    desk.answer_note(sheet.notes[0].public_id, "That of 3 May.", new)
    source = rules.NewEvidence("SRM05", rules.EvidenceSource.COURT_RECORD, "Order of May")
    desk.do(actions.add_evidence, person=new, sources=[source])
    assert desk.sheet().rating.items["SRM05"].rating is Rating.STRENGTH
    desk.do(actions.submit_for_qa, person=new, today=TODAY)


def test_whoever_was_taken_off_sees_nothing_of_it_any_more(
    handed_over: tuple[Desk, Person], client_for: ClientFor
) -> None:
    desk, _ = handed_over
    client, base = client_for(desk.cast.reviewer), f"/reviews/{desk.public_id}"
    for page in ("facts", "interviews", "components/SRM", "overview", "print", "submit"):
        assert client.get(f"{base}/{page}").status_code == 404, page
    for page in ("/", f"/rounds/{desk.cast.round.public_id}", "/notices"):
        assert desk.case_number not in client.get(page).text, page
    writes: dict[Any, dict[str, Any]] = {
        actions.record_answers: {"changes": [rules.answer("SRM05", "a", "yes", 2)]},
        actions.submit_for_qa: {"today": TODAY},
    }
    for action, given in writes.items():
        with pytest.raises(errors.NotFound):
            desk.do(action, person=desk.cast.reviewer, **given)
