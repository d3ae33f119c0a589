"""A safety alert in a browser: raised by a key, late, climbed, answered, returned, answered again,
accepted; only then the case review becomes final. Every page on the way is looked at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from cqi.access.models import Person
from cqi.cli import jobs
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.reviews.rules import ReviewState
from tests import build
from tests.browser.conftest import Axe, ContextFor
from tests.browser.product import Product
from tests.browser.walking import DESKTOP, Walk, settled
from tests.reviews import alerting as alertings
from tests.reviews.alerting import Alerting

alerting = alertings.alerting
WORDS = "Half of a sentence that is typed just before the alert."
RETURNED = "Who is with the child at night?"
BETTER = "The grandmother sleeps in the home until the well is closed; I see the child daily."


@dataclass
class Days:
    """Time goes on; whoever comes back signs in again."""

    alerting: Alerting
    clock: Clock
    context_for: ContextFor
    walk: Walk

    def at(self, hours: float) -> None:
        """So many hours after the alert; the jobs have come round."""
        now = build.NOW + dt.timedelta(hours=hours)
        object.__setattr__(self.clock, "frozen_at", now)
        jobs.JOBS["late-alerts"](jobs.Works(self.alerting.desk.database, self.clock, _no_mail))

    def page(self, person: Person, address: str, **options: object) -> Page:
        page = self.context_for(person, viewport=DESKTOP, **options).new_page()
        page.on("pageerror", lambda problem: self.walk.complaints.append(str(problem)))
        page.goto(address)
        return page


def _no_mail(_mail: object) -> None:
    raise OSError("no mail leaves a browser test")


@pytest.fixture
def days(
    alerting: Alerting,
    clock: Clock,
    context_for: ContextFor,
    chromium: Browser,
    product: Product,
    axe: Axe,
) -> Iterator[Days]:
    made = Days(alerting, clock, context_for, Walk(chromium, product.url, axe))
    yield made
    assert made.walk.complaints == []


def test_from_the_alert_to_the_final_review(days: Days) -> None:
    desk, cast = days.alerting.desk, days.alerting.cast
    alert = raise_it(days)
    desk.submit()
    desk.begin_qa()
    it_is_in_the_way(days)
    days.at(3)
    it_has_climbed(days)
    days.at(25)
    answer(days, alert, alertings.ANSWER, name="answered-late")
    leader = days.page(days.alerting.site_leader, alert)
    leader.get_by_role("button", name="Return the answer").click()
    expect(leader.locator("#errors")).to_contain_text("Say what is missing")
    days.walk.look(leader, "return-needs-a-reason")
    leader.get_by_label("What is missing in the answer?").fill(RETURNED)
    leader.get_by_role("button", name="Return the answer").click()
    expect(leader.locator("#steps")).to_contain_text(RETURNED)
    answer(days, alert, BETTER, name="answered-again")
    leader.goto(alert)
    leader.get_by_role("button", name="Accept and close").click()
    expect(leader.locator("body")).to_contain_text("The safety alert is closed.")
    days.walk.look(leader, "closed")
    register(days)
    lead = days.page(cast.qa_lead, f"/reviews/{desk.public_id}/decision")
    expect(lead.locator("#approve")).not_to_contain_text("In the way")
    lead.get_by_role("button", name="Approve, make it final").click()
    expect(lead.locator("body")).to_contain_text(f"Case {desk.case_number} is final.")
    assert desk.sheet().standing.state is ReviewState.FINAL


def raise_it(days: Days) -> str:
    """One key from the page that is scored; what was typed there is saved first."""
    desk = days.alerting.desk
    desk.complete()
    page = days.page(desk.cast.reviewer, f"/reviews/{desk.public_id}/components/SRM#SRM05")
    text = page.locator("[id='SRM05-narrative']")
    text.fill(WORDS)
    settled(page)
    page.keyboard.press("Alt+s")
    expect(page.locator("h1")).to_have_text("Raise a safety alert")
    assert desk.sheet().narratives["SRM05"].value == WORDS
    days.walk.look(page, "raise-an-alert")
    page.get_by_label("What did you see or hear?").fill(alertings.SEEN)
    page.get_by_role("button", name="Send the alert").click()
    expect(page.locator("#errors li")).to_have_count(4)
    expect(page.get_by_label("What did you see or hear?")).to_have_value(alertings.SEEN)
    days.walk.look(page, "alert-lacks-something")
    choose(page, "hotline", "yes")
    page.get_by_label("When was it called?").fill("2027-03-10T09:40")
    page.get_by_label("Which child?").fill("T.")
    choose(page, "urgency", "now")
    choose(page, "about_unit", "no")
    page.get_by_role("button", name="Send the alert").click()
    expect(page.locator("body")).to_contain_text("The safety alert is raised.")
    days.walk.look(page, "raised")
    return page.url


def choose(page: Page, name: str, value: str) -> None:
    radio = page.locator(f"input[name='{name}'][value='{value}']")
    page.locator(f"label[for='{radio.get_attribute('id')}']").click()


def it_is_in_the_way(days: Days) -> None:
    desk = days.alerting.desk
    page = days.page(desk.cast.qa_lead, f"/reviews/{desk.public_id}/decision")
    expect(page.locator("#approve")).to_contain_text("A safety alert of this case is open.")
    days.walk.look(page, "in-the-way")
    page.get_by_role("link", name=re.compile("A safety alert of this case is open")).click()
    expect(page.locator("h1")).to_contain_text("Safety alert")


def it_has_climbed(days: Days) -> None:
    """Nobody acknowledged it in two hours: the CQI director is told, and goes there."""
    page = days.page(days.alerting.cast.cqi_director, "/")
    expect(page.locator(".top__me .count")).to_have_text("1")
    days.walk.look(page, "home-with-an-alert")
    page.get_by_role("link", name="Notices").click()
    days.walk.look(page, "notices")
    page.get_by_role("button", name="A safety alert is late").click()
    expect(page.locator("#times")).to_contain_text("Late: was due 10 Mar, 12:00")
    days.walk.look(page, "climbed")
    expect(page.locator(".top__me .count")).to_have_count(0)


def answer(days: Days, alert: str, words: str, *, name: str) -> None:
    """The supervisor finds it by the count on top, and answers."""
    page = days.page(days.alerting.cast.supervisor, "/feedback")
    page.get_by_role("link", name=re.compile("^Safety alerts 1")).click()
    days.walk.look(page, f"register-before-{name}")
    page.locator("#open a").first.click()
    expect(page).to_have_url(alert)
    days.walk.look(page, f"before-{name}")
    page.get_by_label("What was done to keep the child safe?").fill(words)
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("#steps")).to_contain_text(words)
    days.walk.look(page, name)


def register(days: Days) -> None:
    page = days.page(days.alerting.cast.regional_director, "/alerts")
    expect(page.locator("#closed")).to_contain_text("11 Mar, 11:00, late")
    days.walk.look(page, "register")


@pytest.mark.parametrize("width", [390, 1280])
def test_an_open_alert_is_in_sight_on_every_page_of_the_case_without_unfolding(
    days: Days, width: int
) -> None:
    days.alerting.raised()
    review = f"/reviews/{days.alerting.desk.public_id}"
    for person in (days.alerting.cast.reviewer, days.alerting.cast.cqi_director):
        page = days.page(person, f"{review}/facts")
        page.set_viewport_size({"width": width, "height": 844})
        page.reload()
        for place in ("facts", "interviews", "components/SRM", "overview"):
            page.goto(f"{review}/{place}")
            link = page.get_by_role("link", name="Open safety alert")
            expect(link).to_have_count(1)  # what is folded has no role
            expect(link).to_be_in_viewport()


def test_without_script_what_was_typed_is_saved_on_the_way(days: Days) -> None:
    desk = days.alerting.desk
    desk.facts()
    address = f"/reviews/{desk.public_id}/components/SRM"
    page = days.page(desk.cast.reviewer, address, java_script_enabled=False)
    card = page.locator("#SRM05")
    if card.get_attribute("open") is None:
        card.locator("summary").first.click()
    page.locator("[id='SRM05-narrative']").fill(WORDS)
    page.get_by_role("button", name=re.compile("raise.an.alert")).click()
    expect(page.locator("h1")).to_have_text("Raise a safety alert")
    assert desk.sheet().narratives["SRM05"].value == WORDS
    for name, value in (("hotline", "no"), ("urgency", "within_days"), ("about_unit", "yes")):
        choose(page, name, value)
    page.get_by_label("What did you see or hear?").fill(alertings.SEEN)
    page.get_by_label("Which child?").fill("T.")
    page.get_by_role("button", name="Send the alert").click()
    expect(page.locator("body")).to_contain_text("not called when the alert was raised")
    page.get_by_label("When was the hotline called?").fill("2027-03-10T09:50")
    page.get_by_role("button", name="Note the call").click()
    expect(page.locator("#seen")).to_contain_text("called 10 Mar, 09:50")


def test_e_mails_that_wait_on_a_page_of_their_own(
    days: Days, database: Database, clock: Clock, axe: Axe
) -> None:
    days.alerting.raised()
    works = jobs.Works(database, clock, _no_mail)
    jobs.JOBS["send-mail"](works)
    page = days.page(days.alerting.cast.administrator, "/outbox")
    expect(page.locator("#waiting")).to_contain_text("2 of them could not be sent so far.")
    days.walk.look(page, "outbox")
