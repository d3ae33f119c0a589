"""A sign-in that is about to end: the page warns, one key extends, and the end hides the text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.access import signing
from tests.browser import walking
from tests.browser.conftest import Axe, ContextFor
from tests.browser.product import Product
from tests.fixtures import moving
from tests.fixtures.scoring import Desk

NARRATIVE = "#SRM05-narrative"
WARNING, OVERLAY = "#idle", "#signed-out"


@pytest.fixture
def page(desk: Desk, context_for: ContextFor) -> Page:
    desk.facts(household_changed="yes")
    opened = context_for(desk.cast.reviewer).new_page()
    opened.goto(f"/reviews/{desk.public_id}/components/SRM")
    return opened


def left(page: Page) -> int:
    return page.evaluate("askHowLong().then((answer) => answer.left)")


def test_before_the_end_the_page_warns_and_one_key_extends_and_does_nothing_else(
    desk: Desk, product: Product, page: Page, axe: Axe
) -> None:
    page.focus(NARRATIVE)
    moving.on(product.app, minutes=13, seconds=30)
    page.evaluate("lookAtTheClock()")
    expect(page.locator(WARNING)).to_be_visible()
    expect(page.locator(WARNING)).to_contain_text("2 minutes")
    assert axe(page) == []
    with page.expect_request("**/sign-in/activity") as told:
        page.keyboard.press("x")
    assert told.value.method == "POST"
    expect(page.locator(WARNING)).to_be_hidden()
    expect(page.locator(NARRATIVE)).to_be_focused()
    assert page.input_value(NARRATIVE) == ""
    assert left(page) == 15 * 60


def test_typing_is_told_of_and_looking_around_is_not(product: Product, page: Page) -> None:
    moving.on(product.app, minutes=10)
    page.evaluate("lookAround()")
    page.evaluate("window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))")
    assert left(page) == 5 * 60
    page.evaluate("toldAt = 0")
    with page.expect_response("**/sign-in/activity"):
        page.locator(NARRATIVE).press("a")
    assert left(page) == 15 * 60


def test_a_second_window_in_use_keeps_the_first_one_quiet(product: Product, page: Page) -> None:
    other = page.context.new_page()
    moving.on(product.app, minutes=13, seconds=30)
    other.goto("/")
    page.evaluate("lookAtTheClock()")
    assert left(page) == 15 * 60
    expect(page.locator(WARNING)).to_be_hidden()


def test_at_the_end_the_text_is_hidden_and_kept_until_its_writer_is_back_with_a_code(
    desk: Desk, product: Product, page: Page, axe: Axe
) -> None:
    signing.has_app(desk.database, desk.cast.reviewer)
    page.route("**/items/SRM05", lambda route: route.abort())
    page.fill(NARRATIVE, "Both were seen.")
    moving.on(product.app, minutes=15)
    page.evaluate("lookAtTheClock()")
    expect(page.locator(OVERLAY)).to_be_visible()
    expect(page.locator(WARNING)).to_be_hidden()
    expect(page.locator("main")).to_be_hidden()
    page.unroute("**/items/SRM05")
    form = page.locator("form[name=sign_in]")
    form.get_by_label("E-mail address").fill(desk.cast.reviewer.email)
    form.get_by_label("Password").fill("three invented words")
    form.get_by_role("button", name="Sign in").click()
    expect(form.get_by_label("Code")).to_be_focused()
    assert axe(page) == []
    form.get_by_label("Code").fill("000000")
    form.get_by_role("button", name="Sign in").click()
    expect(form).to_contain_text("This code is not right")
    form.get_by_label("Code").fill(signing.code(15 * 60))
    form.get_by_role("button", name="Sign in").click()
    expect(page.locator(OVERLAY)).to_be_hidden()
    walking.settled(page)
    assert desk.sheet().narratives["SRM05"].value == "Both were seen."


def test_begin_again_in_the_overlay_asks_for_the_password(
    desk: Desk, product: Product, page: Page
) -> None:
    signing.has_app(desk.database, desk.cast.reviewer)
    moving.on(product.app, minutes=15)
    page.evaluate("lookAtTheClock()")
    form = page.locator("form[name=sign_in]")
    form.get_by_label("E-mail address").fill(desk.cast.reviewer.email)
    form.get_by_label("Password").fill("three invented words")
    form.get_by_role("button", name="Sign in").click()
    form.get_by_role("button", name="Begin again").click()
    expect(form.get_by_label("Password")).to_be_visible()


def test_after_twelve_hours_no_key_helps_and_the_page_says_so(product: Product, page: Page) -> None:
    for _ in range(71):
        moving.on(product.app, minutes=10)
        page.evaluate("askHowLong('POST')")
    moving.on(product.app, minutes=8, seconds=30)
    page.evaluate("lookAtTheClock()")
    expect(page.locator(WARNING)).to_contain_text("whatever you press")
    page.keyboard.press("x")
    expect(page.locator(WARNING)).to_be_hidden()
    moving.on(product.app, minutes=1, seconds=30)
    page.evaluate("lookAtTheClock()")
    expect(page.locator(OVERLAY)).to_be_visible()
