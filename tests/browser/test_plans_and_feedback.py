"""Pages of plans and feedback in a browser: accessible, and no wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator

import flask
import pytest
from playwright.sync_api import Browser

from cqi.core.database import Database
from tests.browser import product
from tests.browser.conftest import Axe
from tests.browser.product import Product
from tests.feedback import invented as reviews
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented as plans

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def engine_name() -> str:
    """Pages look the same on both engines."""
    return "embedded"


@pytest.fixture
def serving(app: flask.Flask) -> Iterator[Product]:
    """The product on a port of its own."""
    running = Product(app)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def pages(database: Database, cast: Cast) -> list[tuple[str, str]]:
    """(who opens it, address) of every page, with something on it."""
    made = plans.active(database, cast, cast.regional_director)
    plans.claim(database, made.steps[0], cast.regional_director)
    with database.writing() as session:
        draft = plans.draft(session, cast, "Next plan")
        goal = draft.goals[0].public_id
        step = plans.add_step(session, cast, draft, cast.cqi_liaison, plans.FAR).public_id
    review = reviews.final_review(database, cast)
    return [
        ("regional_director", "/plans/home"),
        ("cqi_director", "/plans"),
        ("cqi_liaison", f"/plans/{made.plan}"),
        ("regional_director", f"/plans/{draft.public_id}"),
        ("regional_director", "/plans/due"),
        ("cqi_liaison", "/plans/due"),
        ("regional_director", "/plans/new"),
        ("regional_director", f"/plans/{draft.public_id}/findings"),
        ("regional_director", f"/plans/{draft.public_id}/findings/new"),
        ("cqi_director", f"/plans/{made.plan}/findings"),
        ("regional_director", f"/plans/steps/{step}/edit"),
        ("regional_director", f"/plans/steps/{step}/drop"),
        ("regional_director", f"/plans/goals/{goal}/edit"),
        ("regional_director", f"/plans/goals/{goal}/1/edit"),
        ("regional_director", f"/plans/{draft.public_id}/goals/new"),
        ("regional_director", f"/plans/goals/{goal}/1/steps/new"),
        ("cqi_liaison", f"/plans/steps/{made.steps[0]}"),
        ("regional_director", f"/plans/steps/{made.steps[1]}"),
        ("regional_director", "/plans/steps"),
        ("supervisor", "/feedback"),
        ("regional_director", "/feedback"),
        ("supervisor", f"/feedback/{review}"),
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_is_accessible_and_fits(
    chromium: Browser,
    serving: Product,
    client_for: ClientFor,
    cast: Cast,
    pages: list[tuple[str, str]],
    axe: Axe,
    width: int,
) -> None:
    for who, address in pages:
        client = client_for(getattr(cast, who))
        size = {"width": width, "height": 900}
        context = product.context_for(chromium, serving, client, viewport=size)
        page = context.new_page()
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert axe(page) == [], address
        assert page.evaluate(SIDEWAYS) <= 0, address
        context.close()


def test_a_step_is_claimed_and_verified_by_two_people(
    chromium: Browser, serving: Product, client_for: ClientFor, cast: Cast, database: Database
) -> None:
    made = plans.active(database, cast, cast.regional_director)
    address = f"/plans/steps/{made.steps[0]}"
    owner = product.context_for(chromium, serving, client_for(cast.regional_director)).new_page()
    owner.goto("/plans/home")
    owner.click("text=claim it as done")
    owner.fill("#claim textarea", "Both logs are in the folder.")
    owner.fill("#claim [name=claim-link]", plans.LINK)
    owner.locator("#claim").get_by_text("No", exact=True).click()
    owner.click("button:has-text('It is done')")
    assert "Claimed as done" in owner.inner_text("main")
    checker = product.context_for(chromium, serving, client_for(cast.cqi_liaison)).new_page()
    checker.goto(address)
    checker.click("button:has-text('verified')")
    assert "This step is verified." in checker.inner_text("main")
    owner.context.close()
    checker.context.close()


def test_a_supervisor_reads_and_acknowledges(
    chromium: Browser, serving: Product, client_for: ClientFor, cast: Cast, database: Database
) -> None:
    reviews.final_review(database, cast)
    page = product.context_for(chromium, serving, client_for(cast.supervisor)).new_page()
    page.goto("/feedback")
    page.click("text=Read the memo on case")
    page.fill("textarea", "We will practice this together.")
    page.click("button:has-text('I have read this memo')")
    assert "We will practice this together." in page.inner_text("aside")
    page.context.close()
