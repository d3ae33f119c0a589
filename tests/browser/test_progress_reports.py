"""Progress reports in a browser: written, sent, commented on, answered; accessible at each step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import flask
import pytest
from playwright.sync_api import Browser, Page, expect

from cqi.access.models import Person
from cqi.core.database import Database
from cqi.plans.queries import records
from tests.browser import product, widths
from tests.browser.conftest import Axe
from tests.browser.product import Product
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented

PageOf = Callable[[Person], Page]


@pytest.fixture
def engine_name() -> str:
    """Pages look the same on both engines."""
    return "embedded"


@pytest.fixture
def page_of(chromium: Browser, app: flask.Flask, client_for: ClientFor) -> Iterator[PageOf]:
    """A page of the product for somebody who is signed in."""
    running, contexts = Product(app), []
    running.start()

    def opened(person: Person) -> Page:
        contexts.append(product.context_for(chromium, running, client_for(person)))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()
    running.stop()


def look(page: Page, axe: Axe) -> None:
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == [], page.url
    assert widths.loose(page) == []


def test_a_report_is_written_sent_commented_on_and_answered(
    page_of: PageOf, database: Database, cast: Cast, axe: Axe
) -> None:
    made = invented.active(database, cast, cast.regional_director)
    invented.claim(database, made.steps[0], cast.regional_director)
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        records.plan(session, director, made.plan).approved_on = dt.date(2027, 1, 20)
    lead = page_of(cast.regional_director)
    lead.goto(f"/plans/{made.plan}")
    lead.click("text=Progress reports")
    look(lead, axe)
    lead.click("text=January 2027")
    look(lead, axe)
    lead.click("text=Send the report")
    expect(lead.locator(".usa-alert--error")).to_have_count(1)
    look(lead, axe)
    lead.fill("textarea", "Two coaches began. One county waits for a room.")
    lead.click("text=Save for now")
    assert "Nobody else sees it" in lead.inner_text("main")
    lead.click("text=Send the report")
    look(lead, axe)
    address = lead.url
    liaison = page_of(cast.cqi_liaison)
    liaison.goto(address)
    liaison.fill("textarea", "Which county waits, and until when?")
    liaison.get_by_role("button", name="Comment").click()
    look(liaison, axe)
    lead.goto(address)
    lead.fill("textarea", "Nettle, until the first week of May.")
    lead.get_by_role("button", name="Answer").click()
    look(lead, axe)
    liaison.goto(address)
    assert "Nettle, until the first week of May." in liaison.inner_text("aside")
