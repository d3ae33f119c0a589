"""The pages of signing in, as people meet them: readable, narrow enough, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import build
from tests.access import signing
from tests.browser.conftest import Axe, ContextFor
from tests.browser.product import Product
from tests.fixtures import moving
from tests.fixtures.cast import Cast
from tests.fixtures.scoring import Desk

NARROW = {"width": 320, "height": 700}


def look(page: Page, axe: Axe) -> None:
    """axe finds nothing, and nothing is wider than the narrowest page."""
    assert axe(page) == []
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert axe(page) == []
    page.set_viewport_size(before or NARROW)


def test_a_reviewer_sets_an_app_up_by_its_picture_or_its_key_and_is_in(
    cast: Cast, product: Product, chromium: Browser, axe: Axe
) -> None:
    page = chromium.new_page(base_url=product.url)
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text))
    page.goto("/sign-in?next=/instruments")
    page.get_by_label("E-mail address").fill(cast.reviewer.email)
    page.get_by_label("Password").fill(build.PASSWORD)
    page.keyboard.press("Enter")
    picture = page.get_by_role("img", name="Picture for your authenticator app")
    expect(picture).to_be_visible()
    assert picture.bounding_box()["width"] > 150
    look(page, axe)
    key = signing.key_shown(page.content())
    page.get_by_label("Code that the app shows").fill("123456")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_contain_text("This code is not right")
    page.get_by_label("Code that the app shows").fill(signing.code(key=key))
    page.keyboard.press("Enter")
    page.wait_for_url("**/instruments")
    assert not [words for words in complaints if "Security Policy" in words]
    page.close()


@pytest.mark.parametrize(
    "path",
    ["", "/password", "/app", "/recovery-codes"],
)
def test_the_pages_of_ones_own_sign_in_are_plain_for_everybody(
    cast: Cast, product: Product, context_for: ContextFor, axe: Axe, path: str
) -> None:
    signing.has_app(product.app.extensions["cqi"].database, cast.reviewer)
    page = context_for(cast.reviewer).new_page()
    page.goto(f"/your-sign-in{path}")
    look(page, axe)
    if path == "/recovery-codes":
        page.get_by_role("button", name="Make ten codes").click()
        expect(page.locator(".codes li")).to_have_count(10)
        look(page, axe)
        page.emulate_media(media="print")
        expect(page.locator(".codes li").first).to_be_visible()
        expect(page.get_by_role("link", name="I have kept them")).to_be_hidden()


def test_a_page_that_asks_for_the_password_again_comes_after_it(
    cast: Cast, product: Product, context_for: ContextFor, axe: Axe
) -> None:
    page = context_for(cast.administrator).new_page()
    page.goto(f"/people/{cast.reviewer.public_id}/sign-ins")
    look(page, axe)
    moving.on(product.app, minutes=11)
    page.goto("/your-sign-in/app")
    expect(page.locator("h1")).to_have_text("Show that it is you")
    look(page, axe)
    page.get_by_label("Password").fill(build.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Set up an authenticator app")


def test_after_signing_out_the_back_button_shows_nothing(
    desk: Desk, context_for: ContextFor
) -> None:
    page = context_for(desk.cast.reviewer).new_page()
    page.goto(f"/reviews/{desk.public_id}")
    assert desk.case_number in page.content()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.go_back()
    page.wait_for_url("**/sign-in**")
    assert desk.case_number not in page.content()
    expect(page.get_by_label("Password")).to_be_visible()
