"""Scoring in a real browser: by keyboard, without script, through a dead server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cqi.reviews import forms, rules
from tests.browser import product as products
from tests.browser import walking
from tests.browser.conftest import Axe, ContextFor
from tests.fixtures.scoring import Desk, instrument

SAVED = "[data-saved]"
NARRATIVE = "#SRM05-narrative"
TITLED = f"SRM05 {instrument().item('SRM05').title}"


def component(desk: Desk, code: str = "SRM") -> str:
    return f"/reviews/{desk.public_id}/components/{code}"


@pytest.fixture
def page(desk: Desk, context_for: ContextFor) -> Page:
    desk.facts(household_changed="yes")
    opened = context_for(desk.cast.reviewer).new_page()
    opened.goto(component(desk))
    return opened


def test_an_item_is_scored_with_the_keyboard_alone(desk: Desk, page: Page) -> None:
    page.focus("#SRM05-a-yes")
    page.keyboard.press("y")
    expect(page.locator("#SRM05-head")).to_contain_text("To do: answer b, ")
    page.keyboard.press("Alt+n")
    page.keyboard.press("n")
    expect(page.locator("#SRM05-head")).to_contain_text("Area needing improvement")
    expect(page.locator("#SRM05-head")).to_contain_text("b is No. One No makes the item")
    expect(page.locator("#status")).to_contain_text("SRM05: area needing improvement")
    page.keyboard.press("a")
    page.focus("#SRM05-b-why")
    page.keyboard.type("The change became known two days before the end.")
    page.focus(NARRATIVE)
    page.keyboard.type("Safety was weighed anew whenever the case turned.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-saved-for=SRM05-narrative]")).to_contain_text("Saved 10:00")
    expect(page.locator("#SRM05-head")).to_contain_text("a is Yes; b does not apply.")
    page.reload()
    assert page.is_checked("#SRM05-a-yes")
    assert page.is_checked("#SRM05-b-na")
    assert page.input_value("#SRM05-b-why") == "The change became known two days before the end."
    assert page.input_value(NARRATIVE) == "Safety was weighed anew whenever the case turned."
    assert desk.sheet().rating.items["SRM05"].rating == "strength"


def test_an_answer_of_na_asks_for_its_reason_at_once(desk: Desk, page: Page, axe: Axe) -> None:
    page.focus("#SRM05-b-yes")
    page.keyboard.press("a")
    mark = page.locator("#SRM05-b-why-missing")
    expect(mark).to_contain_text("Say why it does not apply.")
    expect(page.locator("#SRM05-b-why")).to_have_accessible_description(re.compile("Say why"))
    expect(page.locator("#missing")).to_contain_text(TITLED)
    assert axe(page) == []
    page.keyboard.press("Alt+m")
    expect(mark).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#SRM05-b-why")).to_be_focused()
    page.keyboard.type("The change came two days before the end.")
    expect(mark).to_have_text("")
    assert desk.sheet().answers["SRM05"]["b"].reason == "The change came two days before the end."


def test_the_next_missing_thing_is_one_key_away(page: Page) -> None:
    page.focus("#SRM05-a-yes")
    page.keyboard.press("Alt+m")
    assert page.evaluate("document.activeElement.closest('[data-missing]').id") == "SRM05-b"


def test_evidence_is_added_and_the_text_under_the_hands_is_kept(desk: Desk, page: Page) -> None:
    page.focus(NARRATIVE)
    page.keyboard.type("Written just now.")
    page.click("#SRM05-evidence summary")
    page.select_option("#SRM05-source", "visit_log")
    page.fill("#SRM05-detail", "May to Oct")
    page.click("#SRM05-evidence button[name=add]")
    expect(page.locator("#SRM05-evidence")).to_contain_text("Visit log: May to Oct")
    assert page.input_value(NARRATIVE) == "Written just now."
    page.click("#SRM05-evidence .chip button[name=remove]")
    expect(page.locator("#SRM05-evidence")).to_contain_text("No source is named yet.")


def test_what_is_typed_while_the_server_is_dead_is_saved_when_it_is_back(
    desk: Desk, page: Page, product: products.Product
) -> None:
    page.focus(NARRATIVE)
    page.keyboard.type("Both children were seen ")
    product.stop()
    page.keyboard.type("every month.")
    expect(page.locator(SAVED)).to_contain_text("not saved yet")
    expect(page.locator("#SRM05-narrative-field")).to_contain_text("Not saved yet. Kept here")
    assert page.input_value(NARRATIVE) == "Both children were seen every month."
    product.start()
    expect(page.locator(SAVED)).to_contain_text("All changes saved", timeout=20_000)
    assert desk.sheet().narratives["SRM05"].value == "Both children were seen every month."
    page.reload()
    assert page.input_value(NARRATIVE) == "Both children were seen every month."


def test_what_the_server_refused_counts_as_unsent(desk: Desk, page: Page) -> None:
    page.route("**/items/*", lambda route: route.fulfill(status=422, json={"message": "No."}))
    page.fill(NARRATIVE, ("x" * 99 + "\n") * (forms.LONGEST_TEXT // 100))
    page.focus("#SRM05-a-yes")
    expect(page.locator(SAVED)).to_contain_text("1 not saved yet")
    page.click("#SRM05-evidence summary")
    page.click("#SRM05-evidence button[name=add]")  # a form sends two characters for a line's end
    expect(page.locator("#errors")).to_contain_text("Use at most 60000 characters.")
    expect(page.locator(SAVED)).to_contain_text("1 not saved yet")
    page.unroute("**/items/*")
    page.fill(NARRATIVE, "Shorter.")
    expect(page.locator(SAVED)).to_contain_text("All changes saved")
    assert desk.sheet().narratives["SRM05"].value == "Shorter."


def test_a_button_does_not_take_the_page_away_while_the_server_is_dead(
    page: Page, product: products.Product
) -> None:
    product.stop()
    page.fill(NARRATIVE, "Kept.")
    page.fill("#SRM03-narrative", "Kept too.")
    expect(page.locator(SAVED)).to_contain_text("2 not saved yet")
    page.click("#SRM05-evidence summary")
    page.click("#SRM05-evidence button[name=add]")
    expect(page.locator("#status")).to_contain_text("Kept here")
    assert page.input_value(NARRATIVE) == "Kept."
    product.start()
    expect(page.locator(SAVED)).to_contain_text("All changes saved", timeout=20_000)


def test_items_of_a_page_are_saved_one_after_the_other_in_the_order_of_entry(
    desk: Desk, page: Page, product: products.Product
) -> None:
    product.stop()
    page.click("label[for=SRM05-a-yes]")
    page.click("label[for=SRM03-a-no]")
    page.fill(NARRATIVE, "Third.")
    expect(page.locator(SAVED)).to_contain_text("3 not saved yet")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.post_data else None)
    product.start()
    expect(page.locator(SAVED)).to_contain_text("All changes saved", timeout=20_000)
    assert [url.rpartition("/")[2] for url in sent[-3:]] == ["SRM05", "SRM03", "SRM05"]
    assert desk.sheet().answers["SRM03"]["a"].value == "no"
    assert desk.sheet().narratives["SRM05"].value == "Third."


def test_the_note_at_a_narrative_goes_and_comes_with_a_save_and_nothing_moves(page: Page) -> None:
    note = page.locator("#SRM05-narrative-missing")
    expect(note).to_contain_text("To write.")
    page.focus(NARRATIVE)
    before = page.locator(NARRATIVE).bounding_box()
    page.fill(NARRATIVE, "Seen.")
    page.press(NARRATIVE, "Control+Enter")
    expect(note).to_have_text("")
    assert page.locator(NARRATIVE).bounding_box() == before
    page.fill(NARRATIVE, "")
    page.press(NARRATIVE, "Control+Enter")
    expect(note).to_contain_text("To write.")
    assert page.locator(NARRATIVE).bounding_box() == before


def test_a_note_that_needs_room_waits_until_no_click_can_miss(desk: Desk, page: Page) -> None:
    desk.record(rules.narrative("SRM05", "Seen."))
    page.reload()
    note, adder = page.locator("#SRM05-narrative-missing"), page.locator("#SRM05-evidence summary")
    adder.scroll_into_view_if_needed()
    page.fill(NARRATIVE, "")
    page.press(NARRATIVE, "Control+Enter")
    expect(page.locator("#missing")).to_contain_text(f"{TITLED}: a, b, narrative")
    expect(note).to_have_text("")
    place = adder.bounding_box()
    assert place
    page.mouse.move(place["x"] + 5, place["y"] + 5)
    page.mouse.down()
    page.wait_for_timeout(100)  # the focus has left the text, the button is not let go
    assert adder.bounding_box() == place
    page.mouse.up()
    expect(note).to_contain_text("To write.")
    expect(page.locator("#SRM05-source")).to_be_visible()


def test_two_people_at_two_texts_settle_both_on_one_page(desk: Desk, page: Page) -> None:
    desk.theirs(rules.narrative("SRM03", "Theirs."), rules.narrative("SRM05", "Theirs too."))
    page.fill("#SRM03-narrative", "Mine.")
    page.fill(NARRATIVE, "Mine too.")
    page.focus("#SRM05-a-yes")
    expect(page.locator(SAVED)).to_contain_text("2 not saved yet")
    page.click("#SRM03-narrative-field >> text=Choose between them")
    expect(page.locator("h1")).to_have_text(
        "Two people changed the narrative of SRM03 and of SRM05"
    )
    page.click("text=Save the chosen texts")
    page.wait_for_url("**/components/SRM#SRM03")
    assert page.input_value("#SRM03-narrative") == "Mine. Theirs."
    assert page.input_value(NARRATIVE) == "Mine too. Theirs too."


def test_the_words_for_an_na_that_was_overtaken_are_said_back(desk: Desk, page: Page) -> None:
    page.click("label[for=SRM05-b-na]")
    walking.settled(page)  # the bar speaks of the face sheet until then
    desk.theirs(rules.answer("SRM05", "b", "yes", expected=1))
    page.fill("#SRM05-b-why", "Known two days before the end.")
    page.focus(NARRATIVE)
    expect(page.locator("#SRM05-b-yes")).to_be_checked()
    expect(page.locator("#SRM05-b")).to_contain_text("You wrote “Known two days before the end.”")


def test_two_people_at_one_text_lose_nothing(desk: Desk, page: Page) -> None:
    desk.theirs(rules.narrative("SRM05", "The caregiver stayed in the room."))
    page.fill(NARRATIVE, "D. speaks freely at school.")
    page.focus("#SRM05-a-yes")
    expect(page.locator("#SRM05-narrative-field")).to_contain_text("Somebody else changed this")
    page.click("text=Choose between them")
    expect(page.locator("h1")).to_have_text("Two people changed the narrative of SRM05")
    page.click("text=Save the chosen text")
    page.wait_for_url("**/components/SRM#SRM05")
    text = page.input_value(NARRATIVE)
    assert "D. speaks freely at school." in text
    assert "The caregiver stayed in the room." in text


def test_the_whole_way_from_missing_to_final(desk: Desk, context_for: ContextFor) -> None:
    desk.complete()
    desk.record(rules.answer("SRM05", "a", "", expected=1))
    page = context_for(desk.cast.reviewer).new_page()
    page.goto("/")
    page.click(f"text=Continue case {desk.case_number}")
    page.wait_for_url("**/components/SRM#SRM05-a")
    expect(page.locator("#SRM05-a fieldset")).to_be_focused()
    page.keyboard.press("y")
    expect(page.locator("#bar-done")).to_have_text("48 of 48 items complete")
    expect(page.locator("#missing")).to_contain_text("Done: nothing is missing.")
    page.click(".bar >> text=Submit")
    page.click(f"text=Submit case {desk.case_number} for QA")
    lead = context_for(desk.cast.qa_lead).new_page()
    lead.goto("/")
    lead.click(f"text={desk.case_number}")
    lead.click(".bar >> text=Begin QA")
    lead.click("main >> button:has-text('Begin QA')")
    lead.click("text=Approve, make it final")
    expect(lead.locator("main")).to_contain_text("is final")
    page.goto(component(desk))
    expect(page.locator("main")).to_contain_text("Final since 10 Mar 2027")
