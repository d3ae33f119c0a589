"""QA notes: who opens, answers, resolves and reopens them, and what they hold up."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.reviews import actions, rules
from cqi.reviews.models import QaEntry
from cqi.reviews.rules import EntryKind, ReviewState
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import ASKED, Desk


@pytest.fixture
def checked(desk: Desk) -> Desk:
    return desk.with_qa()


def refused(desk: Desk, action: object, person: Person | None = None, **more: object) -> list[str]:
    with pytest.raises(errors.Blocked) as caught:
        desk.do(action, person=person, **more)
    return [blocker.code for blocker in caught.value.blockers]


def another_qa_lead(desk: Desk) -> Person:
    with desk.database.writing() as session:
        person = build.person(session, "Another Lead")
        build.grant(session, person, Role.QA_LEAD, place=desk.cast.region)
        return person


def test_a_note_is_a_thread_with_who_and_what(checked: Desk) -> None:
    note_id = checked.open_note()
    checked.answer_note(note_id, "The visit of 3 May.\r\n")
    checked.answer_note(note_id, "Thank you.", checked.cast.qa_lead)
    [note] = checked.sheet().notes
    assert (note.place, note.resolved, note.revision) == ("SRM05 a", False, 3)
    assert [(entry.kind, entry.text, entry.by) for entry in note.entries] == [
        (EntryKind.OPENED, ASKED, checked.cast.qa_lead.name),
        (EntryKind.REPLY, "The visit of 3 May.", checked.cast.reviewer.name),
        (EntryKind.REMARK, "Thank you.", checked.cast.qa_lead.name),
    ]
    assert note.waits_for_reviewers


def test_a_note_stands_on_the_item_as_a_whole_too(checked: Desk) -> None:
    checked.open_note("SRM03", "", "Which of the two dates is it?")
    [note] = checked.sheet().notes
    assert note.place == "SRM03"


def test_an_open_note_keeps_a_review_from_going_on(checked: Desk) -> None:
    first, second = checked.open_note(), checked.open_note("SRM03", "")
    for step in (actions.approve, actions.send_to_second_level):
        assert refused(checked, step) == ["note_open", "note_open"]
    checked.settle_note(first)
    assert refused(checked, actions.approve) == ["note_open"]
    checked.settle_note(second)
    checked.approve()
    assert checked.sheet().standing.state is ReviewState.FINAL


def test_a_note_that_is_reopened_holds_it_up_again(checked: Desk) -> None:
    note_id = checked.open_note()
    checked.settle_note(note_id)
    checked.settle_note(note_id, actions.reopen_note)
    assert refused(checked, actions.approve) == ["note_open"]
    kinds = [entry.kind for entry in checked.sheet().notes[0].entries]
    assert kinds == [EntryKind.OPENED, EntryKind.RESOLVED, EntryKind.REOPENED]


def test_a_review_goes_back_and_comes_again_with_its_open_notes(checked: Desk) -> None:
    note_id = checked.open_note()
    checked.give_back("See the note.")
    checked.answer_note(note_id, "It is the visit of 3 May; the narrative says so now.")
    checked.submit()
    [note] = checked.sheet().notes
    assert not note.resolved
    assert not note.waits_for_reviewers


def test_only_qa_opens_resolves_and_reopens(checked: Desk) -> None:
    note_id = checked.open_note()
    new, seen = rules.NewNote("SRM05", "a", "x"), rules.NoteSeen(note_id, 1)
    for person in (checked.cast.reviewer, checked.cast.cqi_director, checked.cast.cqi_liaison):
        for action, given in (
            (actions.open_note, {"new": new}),
            (actions.resolve_note, {"seen": seen}),
            (actions.reopen_note, {"seen": seen}),
        ):
            with pytest.raises(errors.Forbidden):
                checked.do(action, person=person, **given)
    with pytest.raises(errors.Forbidden):
        checked.answer_note(note_id, "x", checked.cast.cqi_director)


def test_the_first_level_lead_leaves_the_notes_of_the_second_level_alone(checked: Desk) -> None:
    note_id = checked.open_note()
    checked.settle_note(note_id)
    checked.do(actions.send_to_second_level)
    new = rules.NewNote("SRM05", "a", "One more.")
    assert refused(checked, actions.open_note, new=new) == ["same_qa_lead"]
    checked.do(actions.open_note, person=another_qa_lead(checked), new=new)


def test_a_note_is_opened_in_qa_only(desk: Desk) -> None:
    desk.complete()
    desk.submit()
    new = rules.NewNote("SRM05", "a", "x")
    assert refused(desk, actions.open_note, new=new) == ["wrong_state"]


def test_nobody_resolves_words_that_they_have_not_read(checked: Desk) -> None:
    note_id = checked.open_note()
    checked.answer_note(note_id, "Wait: there was another visit.")
    assert refused(checked, actions.resolve_note, seen=rules.NoteSeen(note_id, 1)) == ["overtaken"]
    checked.do(actions.resolve_note, seen=rules.NoteSeen(note_id, 2, "Settled so."))
    assert checked.sheet().notes[0].entries[-1].text == "Settled so."
    seen = rules.NoteSeen(note_id, 3)
    assert refused(checked, actions.resolve_note, seen=seen) == ["resolved"]


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (rules.NewNote("SRM05", "z", "x"), "no question z"),
        (rules.NewNote("SRM99", "a", "x"), 'no item "SRM99"'),
        (rules.NewNote("", "report_in_par", "x"), 'no fact "report_in_par".*report_in_pur'),
        (rules.NewNote("", "", "x"), "no fact"),
        (rules.NewNote("SRM05", "a", "  "), "Write what"),
        (rules.NewNote("SRM05", "a", "x" * 4001), "at most 4000"),
    ],
)
def test_what_cannot_be_a_note_is_refused(checked: Desk, new: rules.NewNote, words: str) -> None:
    with pytest.raises(errors.BadInput, match=words):
        checked.do(actions.open_note, new=new)


def test_a_final_review_takes_no_more_notes(checked: Desk) -> None:
    note_id = checked.open_note()
    checked.settle_note(note_id)
    checked.approve()
    seen = rules.NoteSeen(note_id, 2)
    assert refused(checked, actions.reopen_note, seen=seen) == ["wrong_state"]
    reply = actions.NoteReply(note_id, "x")
    assert refused(checked, actions.answer_note, checked.cast.reviewer, reply=reply) == [
        "wrong_state"
    ]


def test_each_entry_is_an_event_without_its_words(checked: Desk) -> None:
    note_id = checked.open_note()
    checked.answer_note(note_id, "A sentence that nobody else may read.")
    checked.settle_note(note_id)
    with checked.database.reading() as session:
        query = sa.select(events.Event).where(events.Event.kind.startswith("review.note_"))
        found = list(session.scalars(query.order_by(events.Event.sequence)))
        assert [event.kind for event in found] == [
            "review.note_opened",
            "review.note_reply",
            "review.note_resolved",
        ]
        assert found[0].payload["item"] == "SRM05"
        assert "nobody else" not in str([event.payload for event in found])
        assert events.verify(session).problem == ""


def test_the_words_are_encrypted(checked: Desk) -> None:
    checked.open_note()
    with checked.database.reading() as session:
        raw = session.execute(sa.select(sa.type_coerce(QaEntry.text, sa.LargeBinary))).scalar_one()
    assert ASKED.encode() not in bytes(raw)


def test_a_note_of_another_review_is_not_found(checked: Desk) -> None:
    nowhere = dataclasses.replace(rules.NoteSeen(checked.public_id, 1))
    with pytest.raises(errors.NotFound):
        checked.do(actions.resolve_note, seen=nowhere)


def test_a_returned_case_review_opens_at_what_qa_asks(desk: Desk, client_for: ClientFor) -> None:
    desk.with_qa().open_note("SRM05", "a")
    client = client_for(desk.cast.reviewer)
    address = f"/reviews/{desk.public_id}"
    assert client.get(address).location.endswith("/facts"), "with QA it is for reading"
    desk.give_back("Look at SRM05 again.")
    [note] = desk.sheet().notes
    assert client.get(address).location.endswith(f"/components/SRM#{note.anchor}")
