"""The pages of a round and of practice: opening it for a few items, practice, second-level QA."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from cqi.core.database import Database
from cqi.reviews import actions
from cqi.reviews.models import CaseReview
from tests import build
from tests.browser.conftest import Axe, ContextFor
from tests.fixtures.cast import Cast
from tests.fixtures.twice import Twice


@pytest.fixture
def practice(database: Database, cast: Cast) -> uuid.UUID:
    with database.writing() as session:
        review = actions.assign_for_practice(
            session,
            in_round=session.merge(cast.round),
            case=build.case(session, cast.county),
            reviewers=[build.actor(session, cast.reviewer)],
            actor=build.actor(session, cast.cqi_director),
            now=build.NOW,
        )
        return review.public_id


def look(page: Page, axe: Axe, name: str) -> list[str]:
    """What axe finds, and whether anything is wider than the page. With CQI_SCREENSHOTS=FOLDER a
    picture goes there."""
    size = page.viewport_size
    assert size is not None
    found = [f"{name} at {size['width']}: {problem}" for problem in axe(page)]
    if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
        found.append(f"{name} is wider than {size['width']} px")
    if folder := os.environ.get("CQI_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)
    return found


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_are_accessible_and_fit(
    practice: uuid.UUID, cast: Cast, context_for: ContextFor, axe: Axe, width: int
) -> None:
    assert practice
    size = {"width": width, "height": 900}
    director = context_for(cast.cqi_director, viewport=size).new_page()
    reviewer = context_for(cast.reviewer, viewport=size).new_page()
    director.set_default_timeout(8000)
    found, url = [], f"/rounds/{cast.round.public_id}"
    reviewer.goto("/practice")
    found += look(reviewer, axe, "practice")
    director.goto(f"{url}/practice")
    found += look(director, axe, "give-practice")
    director.goto(f"{url}/second-level")
    director.locator("label", has_text="A random share: 20%").click()
    director.get_by_label("Why?").fill("Two reviewers rate the same facts differently.")
    director.get_by_role("button", name="Change it").click()
    director.get_by_text("From on request only to 20%").wait_for()
    found += look(director, axe, "round")
    director.goto(f"{url}/second-level")
    found += look(director, axe, "second-level")
    director.goto("/rounds/open")
    found += look(director, axe, "open-round")
    director.get_by_text("Only some items of Mississippi").click()
    director.locator("label", has_text="All of ICP").click()
    found += look(director, axe, "open-round-items")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_of_second_readings_are_accessible_and_fit(
    twice: Twice, context_for: ContextFor, axe: Axe, width: int
) -> None:
    """One waits and is refused, then given, worked on and handed in; QA reads it."""
    size, cast = {"width": width, "height": 900}, twice.cast
    page = context_for(cast.cqi_director, viewport=size).new_page()
    lead = context_for(cast.qa_lead, viewport=size).new_page()
    for each in (page, lead):
        each.set_default_timeout(8000)
    page.goto(twice.url)
    page.get_by_text("One case is to be read twice").wait_for()
    found = look(page, axe, "round-with-one-that-waits")
    page.get_by_role("link", name="Give them to a second pair").click()
    found += look(page, axe, "second-reading")
    page.get_by_label("Case", exact=True).select_option(str(twice.case))
    page.locator("label", has_text="Beside Person").click()
    page.get_by_role("button", name="Give it to the second pair").click()
    page.get_by_role("listitem").filter(has_text="knows the other reading of this case").wait_for()
    found += look(page, axe, "second-reading-refused")
    page.locator("label", has_text="Thirdreader Person").click()
    page.get_by_role("button", name="Give it to the second pair").click()
    page.get_by_text(f"Case {twice.case_number} has its second pair.").wait_for()
    found += look(page, axe, "round-with-second-reading")
    with twice.database.reading() as session:
        second = sa.select(CaseReview.public_id).where(CaseReview.reading == 2)
        twice.second = session.scalars(second).one()
    twice.submit(twice.second, twice.third)
    page.goto(f"{twice.url}/double-reading")
    found += look(page, axe, "double-reading-all-drawn")
    lead.goto("/qa")
    lead.get_by_text("Second reading: Foster care").wait_for()
    found += look(lead, axe, "queue-with-second-reading")
    for name in ("facts", "decision", "print"):
        lead.goto(f"/reviews/{twice.second}/{name}")
        lead.get_by_role("region", name="Second reading").wait_for()
        found += look(lead, axe, f"second-reading-{name}")
    assert not found, "\n".join(found)


def test_a_round_is_opened_for_a_few_items_by_keyboard(cast: Cast, context_for: ContextFor) -> None:
    page = context_for(cast.cqi_director).new_page()
    page.set_default_timeout(8000)
    page.goto("/rounds/open")
    page.get_by_label("Name of the round").fill("A closer look")
    page.locator("label", has_text="Baseline").click()
    page.get_by_label("Region", exact=True).select_option(str(cast.region.public_id))
    page.get_by_label("Start of the period").fill("2026-04-01")
    page.get_by_label("First day on site").fill("2027-04-05")
    page.get_by_label("Last day on site").fill("2027-04-16")
    page.get_by_text("Only some items of Mississippi").focus()
    page.keyboard.press("Enter")
    page.get_by_label("SRM05 ").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Open the round").click()
    page.get_by_text("Only SRM05.").wait_for()


@pytest.mark.parametrize("width", [390, 320])
def test_a_name_without_spaces_breaks_and_widens_no_page(
    database: Database, cast: Cast, context_for: ContextFor, width: int
) -> None:
    with database.writing() as session:
        session.merge(cast.round).name = "Verylongnamewithoutspaces" * 4
    page = context_for(cast.cqi_director, viewport={"width": width, "height": 900}).new_page()
    for part in ("", "/sample", "/schedule"):
        page.goto(f"/rounds/{cast.round.public_id}{part}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, part
