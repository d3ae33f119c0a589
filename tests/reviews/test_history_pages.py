"""What stands on the pages of history beside answers, narratives and ratings: interviews with
their notes, evidence as masked as elsewhere, QA notes, and why a rating was overridden."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.instruments.definition import Rating
from cqi.reviews import actions, queries
from cqi.reviews.models import TextVersion
from cqi.reviews.rules.interviews import InterviewChange, InterviewRole
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import ASKED, COLLEAGUE, TODAY, Desk

What = queries.What
WORDS = "She was <told> of the plan."


def interviews(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/interviews"


def item(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/items/SRM05/history"


def hear(desk: Desk, who: str, person: Person | None = None, **fields: str) -> None:
    """Change fields of somebody's interview, each as it stands now."""
    one = next(each for each in desk.sheet().interviews if each.label == who)
    changes = [
        InterviewChange(one.id, name, text, one.revision(name)) for name, text in fields.items()
    ]
    given: dict[str, Any] = {
        "person": person or desk.cast.reviewer,
        "changes": changes,
        "today": TODAY,
    }
    desk.do(actions.record_interviews, **given)


def changes(desk: Desk, name: str) -> list[tuple[str | None, str | None, str]]:
    """Of one field of the mother's interview, oldest first."""
    with desk.database.reading() as session:
        found = queries.interview_changes(session, desk.review(session))
        return [(c.before, c.after, c.by) for c in reversed(found) if c.name.endswith(f" {name}")]


def test_each_field_of_an_interview_stands_with_who_from_and_to(desk: Desk) -> None:
    hear(desk, "Mother", outcome="held", held_on="2027-03-01")
    hear(desk, "Mother", desk.colleague(), outcome="not_held", reason="declined")
    mine = desk.cast.reviewer.name
    assert changes(desk, "outcome") == [("", "held", mine), ("held", "not_held", COLLEAGUE)]
    assert changes(desk, "held_on") == [("", "2027-03-01", mine)]
    assert changes(desk, "reason") == [("", "declined", COLLEAGUE)]


def test_what_somebody_was_called_and_the_notes_are_kept_as_words(desk: Desk) -> None:
    hear(desk, "Mother", label="Ms. A.", notes="First.")
    hear(desk, "Ms. A.", desk.colleague(), label="Ms. B.", notes="Second.")
    mine = desk.cast.reviewer.name
    assert changes(desk, "label") == [("", "Ms. A.", mine), ("Ms. A.", "Ms. B.", COLLEAGUE)]
    assert changes(desk, "notes") == [("", "First.", mine), ("First.", "Second.", COLLEAGUE)]


def test_the_page_of_interviews_leads_to_it_and_it_says_all_of_it(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    address = f"{interviews(desk)}/history"
    assert f'href="{address}"' in client.get(interviews(desk)).text
    assert "Nothing was changed here yet." in client.get(address).text
    hear(desk, "Mother", outcome="held", held_on="2027-03-01", how="video", notes=WORDS)
    who = {"role": InterviewRole.RELATIVE, "label": "Grandmother", "person": desk.cast.reviewer}
    added = desk.do(actions.add_interview, **who)
    desk.do(actions.remove_interview, interview_id=added, person=desk.cast.reviewer)
    text = client.get(address).text
    for words in (
        "Mother: Was this interview held?", "<b>Held</b>", "<b>1 Mar 2027</b>", "<b>By video</b>",
        "She was &lt;told&gt; of the plan.", "Grandmother", "Put on the list", "Taken off the list",
        "Called Grandmother",
    ):  # fmt: skip
        assert words in text
    assert text.index("Taken off the list") < text.index("Put on the list"), "newest first"
    assert 'aria-current="page"' in text


def test_notes_that_retention_emptied_are_said_to_be_gone(
    desk: Desk, client_for: ClientFor
) -> None:
    hear(desk, "Mother", notes=WORDS)
    with desk.database.writing() as session:
        session.execute(sa.update(TextVersion).values(text=None))
    text = client_for(desk.cast.reviewer).get(f"{interviews(desk)}/history").text
    assert "This text is no longer kept." in text
    assert "of the plan" not in text


def test_evidence_is_named_and_taken_away_and_what_is_protected_stays_masked(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts()
    key = desk.protected_evidence("Elm clinic, March")
    desk.do(actions.remove_evidence, evidence_id=key, person=desk.cast.reviewer)
    for person in (desk.cast.reviewer, desk.cast.cqi_director):
        text = client_for(person).get(item(desk)).text
        assert "Named: Health record, protected treatment record" in text
        assert "Taken away: Health record, protected treatment record" in text
        assert "Elm clinic" not in text


def test_qa_notes_and_the_reason_of_an_override_stand_there(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.with_qa()
    note = desk.open_note()
    desk.answer_note(note, "The visit of 3 May.")
    desk.settle_note(note)
    desk.open_note("SRM03", "", "Of another item.")
    desk.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, "The record shows no visit in May.")
    text = client_for(desk.cast.reviewer).get(item(desk)).text
    assert text.count('<h2 class="label">QA note on SRM05 a</h2>') == 3
    for words in (ASKED, "Replied", "The visit of 3 May.", "Resolved this note"):
        assert words in text
    assert "The record shows no visit in May." in text
    listed = text.partition("<main")[2]
    assert "Of another item." not in listed


def test_who_sees_no_qa_notes_finds_none_in_the_history(desk: Desk, client_for: ClientFor) -> None:
    desk.with_qa()
    desk.open_note()
    text = client_for(desk.cast.cqi_liaison).get(item(desk)).text
    assert "Narrative" in text
    assert ASKED not in text


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_read_no_history_of_interviews(
    desk: Desk, client_for: ClientFor, who: str, status: int
) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(f"{interviews(desk)}/history").status_code == status
