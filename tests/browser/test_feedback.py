"""Feedback in a browser: axe-core finds nothing in any state of its pages, nothing scrolls
sideways, and the days of a site leader, a supervisor and a caseworker can be lived on them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import flask
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.feedback import actions
from cqi.feedback.rules import Wording
from cqi.feedback.rules.debriefs import Attending, NewDebrief
from cqi.reviews import actions as reviews
from cqi.reviews.models import CaseReview
from tests import build
from tests.browser import product
from tests.browser.conftest import Axe
from tests.browser.product import Product
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"
QUOTED = "The mother said “never”."


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


@dataclass(frozen=True)
class World:
    """A case of the cast's unit in one state, with who leads its round."""

    database: Database
    cast: Cast
    site_leader: Person
    review: uuid.UUID

    def person(self, who: str) -> Person:
        return self.site_leader if who == "site_leader" else getattr(self.cast, who)


@dataclass(frozen=True)
class State:
    """How a world is made, and the pages to look at in it: (who, path, button to press)."""

    make: Callable[[Database, Cast], uuid.UUID]
    pages: tuple[tuple[str, str, str], ...]


def nothing(_database: Database, _cast: Cast) -> uuid.UUID:
    return uuid.UUID(int=0)


def with_qa(database: Database, cast: Cast) -> uuid.UUID:
    return invented.submitted_review(database, cast)


def debriefed(database: Database, cast: Cast) -> uuid.UUID:
    found = invented.submitted_review(database, cast)
    who = (Attending.CASEWORKER, Attending.QA_LEAD)
    new = NewDebrief(build.NOW, who, "Visits are well told.", "The plan is old.")
    with database.writing() as session:
        review = session.scalars(sa.select(CaseReview)).one()
        leader = build.actor(session, cast.cqi_liaison)
        actions.record_debrief(session, review=review, new=new, actor=leader, now=build.NOW)
    return found


def to_release(database: Database, cast: Cast) -> uuid.UUID:
    """Somebody has put words in that are worth another look."""
    found = invented.final_review(database, cast, released=False)
    with database.writing() as session:
        review = session.scalars(sa.select(CaseReview)).one()
        writing = actions.Writing(Wording("Hello.", "Bye.", {"SNA06": QUOTED}))
        leader = build.actor(session, cast.cqi_liaison)
        actions.write(session, review=review, writing=writing, actor=leader, now=build.NOW)
    return found


def released(database: Database, cast: Cast) -> uuid.UUID:
    return invented.final_review(database, cast)


def reopened(database: Database, cast: Cast) -> uuid.UUID:
    found = invented.final_review(database, cast)
    with database.writing() as session:
        review = session.scalars(sa.select(CaseReview)).one()
        director = build.actor(session, cast.cqi_director)
        later = build.NOW + dt.timedelta(minutes=1)
        reviews.reopen(session, review=review, reason="Again.", actor=director, now=later)
    return found


def again(database: Database, cast: Cast) -> uuid.UUID:
    """Final once more, with a second memo."""
    found = reopened(database, cast)
    later = build.NOW + dt.timedelta(minutes=2)
    with database.writing() as session:
        review = session.scalars(sa.select(CaseReview)).one()
        invented.final_again(session, cast, review, later, {"SRM05": "a"})
        invented.release(session, cast, review, now=later)
    return found


STATES = {
    "nothing": State(
        nothing,
        (
            ("site_leader", "/feedback", ""),
            ("supervisor", "/feedback", ""),
            ("caseworker", "/feedback", ""),
            ("site_leader", "/feedback/rounds/{round}/debriefs", ""),
            ("cqi_director", "/rounds/{round}/memo-ratings", ""),
            ("cqi_director", "/rounds/{round}/memo-ratings", "Save"),
        ),
    ),
    "with QA": State(
        with_qa,
        (
            ("site_leader", "/feedback/rounds/{round}/debriefs", ""),
            ("site_leader", "{memo}/debrief", ""),
            ("site_leader", "{memo}/debrief", "Write it down"),
        ),
    ),
    "debriefed": State(
        debriefed,
        (
            ("site_leader", "/feedback/rounds/{round}/debriefs", ""),
            ("site_leader", "{memo}/debrief", ""),
            ("caseworker", "{memo}/debrief", ""),
            ("caseworker", "/feedback", ""),
        ),
    ),
    "to release": State(
        to_release,
        (
            ("site_leader", "/", ""),
            ("site_leader", "/feedback", ""),
            ("site_leader", "{memo}/release", ""),
            ("site_leader", "{memo}/preview", ""),
            ("site_leader", "{memo}/preview?ratings=yes", ""),
        ),
    ),
    "released": State(
        released,
        (
            ("site_leader", "/feedback", ""),
            ("site_leader", "{memo}/release", ""),
            ("supervisor", "/feedback", ""),
            ("supervisor", "{memo}", ""),
            ("caseworker", "{memo}", ""),
            ("caseworker", "{memo}", "I have read this memo"),
            ("regional_director", "/feedback", ""),
            ("regional_director", "{memo}", ""),
        ),
    ),
    "reopened": State(reopened, (("caseworker", "/feedback", ""), ("caseworker", "{memo}", ""))),
    "final again": State(
        again,
        (
            ("supervisor", "{memo}", ""),
            ("supervisor", "{memo}?number=1", ""),
            ("site_leader", "{memo}/release", ""),
        ),
    ),
}


