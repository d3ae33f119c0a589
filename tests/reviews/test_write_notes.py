"""QA notes on the pages of a case review: where they stand, who sees them, what a post does."""

from __future__ import annotations

import re
import uuid

import pytest

from cqi.core.database import Database
from cqi.reviews import actions, rules
from tests.fixtures import counting
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import ASKED, TEXT, Desk
from tests.reviews.test_score_component import MOST_QUERIES, page


@pytest.fixture
def checked(desk: Desk) -> Desk:
    return desk.with_qa()


def url(desk: Desk) -> str:
    return f"{page(desk)}/notes"


def post(desk: Desk, client_for: ClientFor, sent: dict[str, str], who: str = "qa_lead") -> str:
    answer = client_for(getattr(desk.cast, who)).post(url(desk), data=sent)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_qa_asks_on_a_question_and_the_reviewer_answers_there(
    checked: Desk, client_for: ClientFor
) -> None:
    sent = {"note-new-SRM05-a-text": ASKED, "send": "new"}
    location = post(checked, client_for, sent)
    [note] = checked.sheet().notes
    assert location == f"{page(checked)}#{note.anchor}"
    shown = client_for(checked.cast.reviewer).get(page(checked)).text
    thread = shown.index(f'id="{note.anchor}"')
    assert shown.index('id="SRM05-a"') < thread < shown.index('id="SRM05-b"')
    assert "Open, waits for your reply" in shown
    assert "only QA can resolve a note" in shown
    reply = {f"note-{note.public_id}-text": "The visit of 3 May.", "send": str(note.public_id)}
    post(checked, client_for, reply, "reviewer")
    shown = client_for(checked.cast.qa_lead).get(page(checked)).text
    assert "The visit of 3 May." in shown
    assert "Open, answered" in shown


