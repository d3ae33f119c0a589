"""Places, and moving a county: they fit, are accessible, and a move can be taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Axe, ContextFor
from tests.browser.test_round_pages import look
from tests.build import NOW
from tests.fixtures.cast import Cast


@pytest.mark.parametrize("width", [1280, 390])
def test_a_county_is_moved_and_the_move_taken_back(
    cast: Cast, context_for: ContextFor, axe: Axe, width: int
) -> None:
    size = {"width": width, "height": 900}
    page = context_for(cast.administrator, viewport=size).new_page()
    page.set_default_timeout(8000)
    page.goto("/places")
    found = look(page, axe, "places")
    page.get_by_role("link", name=f"Move {cast.county.name}").click()
    found += look(page, axe, "to move")
    page.get_by_role("button", name="Move it").click()
    found += look(page, axe, "nothing given")
    page.get_by_label("Region").select_option("Region Two")
    day = NOW.date() + dt.timedelta(days=30)
    page.get_by_label("From", exact=True).fill(day.isoformat())
    page.get_by_label("Where this was decided").fill("Order 12 of the agency")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("goes from Region One to Region Two")).to_be_visible()
    found += look(page, axe, "moved")
    page.get_by_role("link", name=f"Move {cast.county.name}").click()
    found += look(page, axe, "a move to come")
    page.get_by_role("button", name="Take back the move").click()
    expect(page.get_by_text("stays in its region")).to_be_visible()
    assert not found, "\n".join(found)
