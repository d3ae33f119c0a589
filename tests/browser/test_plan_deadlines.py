"""A late step climbs the ladder on a moved clock, and each rung says that it knows; the pages of
the Regional Director and of the state."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import flask
import pytest
from playwright.sync_api import Browser, Page, expect

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cli import jobs
from cqi.core.clock import Clock
from cqi.core.database import Database
from tests import build
from tests.browser import product, widths
from tests.browser.conftest import Axe
from tests.browser.product import Product
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented

DUE = dt.date(2027, 4, 30)  # a Friday
RUNGS = (  # (the day that the rung is told on, who holds it, its words)
    (dt.date(2027, 5, 3), "supervisor", "Owner"),
    (dt.date(2027, 5, 7), "regional_director", "Regional Director"),
    (dt.date(2027, 5, 21), "cqi_director", "CQI director"),
    (dt.date(2027, 6, 14), "state_office", "State office"),
)


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
def people(database: Database, cast: Cast) -> dict[str, Person]:
    """The cast with somebody of the state office."""
    with database.writing() as session:
        office = build.person(session, "State Office Person")
        build.grant(session, office, Role.STATE_OFFICE, place=cast.state)
    return {**vars(cast), "state_office": office}


class Days:
    """The product's day, which a test moves; the job runs on each."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.works = jobs.Works(database, clock, lambda _mail: None)
        self.clock = clock

    def move(self, day: dt.date) -> None:
        at = dt.datetime(day.year, day.month, day.day, 15, 0, tzinfo=dt.UTC)
        object.__setattr__(self.clock, "frozen_at", at)
        jobs.JOBS["plan-deadlines"](self.works)


def good(page: Page, axe: Axe) -> None:
    assert widths.loose(page) == []
    for width in widths.WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == [], (page.url, width)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_late_step_climbs_and_each_rung_acknowledges(
    chromium: Browser,
    serving: Product,
    client_for: ClientFor,
    database: Database,
    cast: Cast,
    clock: Clock,
    people: dict[str, Person],
    axe: Axe,
) -> None:
    made = invented.active(database, cast, cast.supervisor, (DUE, dt.date(2027, 9, 1)))
    days = Days(database, clock)
    for ahead in (14, 7, 1):
        days.move(DUE - dt.timedelta(days=ahead))
    for day, who, title in RUNGS:
        days.move(day)
        context = product.context_for(chromium, serving, client_for(people[who]))
        page = context.new_page()
        page.goto("/notices")
        page.locator("#new button", has_text="late").first.click()
        expect(page.locator(".ladder .is-here")).to_contain_text(f"{title}: now here")
        expect(page.locator("#ladder")).to_contain_text("You, since today")
        good(page, axe)
        page.fill("#acknowledge textarea", f"{title} speaks with both counties.")
        page.click("#acknowledge button")
        expect(page.locator(".ladder .is-here")).to_contain_text(
            f"acknowledged it {day:%a} {day.day} {day:%b}"
        )
        expect(page.locator("#acknowledge")).to_have_count(0)
        context.close()
    director = product.context_for(chromium, serving, client_for(cast.regional_director))
    page = director.new_page()
    page.goto(f"/plans/{made.plan}")
    for _, _, title in RUNGS:
        expect(page.locator(".ladder")).to_contain_text(f"{title} speaks with both counties.")
    expect(page.locator("#late")).to_contain_text("State office, since")
    good(page, axe)
    director.close()


def test_a_director_acknowledges_several_at_once_on_the_first_page(
    chromium: Browser,
    serving: Product,
    client_for: ClientFor,
    database: Database,
    cast: Cast,
    clock: Clock,
    axe: Axe,
) -> None:
    due = (DUE, DUE, dt.date(2027, 5, 20))
    invented.active(database, cast, cast.supervisor, due)
    Days(database, clock).move(dt.date(2027, 5, 10))
    context = product.context_for(chromium, serving, client_for(cast.regional_director))
    page = context.new_page()
    page.goto("/plans/home")
    expect(page.locator("#late")).to_contain_text("You, since Fri 7 May")
    expect(page.locator("#waits")).to_contain_text("Acknowledge that step 1.1.2 is late")
    good(page, axe)
    page.click("#acknowledge button")
    expect(page.locator(".usa-alert--error")).to_contain_text("Choose at least one.")
    good(page, axe)
    for box in page.locator("#acknowledge .usa-checkbox__label").all():
        box.click()
    page.fill("#acknowledge textarea", "Both are done by Friday.")
    page.click("#acknowledge button")
    expect(page.locator("main")).to_contain_text("Your words stand on the ladder.")
    expect(page.locator("#acknowledge")).to_have_count(0)
    expect(page.locator(".ladder")).to_contain_text("Both are done by Friday.")
    context.close()


def test_the_states_page_sorts_narrows_and_gives_a_file(
    chromium: Browser,
    serving: Product,
    client_for: ClientFor,
    database: Database,
    cast: Cast,
    people: dict[str, Person],
    axe: Axe,
) -> None:
    invented.active(database, cast, cast.supervisor)
    with database.writing() as session:
        other = invented.draft(session, cast, "A plan of Region Two")
        other.place_id = cast.other_region.id
    client = client_for(people["state_office"])
    context = product.context_for(chromium, serving, client, accept_downloads=True)
    page = context.new_page()
    page.goto("/plans")
    good(page, axe)
    rows = page.locator("main tbody tr")
    expect(rows.first).to_contain_text("A plan of Region Two")
    page.get_by_role("link", name="Late", exact=True).click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Late")
    expect(rows.first).to_contain_text("Region One improvement plan")
    page.get_by_label("Steps", exact=True).select_option("yes")
    page.click("main form button")
    expect(page.locator("#plans-head")).to_have_text("1 plan of 2")
    good(page, axe)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert [row["plan"] for row in csv.DictReader(io.StringIO(text))] == [
        "Region One improvement plan"
    ]
    context.close()


def test_a_calendars_address_is_shown_once(
    chromium: Browser, serving: Product, client_for: ClientFor, cast: Cast, axe: Axe
) -> None:
    context = product.context_for(chromium, serving, client_for(cast.supervisor))
    page = context.new_page()
    page.goto("/plans/steps")
    page.click("text=Your deadlines in a calendar")
    good(page, axe)
    page.click("text=Make an address")
    address = page.locator("#address code").inner_text()
    good(page, axe)
    stranger = chromium.new_context()
    assert "BEGIN:VCALENDAR" in stranger.request.get(address).text()
    page.goto("/plans/calendar")
    expect(page.locator("#address")).to_have_count(0)
    page.click("text=End the address")
    assert stranger.request.get(address).status == 404
    stranger.close()
    context.close()