def test_an_item_with_an_open_note_is_unfolded_and_one_with_a_resolved_note_is_not(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note()
    reviewer = client_for(checked.cast.reviewer)
    assert re.search(r'id="SRM05" open>', reviewer.get(page(checked)).text)
    assert not re.search(r'id="SRM03" open>', reviewer.get(page(checked)).text)
    checked.settle_note(note_id)
    shown = reviewer.get(page(checked)).text
    assert not re.search(r'id="SRM05" open>', shown)
    assert "QA note on SRM05 a, resolved" in shown


def test_the_list_at_the_side_jumps_to_each_open_note_from_every_page(
    checked: Desk, client_for: ClientFor
) -> None:
    reviewer = client_for(checked.cast.reviewer)
    assert "No QA notes. When QA asks something" in reviewer.get(page(checked, "MAS")).text
    note_id = checked.open_note()
    shown = reviewer.get(page(checked, "MAS")).text
    assert f'href="{page(checked)}#note-{note_id}" data-next-note>SRM05 a: {ASKED}' in shown
    checked.settle_note(note_id)
    assert "Done: every QA note is resolved." in reviewer.get(page(checked, "MAS")).text


def test_a_note_on_the_whole_item_stands_beside_the_narrative(
    checked: Desk, client_for: ClientFor
) -> None:
    post(checked, client_for, {"note-new-SRM03-text": "Which of the two dates?"})
    shown = client_for(checked.cast.reviewer).get(page(checked)).text
    [note] = checked.sheet().notes
    assert shown.index('id="SRM03-evidence"') < shown.index(f'id="{note.anchor}"')


def test_a_note_is_asked_for_on_an_item_that_does_not_apply_too(
    checked: Desk, client_for: ClientFor
) -> None:
    post(checked, client_for, {"note-new-SRM08-text": "The child was home in May, was it not?"})
    shown = client_for(checked.cast.reviewer).get(page(checked)).text
    assert re.search(r'id="SRM08" open>', shown)
    assert "The child was home in May" in shown


def test_qa_resolves_and_reopens_with_a_button_and_words_go_along(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note()
    words = {f"note-{note_id}-text": "Settled by phone."}
    location = post(checked, client_for, {"resolve": f"{note_id}:1", **words})
    assert location.endswith(f"#note-{note_id}")
    [note] = checked.sheet().notes
    assert (note.resolved, note.revision, note.entries[-1].text) == (True, 2, "Settled by phone.")
    post(checked, client_for, {"reopen": f"{note_id}:2"})
    assert not checked.sheet().notes[0].resolved


def test_what_was_written_elsewhere_is_sent_too_whichever_button_was_pressed(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note()
    other = {"note-new-SRM03-a-text": "And this?", "note-new-SRM04-text": " "}
    post(checked, client_for, {"resolve": f"{note_id}:1", **other})
    assert [note.place for note in checked.sheet().notes] == ["SRM05 a", "SRM03 a"]


def test_a_note_that_moved_meanwhile_comes_back_with_the_words(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note()
    checked.answer_note(note_id, "Wait: there was another visit.")
    sent = {"resolve": f"{note_id}:1", f"note-{note_id}-text": "Good, settled."}
    answer = client_for(checked.cast.qa_lead).post(url(checked), data=sent)
    assert answer.status_code == 422
    assert "Somebody wrote on this QA note meanwhile" in answer.text
    assert "Your QA note: Good, settled." in answer.text
    assert not checked.sheet().notes[0].resolved


def test_a_reply_goes_with_the_answers_where_the_reviewer_may_change_them(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note()
    checked.give_back("See the note.")
    client = client_for(checked.cast.reviewer)
    shown = client.get(page(checked)).text
    assert f'name="note-{note_id}-text"' in shown
    sent = {
        "SRM05-narrative": "Another text.",
        "SRM05-narrative-revision": re.findall(
            r'name="SRM05-narrative-revision" value="([^"]+)"', shown
        )[0],
        f"note-{note_id}-text": "It says so now.",
        "send": str(note_id),
    }
    answer = client.post(page(checked), data=sent)
    assert answer.headers["Location"] == f"{page(checked)}#note-{note_id}"
    sheet = checked.sheet()
    assert sheet.narratives["SRM05"].value == "Another text."
    assert sheet.notes[0].entries[-1].text == "It says so now."


def test_those_who_oversee_read_the_case_and_see_no_notes(
    checked: Desk, client_for: ClientFor
) -> None:
    checked.open_note()
    for who in ("cqi_director", "cqi_liaison"):
        shown = client_for(getattr(checked.cast, who)).get(page(checked)).text
        assert TEXT in shown
        assert ASKED not in shown
        assert "QA note" not in shown.replace("next QA note", "")


def test_a_frozen_review_shows_its_notes_and_takes_no_more(
    checked: Desk, client_for: ClientFor
) -> None:
    checked.settle_note(checked.open_note())
    checked.approve()
    shown = client_for(checked.cast.reviewer).get(page(checked)).text
    assert ASKED in shown
    assert "<textarea" not in shown
    assert 'value="reopen"' not in shown


def test_open_notes_hold_up_the_decision_with_links_before_it_is_tried(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note()
    client = client_for(checked.cast.qa_lead)
    decision = f"/reviews/{checked.public_id}/decision"
    link = f'href="{page(checked)}#note-{note_id}">The QA note on SRM05 a is open: resolve it.'
    assert client.get(decision).text.count(link) == 2  # to approve, and to send on
    answer = client.post(decision, data={"step": "approve"})
    assert answer.status_code == 422
    assert link in answer.text


def test_words_are_never_markup(checked: Desk, client_for: ClientFor) -> None:
    checked.open_note(text="<script>x</script>")
    shown = client_for(checked.cast.reviewer).get(page(checked)).text
    assert "&lt;script&gt;x" in shown
    assert "<script>x" not in shown


def test_200_notes_take_one_query(checked: Desk, client_for: ClientFor, database: Database) -> None:
    with checked.database.writing() as session:
        lead = checked.actor(session, checked.cast.qa_lead)
        review = checked.review(session, checked.cast.qa_lead)
        for number in range(200):
            new = rules.NewNote("SRM05", "ab"[number % 2], f"Note {number}")
            actions.open_note(session, review=review, new=new, actor=lead, now=checked.now)
    checked.give_back("See the notes.")
    client = client_for(checked.cast.reviewer)
    assert client.get(page(checked)).text.count("data-note-open") == 200
    with counting.queries(database) as statements:
        client.get(page(checked))
    assert len(statements) <= MOST_QUERIES + 1, "\n".join(statements)  # one for the notes
    assert sum("qa_entries" in statement for statement in statements) == 1


def test_what_names_no_note_is_not_found(checked: Desk, client_for: ClientFor) -> None:
    client = client_for(checked.cast.qa_lead)
    for sent in ({"resolve": "x:1"}, {f"note-{uuid.uuid4()}-text": "x"}, {"note-x-text": "x"}):
        assert client.post(url(checked), data=sent).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("outsider", 403), ("other_reviewer", 404), ("cqi_director", 403), ("reviewer", 403)],
)
def test_others_open_nothing(checked: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(checked.cast, who))
    sent = {"note-new-SRM05-a-text": "x"}
    assert client.post(url(checked), data=sent).status_code == status
    assert checked.sheet().notes == ()


KEY = "01890000-0000-7000-8000-00000000abcd"


def test_what_is_sent_twice_from_one_page_is_one_note_one_reply_and_one_end(
    checked: Desk, client_for: ClientFor
) -> None:
    shown = client_for(checked.cast.qa_lead).get(page(checked)).text
    assert re.search(r'name="notes_key" value="[0-9a-f-]{36}"', shown)
    new = {"note-new-SRM05-a-text": ASKED, "notes_key": KEY}
    assert post(checked, client_for, new) == post(checked, client_for, new)
    [note] = checked.sheet().notes
    reply = {f"note-{note.public_id}-text": "The visit of 3 May.", "notes_key": KEY}
    for _ in "twice":
        post(checked, client_for, reply, "reviewer")
    end = {"resolve": f"{note.public_id}:2", "notes_key": KEY}
    for _ in "twice":
        post(checked, client_for, end)
    [note] = checked.sheet().notes
    assert [entry.kind for entry in note.entries] == ["opened", "reply", "resolved"]


def test_other_words_from_a_page_that_the_browser_brought_back_are_not_lost(
    checked: Desk, client_for: ClientFor
) -> None:
    for words in (ASKED, "And who was there?"):
        post(checked, client_for, {"note-new-SRM05-a-text": words, "notes_key": KEY})
    assert [note.entries[0].text for note in checked.sheet().notes] == [ASKED, "And who was there?"]
    [first, _] = checked.sheet().notes
    for words in ("The first.", "The second."):
        post(checked, client_for, {f"note-{first.public_id}-text": words, "notes_key": KEY})
    assert [entry.text for entry in checked.sheet().notes[0].entries][1:] == [
        "The first.",
        "The second.",
    ]


def test_a_text_that_is_too_long_stands_in_its_field_with_words_and_the_rest_is_sent(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id, long = checked.open_note(), "A long text. " * 400
    client = client_for(checked.cast.qa_lead)
    sent = {
        "note-new-SRM05-a-text": long,
        "note-new-SRM03-text": "Which of the two dates is it?",
        f"note-{note_id}-text": "Even longer. " * 400,
        "resolve": f"{note_id}:1",
    }
    answer = client.post(url(checked), data=sent)
    assert answer.status_code == 422
    assert long.strip() in answer.text
    assert "Even longer." in answer.text
    assert answer.text.count("This QA note has 5,199 characters and was not sent") == 4
    assert 'href="#note-new-SRM05-a-text"' in answer.text
    assert "Everything else on the page was saved." in answer.text
    [first, second] = checked.sheet().notes
    assert not first.resolved, "its words would have been lost"
    assert len(first.entries) == 1
    assert second.entries[0].text == "Which of the two dates is it?"
    assert "maxlength" not in client.get(page(checked)).text, "a browser would cut it silently"


def test_a_reply_that_is_too_long_keeps_no_answer_from_being_saved(
    checked: Desk, client_for: ClientFor
) -> None:
    note_id = checked.open_note()
    checked.give_back("See the note.")
    client = client_for(checked.cast.reviewer)
    sent = {"SRM05-narrative": "Just typed.", "SRM05-narrative-revision": "1:"}
    answer = client.post(page(checked), data={**sent, f"note-{note_id}-text": "x" * 4001})
    assert answer.status_code == 422
    assert "This QA note has 4,001 characters and was not sent; it can have 4,000." in answer.text
    assert "x" * 4001 in answer.text
    assert checked.sheet().narratives["SRM05"].value == "Just typed."
    assert len(checked.sheet().notes[0].entries) == 1
    exact = client.post(page(checked), data={f"note-{note_id}-text": "x" * 3999 + "\r\ny"})
    assert exact.status_code == 422
    exact = client.post(page(checked), data={f"note-{note_id}-text": "x" * 3998 + "\r\ny"})
    assert exact.status_code == 303
