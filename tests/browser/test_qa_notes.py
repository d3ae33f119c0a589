"""QA notes in a real browser: by key, beside half-saved answers, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Axe, ContextFor
from tests.browser.test_scoring import component
from tests.browser.walking import PHONE
from tests.fixtures.scoring import ASKED, Desk


@pytest.fixture
def checked(desk: Desk) -> Desk:
    return desk.with_qa()


def test_qa_asks_and_the_reviewer_answers_with_keys_alone(
    checked: Desk, context_for: ContextFor
) -> None:
    lead = context_for(checked.cast.qa_lead).new_page()
    lead.goto(f"{component(checked)}#SRM05")
    lead.locator("#SRM05 .noted summary").first.press("Enter")
    lead.keyboard.press("Tab")
    lead.keyboard.type(ASKED)
    lead.keyboard.press("Control+Enter")
    expect(lead.locator("#qa-notes a")).to_have_text(f"SRM05 a: {ASKED}")
    [note] = checked.sheet().notes
    expect(lead.locator(f"#{note.anchor}")).to_be_focused()
    reviewer = context_for(checked.cast.reviewer).new_page()
    reviewer.goto(component(checked, "MAS"))
    reviewer.keyboard.press("Alt+q")  # none here: on to the first one
    expect(reviewer.locator(f"#{note.anchor}")).to_be_focused()
    reviewer.keyboard.press("Tab")
    reviewer.keyboard.type("The visit of 3 May.")
    reviewer.keyboard.press("Control+Enter")
    expect(reviewer.locator(f"#{note.anchor}")).to_contain_text("Open, waits for QA")
    assert checked.sheet().notes[0].entries[-1].text == "The visit of 3 May."


def test_what_is_typed_beside_a_note_is_saved_with_the_reply(
    checked: Desk, context_for: ContextFor
) -> None:
    note_id = checked.open_note()
    checked.give_back("See the note.")
    page = context_for(checked.cast.reviewer).new_page()
    page.goto(component(checked))
    page.fill("#SRM05-narrative", "A new text, just typed.")
    page.fill(f"#note-{note_id}-text", "It says so now.")
    page.locator(f"#note-{note_id} [name=send]").click()
    expect(page.locator(f"#note-{note_id}")).to_contain_text("It says so now.")
    sheet = checked.sheet()
    assert sheet.narratives["SRM05"].value == "A new text, just typed."
    assert [entry.text for entry in sheet.notes[0].entries] == [ASKED, "It says so now."]


def test_leaving_asks_first_while_a_note_is_half_written(
    checked: Desk, context_for: ContextFor
) -> None:
    note_id = checked.open_note()
    page = context_for(checked.cast.reviewer).new_page()
    page.goto(component(checked))
    page.locator(f"#note-{note_id}-text").press_sequentially("Half a")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".side nav a").first.click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.locator(f"#note-{note_id}-text")).to_have_value("Half a")


def _posts(page: Page) -> list[str]:
    """The form posts that leave this page from now on, without what is saved on the way."""
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if _leaves(one) else None)
    return found


def _leaves(request: Request) -> bool:
    return request.method == "POST" and request.is_navigation_request()


def test_two_fast_clicks_send_a_note_once(checked: Desk, context_for: ContextFor) -> None:
    note_id = checked.open_note()
    page = context_for(checked.cast.reviewer).new_page()
    page.goto(component(checked))
    posts = _posts(page)
    page.fill(f"#note-{note_id}-text", "The visit of 3 May.")
    page.locator(f"#note-{note_id} [name=send]").dblclick()
    expect(page.locator(f"#note-{note_id}")).to_contain_text("The visit of 3 May.")
    assert len(posts) == 1
    assert [entry.text for entry in checked.sheet().notes[0].entries][1:] == ["The visit of 3 May."]
    page.fill(f"#note-{note_id}-text", "And one more.")
    page.locator(f"#note-{note_id} [name=send]").click()
    expect(page.locator(f"#note-{note_id}")).to_contain_text("And one more.")


def test_a_form_that_left_the_page_standing_can_be_sent_again(
    checked: Desk, context_for: ContextFor
) -> None:
    note_id = checked.open_note()
    page = context_for(checked.cast.reviewer).new_page()
    page.goto(component(checked))
    posts = _posts(page)
    page.route("**/notes", lambda route: route.fulfill(status=204))  # as a file that comes
    page.fill(f"#note-{note_id}-text", "The visit of 3 May.")
    send = page.locator(f"#note-{note_id} [name=send]")
    for _ in range(3):
        send.click()
    page.wait_for_timeout(300)
    assert len(posts) == 1
    page.unroute("**/notes")
    page.wait_for_timeout(5200)
    send.click()
    expect(page.locator(f"#note-{note_id}")).to_contain_text("The visit of 3 May.")


def test_whoever_stays_after_being_asked_can_send_at_once(
    checked: Desk, context_for: ContextFor
) -> None:
    note_id = checked.open_note()
    page = context_for(checked.cast.reviewer).new_page()
    page.goto(component(checked))
    page.fill(f"#note-{note_id}-text", "The visit of 3 May.")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("button", name="Sign out").click()  # another form: it would lose the words
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.locator(f"#note-{note_id} [name=send]").click()
    expect(page.locator(f"#note-{note_id}")).to_contain_text("Open, waits for QA")


def test_a_paste_that_is_too_long_is_not_cut_and_comes_back_with_words(
    checked: Desk, context_for: ContextFor, axe: Axe
) -> None:
    lead = context_for(checked.cast.qa_lead, viewport=PHONE).new_page()
    lead.goto(f"{component(checked)}#SRM05")
    lead.locator("#SRM05 .noted summary").first.click()
    place, words = lead.locator("#note-new-SRM05-a-text"), "A long paste. " * 400
    place.focus()
    lead.keyboard.insert_text(words)
    lead.locator("#SRM05 .noted [name=send]").first.click()
    expect(lead.locator("#errors")).to_be_focused()
    expect(place).to_have_value(words)
    expect(place).to_be_visible()
    assert axe(lead) == []
    assert checked.sheet().notes == ()


def test_without_script_a_note_is_answered_and_resolved(
    checked: Desk, context_for: ContextFor
) -> None:
    note_id = checked.open_note()
    reviewer = context_for(checked.cast.reviewer, java_script_enabled=False).new_page()
    reviewer.goto(component(checked))
    reviewer.fill(f"#note-{note_id}-text", "The visit of 3 May.")
    reviewer.click(f"#note-{note_id} [name=send]")
    lead = context_for(checked.cast.qa_lead, java_script_enabled=False).new_page()
    lead.goto(component(checked))
    lead.click(f"#note-{note_id} [name=resolve]")
    assert checked.sheet().notes[0].resolved


def test_qa_asks_on_a_fact_and_the_reviewer_answers_while_the_sheet_saves_itself(
    checked: Desk, context_for: ContextFor, axe: Axe
) -> None:
    facts = f"/reviews/{checked.public_id}/facts"
    lead = context_for(checked.cast.qa_lead).new_page()
    lead.goto(facts)
    lead.locator("#fact-report_in_pur + .noted summary").press("Enter")
    lead.keyboard.press("Tab")
    lead.keyboard.type(ASKED)
    assert axe(lead) == []
    lead.keyboard.press("Control+Enter")
    expect(lead.locator("#qa-notes a")).to_have_count(1)
    [note] = checked.sheet().notes
    checked.give_back("See the note.")
    reviewer = context_for(checked.cast.reviewer, viewport=PHONE).new_page()
    reviewer.goto(facts)
    reviewer.keyboard.press("Alt+q")
    expect(reviewer.locator(f"#{note.anchor}")).to_be_focused()
    saves: list[str] = []
    reviewer.on("request", lambda one: saves.append(one.method) if one.method == "POST" else None)
    reviewer.keyboard.press("Tab")
    reviewer.keyboard.type("The list has none.")
    reviewer.wait_for_timeout(2500)
    assert saves == [], "a note is sent by its button only"
    assert axe(reviewer) == []
    reviewer.keyboard.press("Control+Enter")
    expect(reviewer.locator(f"#{note.anchor}")).to_contain_text("Open, waits for QA")
    assert checked.sheet().notes[0].entries[-1].text == "The list has none."
