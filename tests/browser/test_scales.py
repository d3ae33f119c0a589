"""A question on a scale in a real browser: its points by keyboard, by touch and without script."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import test_preview as previews
from tests.browser.conftest import Axe
from tests.browser.walking import PHONE

SHAPES = Path(__file__).parents[1] / "instruments" / "shapes" / "1.0"
POINTS = ["Adverse", "Poor", "Marginal", "Fair", "Good", "Optimal"]
page_on = previews.page_on


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """A draft with an item of two questions on a scale of six points, the second from 3 on."""
    return Path(shutil.copytree(SHAPES, tmp_path / "shapes" / "1.0"))


def stability(page: Page) -> Page:
    page.goto("/components/STA?all=yes")
    return page


def test_a_point_is_chosen_and_changed_with_keys_alone(
    page_on: previews.PageOn, shapes: Path, axe: Axe
) -> None:
    page = stability(page_on(shapes))
    points = page.get_by_role("group", name="How stable is it now?").get_by_role("radio")
    expect(points).to_have_count(6)
    for point, words in zip(points.all(), POINTS, strict=True):
        assert words in point.evaluate("one => one.labels[0].textContent")
    expect(page.locator("#STB-b")).to_contain_text("Not asked")
    points.first.focus()
    page.keyboard.press("y")
    expect(points.first).not_to_be_checked()
    page.keyboard.press("Space")
    expect(points.first).to_be_checked()
    expect(page.locator("#STB-head")).to_contain_text("Area needing improvement")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(points.nth(3)).to_be_checked()
    expect(points.nth(3)).to_be_focused()
    expect(page.locator("#STB-b")).to_contain_text("The item is rated when this is answered")
    assert axe(page) == []
    page.keyboard.press("Alt+m")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")  # round to the last
    expect(page.locator("#STB-b-6")).to_be_checked()
    expect(page.locator("#STB-head")).to_contain_text("Strength")
    assert page.complaints == []
    page.reload()
    expect(page.locator("#STB-a-4")).to_be_checked()
    expect(page.locator("#STB-b-6")).to_be_checked()


def test_on_a_phone_every_point_is_big_enough_and_inside_the_page(
    page_on: previews.PageOn, shapes: Path, axe: Axe
) -> None:
    page = stability(page_on(shapes, viewport=PHONE))
    labels = page.locator("#STB-a label[for^='STB-a-']")
    expect(labels).to_have_count(6)
    for label in labels.all():
        box = label.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    labels.nth(4).click()
    expect(page.locator("#STB-a-5")).to_be_checked()
    expect(page.locator("#STB-b")).not_to_contain_text("Not asked")
    assert axe(page) == []


def test_without_script_a_point_is_saved_by_a_button(
    page_on: previews.PageOn, shapes: Path
) -> None:
    page = stability(page_on(shapes, java_script_enabled=False))
    page.click("label[for=STB-a-1]")
    page.locator(".bar").get_by_role("button", name="Save").click()
    expect(page.locator("#STB-head")).to_contain_text("Area needing improvement")
    expect(page.locator("#STB-a-1")).to_be_checked()
