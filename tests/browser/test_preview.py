"""The preview in a real browser: an author answers, fills in, breaks a file and mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cqi.core import folders
from cqi.core.clock import Clock
from cqi.instruments import scaffolding
from cqi.web.preview import app as previews
from tests.browser import product as products
from tests.browser.conftest import Axe, note

SHIPPED = folders.data_folder("review_instruments")
FIRST = {"osri": "S1", "mississippi_practice_model": "MAS"}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HEAD = "#VIS01-head"
PageOn = Callable[..., Page]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return scaffolding.start(tmp_path, "county_check")


@pytest.fixture
def page_on(chromium: Browser, clock: Clock) -> Iterator[PageOn]:
    """`page_on(folder, ...)` opens a page on the preview of a folder, at its face sheet."""
    running: list[products.Product] = []

    def opened(folder: Path, **options: object) -> Page:
        served = products.Product(previews.create_preview(folder, clock))
        served.start()
        running.append(served)
        page = chromium.new_context(base_url=served.url, **options).new_page()
        page.complaints = complaints = []
        page.on("console", lambda message: note(complaints, message))
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.goto("/")
        return page

    yield opened
    for each in running:
        each.stop()


def edit(folder: Path, old: str, new: str) -> str:
    """Change the one item's file; what stood in it before."""
    [path] = (folder / "items").glob("*.toml")
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf-8")
    return before


def mend(folder: Path, text: str) -> None:
    [path] = (folder / "items").glob("*.toml")
    path.write_text(text, encoding="utf-8")


def test_an_author_answers_fills_in_breaks_and_mends(page_on: PageOn, folder: Path) -> None:
    page = page_on(folder)
    expect(page.get_by_role("region", name="Draft preview")).to_contain_text("Nothing is kept")
    page.click("label[for=fact-case_type-foster_care]")
    page.click("label[for=fact-child_moved-yes]")
    expect(page.locator("#status")).to_contain_text("Face sheet: complete.")
    page.get_by_role("link", name="Next: Visits").click()
    page.click("label[for=VIS01-a-yes]")
    page.click("label[for=VIS01-b-no]")
    expect(page.locator(HEAD)).to_contain_text("Area needing improvement")
    expect(page.locator(HEAD)).to_contain_text("b is No. One No makes the item")
    expect(page.locator("#component-rating")).to_contain_text("Not achieved means no strength")
    page.get_by_role("button", name="Fill in as in Each month").click()
    expect(page.locator(HEAD)).to_contain_text("a and b are Yes.")
    assert page.is_checked("#VIS01-b-yes")
    before = edit(folder, "guidance", "guidanc")
    page.click("label[for=VIS01-b-na]")
    expect(page.locator("#VIS01-b")).to_contain_text("the draft does not hold together")
    page.goto("/components/VIS")
    expect(page.locator("#to-mend")).to_contain_text('Did you mean "guidance"?')
    expect(page.locator("a[href^='/components']")).to_have_count(0)
    mend(folder, before)
    page.reload()
    expect(page.locator(HEAD)).to_contain_text("a and b are Yes.")
    assert {c for c in page.complaints if "422" not in c} == set()


def test_without_script_the_same_by_buttons(page_on: PageOn, folder: Path) -> None:
    page = page_on(folder, java_script_enabled=False)
    page.click("label[for=fact-case_type-foster_care]")
    page.click("label[for=fact-child_moved-yes]")
    page.get_by_role("button", name="Save and go on to Visits").click()
    page.click("label[for=VIS01-a-yes]")
    page.click("label[for=VIS01-b-no]")
    page.fill("#VIS01-narrative", "Nine days went by.")
    page.locator(".bar").get_by_role("button", name="Save").click()
    expect(page.locator(HEAD)).to_contain_text("b is No. One No makes the item")
    page.get_by_role("link", name="3 of 3 worked cases pass").click()
    page.get_by_role("button", name="Fill in as in Each month").click()
    assert page.url.endswith("/components/VIS#VIS01")
    expect(page.locator(HEAD)).to_contain_text("a and b are Yes.")
    assert page.input_value("#VIS01-narrative") == "Nine days went by."


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_page_is_accessible_and_fits(
    page_on: PageOn, folder: Path, axe: Axe, width: int
) -> None:
    page = page_on(folder, viewport={"width": width, "height": 2400})
    look(page, axe, "/facts", "/components/VIS", "/worked-cases")
    before = edit(folder, 'any = ["a = no"', 'any = ["a = yes"')
    look(page, axe, "/components/VIS", "/worked-cases")
    mend(folder, before.replace("guidance", "guidanc"))
    look(page, axe, "/facts")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("shipped", FIRST)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_shipped_instruments_open_too(
    page_on: PageOn, axe: Axe, shipped: str, width: int, *, script: bool
) -> None:
    size = {"width": width, "height": 2400}
    page = page_on(SHIPPED / shipped / "1.0", viewport=size, java_script_enabled=script)
    expect(page.get_by_role("region", name="Preview of")).to_contain_text(f"{shipped} 1.0")
    first = f"/components/{FIRST[shipped]}"
    page.goto(first)
    page.get_by_role("button", name="Fill in").first.click()
    expect(page.locator(".flash")).to_contain_text("is filled in from")
    if script:
        look(page, axe, "/facts", f"{first}?all=yes")
        assert page.complaints == []


def look(page: Page, axe: Axe, *addresses: str) -> None:
    """axe finds nothing at these addresses, and nothing is wider than the page."""
    for address in addresses:
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate(SIDEWAYS) <= 0, address
