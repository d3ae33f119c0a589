"""Scoring where no script runs: every button saves the whole page, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from cqi.reviews import forms, rules
from tests.browser.conftest import Axe, ContextFor
from tests.fixtures.scoring import Desk

MINE, OTHER = "Nobody looked again.", "M. was never seen alone."
REASON = "Known two days before the end."


@pytest.fixture
def page(desk: Desk, context_for: ContextFor) -> Page:
    desk.facts(household_changed="yes")
    opened = context_for(desk.cast.reviewer, java_script_enabled=False).new_page()
    opened.goto(f"/reviews/{desk.public_id}/components/SRM")
    return opened


def narrative(desk: Desk, code: str) -> str:
    saved = desk.sheet().narratives.get(code)
    return saved.value if saved else ""


def test_what_was_typed_into_two_items_is_saved_with_the_button_of_one(
    desk: Desk, page: Page
) -> None:
    page.click("label[for=SRM05-a-yes]")
    page.click("label[for=SRM05-b-no]")
    page.fill("#SRM05-narrative", MINE)
    page.click("label[for=SRM03-a-no]")
    page.fill("#SRM03-narrative", OTHER)
    page.click("button[name=save][value=SRM05]")
    assert page.url.endswith("#SRM05")
    expect(page.locator("#SRM05-head")).to_contain_text("Area needing improvement")
    assert page.input_value("#SRM05-narrative") == MINE
    assert page.input_value("#SRM03-narrative") == OTHER
    assert page.is_checked("#SRM03-a-no")
    assert narrative(desk, "SRM03") == OTHER


def test_adding_and_taking_away_a_source_saves_what_was_typed_elsewhere(
    desk: Desk, page: Page
) -> None:
    page.fill("#SRM03-narrative", OTHER)
    page.click("#SRM05-evidence summary")
    page.select_option("#SRM05-source", "visit_log")
    page.click("button[name=add][value=SRM05]")
    assert page.url.endswith("#SRM05-evidence")
    expect(page.locator("#SRM05-evidence li")).to_have_text("Visit log")
    assert narrative(desk, "SRM03") == OTHER
    page.fill("#SRM07-narrative", MINE)
    page.click("#SRM05-evidence button[name=remove]")
    expect(page.locator("#SRM05-evidence li")).to_have_count(0)
    assert narrative(desk, "SRM07") == MINE


def test_enter_in_a_line_saves_the_page_and_presses_no_other_button(desk: Desk, page: Page) -> None:
    page.click("label[for=SRM05-b-na]")
    page.fill("#SRM03-narrative", OTHER)
    page.click("#SRM03-evidence summary")
    page.select_option("#SRM03-source", "court_record")
    page.fill("#SRM05-b-why", REASON)
    page.press("#SRM05-b-why", "Enter")
    expect(page.locator("#SRM03-evidence li")).to_have_count(1)
    assert page.input_value("#SRM05-b-why") == REASON
    assert narrative(desk, "SRM03") == OTHER


@pytest.mark.parametrize(
    ("button", "address"),
    [
        ("Save and go on to Involving Children", "/components/INV"),
        ("Save and go back to Mobilizing", "/components/MAS"),
        ("Save, then submit", "/submit"),
    ],
)
def test_going_on_saves_first(desk: Desk, page: Page, button: str, address: str) -> None:
    page.fill("#SRM05-narrative", MINE)
    page.get_by_role("button", name=button).click()
    assert page.url.endswith(address)
    assert narrative(desk, "SRM05") == MINE
    expect(page.get_by_role("link", name="Next:")).to_have_count(0)


def test_the_bar_saves_and_stays(desk: Desk, page: Page) -> None:
    page.fill("#SRM05-narrative", MINE)
    page.locator(".bar").get_by_role("button", name="Save", exact=True).click()
    assert "/components/SRM" in page.url
    assert page.input_value("#SRM05-narrative") == MINE


def test_the_face_sheet_saves_before_it_goes_on(desk: Desk, page: Page) -> None:
    page.goto(f"/reviews/{desk.public_id}/facts")
    page.click("label[for=fact-referral_made-yes]")
    page.get_by_role("button", name="Save and go on to").click()
    assert page.url.endswith("/interviews")
    assert desk.sheet().facts["referral_made"].value == "yes"


def test_a_text_that_is_refused_stands_again_beside_what_was_saved(desk: Desk, page: Page) -> None:
    line = "x" * 99 + "\n"  # a form sends two characters for its end
    long = line * (forms.LONGEST_TEXT // 100)
    page.fill("#SRM03-narrative", long)
    page.fill("#SRM05-narrative", MINE)
    page.get_by_role("button", name="Save and go on to").click()
    expect(page.locator("#errors")).to_contain_text("SRM03 narrative: Use at most 60000")
    assert page.input_value("#SRM03-narrative") == long
    assert page.input_value("#SRM05-narrative") == MINE
    expect(page.locator(".bar [data-saved]")).to_be_hidden()
    page.fill("#SRM03-narrative", OTHER)
    page.click("button[name=save][value=SRM03]")
    assert narrative(desk, "SRM03") == OTHER
    assert narrative(desk, "SRM05") == MINE


def test_two_conflicts_of_one_post_are_settled_on_one_page(desk: Desk, page: Page) -> None:
    desk.theirs(rules.narrative("SRM03", "Theirs of three."))
    desk.theirs(rules.narrative("SRM05", "Theirs of five."))
    page.fill("#SRM03-narrative", OTHER)
    page.fill("#SRM05-narrative", MINE)
    page.fill("#SRM07-narrative", "No conflict here.")
    page.click("button[name=save][value=SRM05]")
    expect(page.locator("h1")).to_have_text(
        "Two people changed the narrative of SRM03 and of SRM05"
    )
    page.click("label[for=SRM03-choice-mine]")
    page.click("text=Save the chosen texts")
    assert narrative(desk, "SRM03") == OTHER
    assert MINE in narrative(desk, "SRM05")
    assert "Theirs of five." in narrative(desk, "SRM05")
    assert narrative(desk, "SRM07") == "No conflict here."


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_stands_there_without_script_is_accessible(
    desk: Desk, context_for: ContextFor, axe: Axe
) -> None:
    """axe needs a script itself: it looks at the page with what <noscript> holds laid open."""
    page = context_for(desk.cast.reviewer).new_page()
    page.route("**/components/*", lay_open)
    page.goto(f"/reviews/{desk.public_id}/components/SRM")
    expect(page.get_by_role("button", name="Save, then submit")).to_be_visible()
    assert axe(page) == []


def lay_open(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub("</?noscript>", "", answer.text()))
