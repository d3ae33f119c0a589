"""The form of a safety alert: what it asks only after a Yes, and all of it in sight on a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Axe, ContextFor
from tests.browser.walking import DESKTOP, PHONE
from tests.fixtures.scoring import Desk

IN_SIGHT = """() => [...document.querySelectorAll("form.card :is(input, textarea, button)")]
  .filter((one) => one.offsetParent && one.type !== "hidden")
  .filter((one) => {
    one.scrollIntoView({ block: "end" });
    const box = (one.type === "radio" ? one.nextElementSibling : one).getBoundingClientRect();
    const found = document.elementFromPoint(box.x + box.width / 2, box.bottom - 4);
    return !found || !found.closest("form.card");
  }).map((one) => one.name || one.textContent)"""


def form(desk: Desk, context_for: ContextFor, viewport: dict[str, int]) -> Page:
    page = context_for(desk.cast.reviewer, viewport=viewport).new_page()
    page.goto(f"/reviews/{desk.public_id}/alerts/new")
    return page


def test_when_the_hotline_was_called_is_asked_after_a_yes_only(
    desk: Desk, context_for: ContextFor, axe: Axe
) -> None:
    page = form(desk, context_for, DESKTOP)
    when = page.get_by_label("When was it called?")
    expect(when).to_be_hidden()
    page.locator("input[name=hotline][value=yes]").press("Space")
    expect(when).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("ArrowRight")
    expect(when).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.get_by_label("What did you see or hear?")).to_be_focused()


def test_on_a_phone_nothing_lies_over_the_form(
    desk: Desk, context_for: ContextFor, axe: Axe
) -> None:
    page = form(desk, context_for, PHONE)
    page.locator("input[name=hotline][value=yes] + label").click()
    assert page.evaluate(IN_SIGHT) == []
    assert axe(page) == []