@pytest.fixture
def leader(database: Database, cast: Cast) -> Person:
    with database.writing() as session:
        person = build.person(session, "Site Leader")
        build.grant(session, person, Role.SITE_LEADER, round=session.merge(cast.round))
        return person


@pytest.mark.parametrize("state", STATES)
def test_every_page_is_accessible_and_fits_in_every_state(
    state: str,
    chromium: Browser,
    serving: Product,
    client_for: ClientFor,
    database: Database,
    cast: Cast,
    leader: Person,
    axe: Axe,
) -> None:
    world = World(database, cast, leader, STATES[state].make(database, cast))
    places = {"memo": f"/feedback/{world.review}", "round": cast.round.public_id}
    for who, path, press in STATES[state].pages:
        client = client_for(world.person(who))
        context = product.context_for(chromium, serving, client)
        page = context.new_page()
        answer = page.goto(path.format(**places))
        assert answer is not None
        assert answer.status == 200, (state, who, path)
        if press:
            page.get_by_role("button", name=press).click()
        page.wait_for_load_state()
        page.evaluate(UNFOLD)
        for width in (1280, 640, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == [], (state, who, path, width)
            assert page.evaluate(SIDEWAYS) <= 0, (state, who, path, width)
        context.close()


def test_a_memo_goes_out_and_comes_to_the_caseworker(
    chromium: Browser,
    serving: Product,
    client_for: ClientFor,
    database: Database,
    cast: Cast,
    leader: Person,
) -> None:
    review = invented.submitted_review(database, cast)
    page = opened(chromium, serving, client_for(leader))
    page.goto(f"/rounds/{cast.round.public_id}")
    page.get_by_role("link", name="Debriefs").click()
    page.locator("main").get_by_role("link", name="Case ").first.click()
    page.get_by_label("When was it held?").fill("2027-03-10T09:30")
    page.locator("label[for=attended-caseworker]").click()
    page.get_by_label("What was said about what to work on").fill("The plan is old.")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("main")).to_contain_text("tentative")
    worker = opened(chromium, serving, client_for(cast.caseworker))
    worker.goto("/feedback")
    worker.get_by_role("link", name="Debrief on case").click()
    expect(worker.locator("main")).to_contain_text("The plan is old.")
    with database.writing() as session:
        invented.approve(session, cast, session.scalars(sa.select(CaseReview)).one())
    page.goto("/")
    page.get_by_role("link", name="Release 1 feedback memo").click()
    page.get_by_role("link", name="Memo on case").click()
    page.get_by_label("Your opening words").fill("Good to see how you did this.")
    page.get_by_role("button", name="Keep these words").click()
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("article")).to_contain_text("Good to see how you did this.")
    page.go_back()
    page.get_by_role("button", name="Keep them and release").click()
    expect(page.locator("body")).to_contain_text("Released. The caseworker and the supervisor")
    worker.goto("/notices")
    worker.get_by_role("button", name="Feedback on a case is there for you").click()
    expect(worker).to_have_url(f"{serving.url}/feedback/{review}")
    worker.get_by_label("Your words").fill("Fair.")
    worker.get_by_role("button", name="I have read this memo").click()
    boss = opened(chromium, serving, client_for(cast.supervisor))
    boss.goto(f"/feedback/{review}")
    expect(boss.locator("aside")).to_contain_text("Fair.")
    for one in (page, worker, boss):
        one.context.close()


def opened(chromium: Browser, serving: Product, client: flask.testing.FlaskClient) -> Page:
    return product.context_for(chromium, serving, client).new_page()


def test_leaving_asks_once_something_was_written_and_not_before(
    chromium: Browser,
    serving: Product,
    client_for: ClientFor,
    database: Database,
    cast: Cast,
    leader: Person,
) -> None:
    review = invented.final_review(database, cast, released=False)
    page = opened(chromium, serving, client_for(leader))
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"/feedback/{review}/release")
    page.get_by_label("Your opening words").click()
    page.goto("/feedback")
    assert asked == []
    page.goto(f"/feedback/{review}/release")
    page.get_by_label("Your opening words").press_sequentially("Thank you")
    page.goto("/feedback")
    assert asked == ["beforeunload"]
    page.context.close()
