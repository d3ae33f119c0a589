"""QA notes on facts of the face sheet: the same threads as on questions."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from cqi.core import errors, events
from cqi.reviews import actions
from cqi.reviews.rules import ReviewState
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import ASKED, Desk, instrument
from tests.reviews.test_print_review import text_of

FACT = "report_in_pur"
QUESTION = instrument().fact(FACT).question
REPLY = "The list of the hotline has none."


@pytest.fixture
def checked(desk: Desk) -> Desk:
    return desk.with_qa()


def url(desk: Desk, ending: str = "") -> str:
    return f"/reviews/{desk.public_id}/facts{ending}"


def test_a_note_on_a_fact_holds_up_every_next_level_until_qa_resolves_it(checked: Desk) -> None:
    note_id = checked.open_note("", FACT)
    checked.answer_note(note_id, REPLY)
    for step in (actions.approve, actions.send_to_second_level):
        with pytest.raises(errors.Blocked) as caught:
            checked.do(step)
        [blocker] = caught.value.blockers
        assert blocker.message == f"The QA note on “{QUESTION}” is open: resolve it."
    checked.settle_note(note_id)
    checked.settle_note(note_id, actions.reopen_note)
    checked.settle_note(note_id)
    checked.approve()
    assert checked.sheet().standing.state is ReviewState.FINAL
    with checked.database.reading() as session:
        query = sa.select(events.Event.payload).where(events.Event.kind.startswith("review.note_"))
        for payload in session.scalars(query):
            assert payload["fact"] == FACT
            assert "item" not in payload


def test_qa_asks_under_a_fact_and_the_reviewer_answers_there(
    checked: Desk, client_for: ClientFor
) -> None:
    lead, reviewer = client_for(checked.cast.qa_lead), client_for(checked.cast.reviewer)
    sent = {f"note-new-fact-{FACT}-text": ASKED, "send": "new"}
    location = lead.post(url(checked, "/notes"), data=sent).location
    [note] = checked.sheet().notes
    assert location == f"{url(checked)}#{note.anchor}"
    shown = reviewer.get(url(checked)).text
    places = [f'id="fact-{FACT}"', f'id="{note.anchor}"', 'id="fact-opened_in_pur"']
    assert sorted(places, key=shown.index) == places
    assert "only QA can resolve a note" in shown
    assert 'name="resolve"' not in shown
    reply = {f"note-{note.public_id}-text": REPLY, "send": str(note.public_id)}
    assert reviewer.post(url(checked, "/notes"), data=reply).location == location
    shown = lead.get(url(checked)).text
    assert REPLY in shown
    assert "Open, answered" in shown
    end = {"resolve": f"{note.public_id}:2"}
    assert lead.post(url(checked, "/notes"), data=end).location == location
    assert f"QA note on “{QUESTION}”, resolved" in reviewer.get(url(checked)).text


def test_the_list_at_the_side_and_the_decision_lead_to_the_fact(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note("", FACT)
    place = f'href="{url(checked)}#note-{note_id}"'
    page = (
        client_for(checked.cast.reviewer).get(f"/reviews/{checked.public_id}/components/SRM").text
    )
    assert f"{place} data-next-note>“{QUESTION}”: {ASKED}" in page
    decision = client_for(checked.cast.qa_lead).get(f"/reviews/{checked.public_id}/decision").text
    assert place in decision


def test_the_kind_of_case_takes_a_note_too(checked: Desk, client_for: ClientFor) -> None:
    note_id = checked.open_note("", "case_type")
    shown = client_for(checked.cast.qa_lead).get(url(checked)).text
    assert f'id="note-{note_id}"' in shown
    assert 'name="note-new-fact-case_type-text"' in shown


def test_a_reply_goes_with_the_facts_where_the_reviewer_may_change_them(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note("", FACT)
    checked.give_back("See the note.")
    client = client_for(checked.cast.reviewer)
    shown = client.get(url(checked)).text
    old = dict(re.findall(r'name="([^"]+-revision)" value="([^"]*)"', shown))
    sent = {f"note-{note_id}-text": REPLY, "send": str(note_id), f"fact-{FACT}": "yes", **old}
    answer = client.post(url(checked), data=sent)
    assert answer.location == f"{url(checked)}#note-{note_id}"
    sheet = checked.sheet()
    assert sheet.facts[FACT].value == "yes"
    assert sheet.notes[0].entries[-1].text == REPLY
    long = client.post(url(checked), data={f"note-{note_id}-text": "x" * 4001})
    assert long.status_code == 422
    assert "This QA note has 4,001 characters and was not sent" in long.text
    onward = client.post(url(checked), data={f"note-{note_id}-text": "More.", "go": "SRM"})
    assert onward.location.endswith("/components/SRM")
    assert checked.sheet().notes[0].entries[-1].text == "More."


def test_a_reply_that_comes_too_late_stands_there_to_be_copied(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note("", FACT)
    checked.give_back("See the note.")
    checked.submit()
    client = client_for(checked.cast.reviewer)
    answer = client.post(url(checked), data={f"fact-{FACT}": "yes", f"note-{note_id}-text": REPLY})
    assert answer.status_code == 422
    assert f"Your QA note: {REPLY}" in answer.text
    assert checked.sheet().facts[FACT].value == "no"


def test_its_history_and_its_print_tell_what_was_asked_and_answered(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note("", FACT)
    checked.answer_note(note_id, REPLY)
    lead = client_for(checked.cast.qa_lead)
    history = lead.get(url(checked, "/history")).text
    assert f"QA note on “{QUESTION}”" in history
    assert REPLY in history
    paper = lead.get(f"/reviews/{checked.public_id}/print").text
    assert REPLY in paper
    pdf = text_of(lead.get(f"/reviews/{checked.public_id}/print.pdf").data)
    assert f"The reviewers replied: {REPLY}" in pdf
    assert checked.cast.reviewer.name not in pdf
    director = client_for(checked.cast.cqi_director)
    for ending in ("facts", "facts/history", "print"):
        assert ASKED not in director.get(f"/reviews/{checked.public_id}/{ending}").text


def test_the_print_keeps_a_note_on_what_rests_on_protected_evidence(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.complete()
    desk.protected_evidence()
    desk.submit()
    desk.begin_qa()
    desk.open_note("SRM05", "a", "What did the clinic say?")
    desk.open_note("SRM03", "a", "Which visit?")
    paper = client_for(desk.cast.qa_lead).get(f"/reviews/{desk.public_id}/print").text
    assert "What did the clinic say?" not in paper
    assert "Which visit?" in paper


def test_the_outsider_writes_nothing(checked: Desk, client_for: ClientFor) -> None:
    sent = {f"note-new-fact-{FACT}-text": ASKED}
    for who, status in (("outsider", 403), ("other_reviewer", 404), ("cqi_director", 403)):
        client = client_for(getattr(checked.cast, who))
        assert client.post(url(checked, "/notes"), data=sent).status_code == status
    assert checked.sheet().notes == ()
