"""QA notes in a real browser: by key, beside half-saved answers, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ContextFor
from tests.browser.test_scoring import component
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
