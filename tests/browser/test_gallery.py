"""Every macro in every state: no axe-core violation, a silent console, no sideways scrolling."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Axe
from tests.browser.gallery import Serving

PAGES = [
    "/", "/frozen", "/marks", "/fields", "/parts", "/login",
    "/errors/not_found", "/errors/forbidden", "/errors/error",
]  # fmt: skip
WIDTHS = [1280, 390, 320]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits(
    live: Serving, chromium_page: Page, axe: Axe, path: str, width: int
) -> None:
    chromium_page.set_viewport_size({"width": width, "height": 900})
    chromium_page.goto(live.url + path)
    chromium_page.wait_for_load_state("networkidle")
    assert axe(chromium_page) == []
    assert chromium_page.evaluate(SIDEWAYS) <= 0
    assert chromium_page.complaints == []


@pytest.mark.parametrize("path", ["/fields", "/login"])
def test_a_refused_form_says_so_first_and_takes_the_focus(
    live: Serving, chromium_page: Page, axe: Axe, path: str
) -> None:
    chromium_page.goto(live.url + path)
    chromium_page.evaluate("document.querySelector('main form').noValidate = true")
    chromium_page.click("main form button[type=submit]")
    expect(chromium_page.locator("#errors")).to_be_focused()
    assert axe(chromium_page) == []


def test_an_entry_of_the_error_summary_leads_to_its_field(
    live: Serving, chromium_page: Page
) -> None:
    chromium_page.goto(live.url + "/fields")
    chromium_page.click("main form button[type=submit]")
    assert chromium_page.title().startswith("Error: ")
    chromium_page.click("text=Choose a kind of case. >> nth=0")
    expect(chromium_page.locator("#case_type")).to_be_focused()
    chromium_page.click("#errors >> text=Give the round a name.")
    expect(chromium_page.locator("#name")).to_be_focused()


def test_the_demo_sign_in_fills_the_form(live: Serving, chromium_page: Page) -> None:
    chromium_page.goto(live.url + "/login")
    chromium_page.click("text=Use QA lead")
    assert chromium_page.input_value("#email") == "qa_lead@demo.example"
    assert chromium_page.input_value("#password") == "loop-of-learning"
