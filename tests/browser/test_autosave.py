"""Saving as you go: what is sent, what is shown, and that nothing is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.gallery import Serving

NARRATIVE = "#SRM05-narrative"
BAR = "[data-saved]"


@pytest.fixture
def page(live: Serving, chromium_page: Page) -> Page:
    chromium_page.goto(live.url)
    return chromium_page


def choose(page: Page, answer: str) -> None:
    page.click(f"label[for={answer}]")


def changed(live: Serving) -> list[str]:
    return [post["changed"][0] for post in live.records.posts]


def test_an_answer_is_sent_at_once_with_token_and_version(live: Serving, page: Page) -> None:
    choose(page, "SRM05-c-no")
    expect(page.locator(BAR)).to_have_text("All changes saved 10:42")
    (post,) = live.records.posts
    assert post["changed"] == ["SRM05-c"]
    assert post["SRM05-c"] == ["no"]
    assert post["version"] == ["1"]
    assert post["csrf_token"]


def test_the_places_that_the_server_names_are_swapped_and_the_focus_stays(
    live: Serving, page: Page
) -> None:
    choose(page, "SRM05-c-no")
    expect(page.locator("#SRM05-head")).to_contain_text("SRM05-c = no")
    expect(page.locator("#missing")).to_have_text("Done: nothing is missing.")
    expect(page.locator("#status")).to_have_text("SRM05: saved SRM05-c")
    assert page.evaluate("document.activeElement.id") == "SRM05-c-no"
    choose(page, "SRM05-a-yes")
    expect(page.locator("#SRM05-head")).to_contain_text("SRM05-a = yes")
    assert live.records.posts[1]["version"] == ["2"]


def test_an_answered_question_is_no_longer_marked_as_missing(live: Serving, page: Page) -> None:
    expect(page.locator("#SRM05-c-missing")).to_be_visible()
    choose(page, "SRM05-c-yes")
    expect(page.locator("#SRM05-c-missing")).to_have_count(0)
    assert "q--missing" not in str(page.get_attribute("#SRM05-c", "class"))


def test_a_text_is_sent_after_a_pause_and_never_swapped_while_it_is_written(
    live: Serving, page: Page
) -> None:
    page.click(NARRATIVE)
    page.keyboard.type("Both children were seen.", delay=10)
    assert changed(live) == []
    expect(page.locator("[data-saved-for=SRM05-narrative]")).to_have_text("Saved 10:42")
    assert changed(live) == ["SRM05-narrative"]
    assert page.input_value(NARRATIVE) == "Both children were seen."
    page.keyboard.type(" Twice.")
    assert page.input_value(NARRATIVE) == "Both children were seen. Twice."
    page.focus(
        "#SRM05-a-yes"
    )  # leaving the text sends the rest; only then may its place be swapped
    expect(page.locator("#SRM05-narrative-field")).to_have_text("swapped away")
    assert live.records.answers["narrative"] == "Both children were seen. Twice."


def test_leaving_a_text_sends_it_without_waiting(live: Serving, page: Page) -> None:
    page.fill(NARRATIVE, "Seen.")
    page.focus("#SRM05-a-yes")
    page.wait_for_timeout(400)  # half of the pause after which a text is sent anyway
    assert live.records.answers["narrative"] == "Seen."


def test_a_conflict_is_said_at_the_field_with_the_way_out(live: Serving, page: Page) -> None:
    live.records.conflict = True
    page.fill(NARRATIVE, "Mine.")
    page.focus("#SRM05-a-yes")
    line = page.locator("[data-field=SRM05-narrative] >> text=Both texts are kept")
    expect(line).to_be_visible()
    assert page.input_value(NARRATIVE) == "Mine."
    page.click("text=Choose between them")
    expect(page.locator("h1")).to_have_text("Both texts")


def test_a_refusal_keeps_the_words_and_says_why(live: Serving, page: Page) -> None:
    live.records.refusal = "The period of this case is closed."
    choose(page, "SRM05-a-no")
    expect(page.locator("#SRM05-a")).to_contain_text("The period of this case is closed.")
    expect(page.locator(BAR)).to_have_text("1 not saved yet")
    assert page.is_checked("#SRM05-a-no")
    live.records.refusal = ""
    choose(page, "SRM05-a-yes")
    expect(page.locator(BAR)).to_have_text("All changes saved 10:42")


def test_while_the_server_is_down_all_is_kept_and_then_sent_in_order(
    live: Serving, page: Page
) -> None:
    live.stop()
    choose(page, "SRM05-c-no")
    choose(page, "SRM05-a-yes")
    page.fill(NARRATIVE, "Kept.")
    page.focus("#SRM05-b-yes")
    expect(page.locator("#SRM05-c")).to_contain_text("Not saved yet. Kept here")
    expect(page.locator(BAR)).to_contain_text("3 not saved yet. Kept here, will be sent when")
    live.start()
    expect(page.locator(BAR)).to_have_text("All changes saved 10:42", timeout=15000)
    assert changed(live) == ["SRM05-c", "SRM05-a", "SRM05-narrative"]
    expect(page.locator("text=Kept here")).to_have_count(0)


def test_leaving_with_something_unsent_is_warned_of(live: Serving, page: Page) -> None:
    live.records.refusal = "Not now."
    choose(page, "SRM05-a-no")
    expect(page.locator(BAR)).to_have_text("1 not saved yet")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(live.url + "/marks")
    assert asked == ["beforeunload"]


def test_a_link_waits_for_what_is_under_way_and_nobody_is_asked(live: Serving, page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill(NARRATIVE, "Written just before leaving.")
    page.click("text=Face sheet")
    page.wait_for_url("**/marks")
    assert asked == []
    assert live.records.answers["narrative"] == "Written just before leaving."


def test_letters_answer_only_where_the_focus_is_on_an_answer(live: Serving, page: Page) -> None:
    page.focus("#SRM05-b-yes")
    page.keyboard.press("a")
    assert page.is_checked("#SRM05-b-na")
    page.fill("#SRM05-b-why", "")
    page.focus("#SRM05-b-why")
    page.keyboard.type("any")
    assert page.input_value("#SRM05-b-why") == "any"
    assert page.is_checked("#SRM05-b-na")


def test_alt_m_goes_to_what_is_missing_and_y_answers_it(live: Serving, page: Page) -> None:
    page.evaluate("document.querySelector('#SRM05').open = false")
    page.keyboard.press("Alt+m")
    assert page.evaluate("document.activeElement.closest('.q').id") == "SRM05-c"
    page.keyboard.press("y")
    assert page.is_checked("#SRM05-c-yes")
    page.keyboard.press("Alt+m")
    assert page.evaluate("document.activeElement.id") == "SRM05-narrative"


def test_one_switch_turns_all_keys_off_and_is_remembered(live: Serving, page: Page) -> None:
    page.click("text=All keys")
    page.click("label[for=keys-on]")
    page.click("#all-keys >> text=Close")
    page.reload()
    page.focus("#SRM05-b-yes")
    page.keyboard.press("n")
    assert not page.is_checked("#SRM05-b-no")


def test_a_link_to_a_folded_item_unfolds_it(live: Serving, page: Page) -> None:
    page.click("#SRM01-marker")
    expect(page.locator("#SRM01-head")).to_be_focused()  # the jump follows the click's own event
    assert page.evaluate("document.querySelector('#SRM01').open")


def test_without_script_the_form_still_has_its_button(live: Serving, page: Page) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(live.url)
    expect(plain.locator("form.items button:text-is('Save')")).to_be_visible()
    expect(plain.locator("text=All keys")).to_have_count(1)
    expect(plain.locator("text=All keys")).to_be_hidden()
    context.close()
