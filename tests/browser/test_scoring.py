"""Scoring in a real browser: by keyboard, without script, through a dead server, on every width."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import flask
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cqi.access.models import Person
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.reviews import rules
from cqi.web import app as web
from tests.browser import product as products
from tests.browser.conftest import Axe
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

SAVED = "[data-saved]"
NARRATIVE = "#SRM05-narrative"
ContextFor = Callable[..., BrowserContext]


@pytest.fixture
def engine_name() -> str:
    """One engine is enough here: what differs between them is tested without a browser."""
    return "embedded"


@pytest.fixture
def app(database: Database, clock: Clock) -> flask.Flask:
    """The product as it runs, with form tokens."""
    return web.create_app(database, clock, web.Options(demonstration=True))


@pytest.fixture
def product(app: flask.Flask) -> Iterator[products.Product]:
    running = products.Product(app)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def context_for(
    chromium: Browser, product: products.Product, client_for: ClientFor
) -> Iterator[ContextFor]:
    """A browser in which somebody is signed in."""
    opened: list[BrowserContext] = []

    def context(person: Person, **options: object) -> BrowserContext:
        made = products.context_for(chromium, product, client_for(person), **options)
        opened.append(made)
        return made

    yield context
    for each in opened:
        each.close()


def component(desk: Desk, code: str = "SRM") -> str:
    return f"/reviews/{desk.public_id}/components/{code}"


@pytest.fixture
def page(desk: Desk, context_for: ContextFor) -> Page:
    desk.facts(household_changed="yes")
    opened = context_for(desk.cast.reviewer).new_page()
    opened.goto(component(desk))
    return opened


def test_an_item_is_scored_with_the_keyboard_alone(desk: Desk, page: Page) -> None:
    page.focus("#SRM05-a-yes")
    page.keyboard.press("y")
    expect(page.locator("#SRM05-head")).to_contain_text("To do: answer b, ")
    page.keyboard.press("Alt+n")
    page.keyboard.press("n")
    expect(page.locator("#SRM05-head")).to_contain_text("Area needing improvement")
    expect(page.locator("#SRM05-head")).to_contain_text("b is No. One No makes the item")
    expect(page.locator("#status")).to_contain_text("SRM05: area needing improvement")
    page.keyboard.press("a")
    page.focus("#SRM05-b-why")
    page.keyboard.type("The change became known two days before the end.")
    page.focus(NARRATIVE)
    page.keyboard.type("Safety was weighed anew whenever the case turned.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-saved-for=SRM05-narrative]")).to_contain_text("Saved 10:00")
    expect(page.locator("#SRM05-head")).to_contain_text("a is Yes; b does not apply.")
    page.reload()
    assert page.is_checked("#SRM05-a-yes")
    assert page.is_checked("#SRM05-b-na")
    assert page.input_value("#SRM05-b-why") == "The change became known two days before the end."
    assert page.input_value(NARRATIVE) == "Safety was weighed anew whenever the case turned."
    assert desk.sheet().rating.items["SRM05"].rating == "strength"


def test_the_next_missing_thing_is_one_key_away(page: Page) -> None:
    page.focus("#SRM05-a-yes")
    page.keyboard.press("Alt+m")
    assert page.evaluate("document.activeElement.closest('[data-missing]').id") == "SRM05-b"


def test_evidence_is_added_and_the_text_under_the_hands_is_kept(desk: Desk, page: Page) -> None:
    page.focus(NARRATIVE)
    page.keyboard.type("Written just now.")
    page.click("#SRM05-evidence summary")
    page.select_option("#SRM05-source", "visit_log")
    page.fill("#SRM05-detail", "May to Oct")
    page.click("#SRM05-evidence button[name=add]")
    expect(page.locator("#SRM05-evidence")).to_contain_text("Visit log: May to Oct")
    assert page.input_value(NARRATIVE) == "Written just now."
    page.click("#SRM05-evidence .chip button[name=remove]")
    expect(page.locator("#SRM05-evidence")).to_contain_text("No source is named yet.")


def test_what_is_typed_while_the_server_is_dead_is_saved_when_it_is_back(
    desk: Desk, page: Page, product: products.Product
) -> None:
    page.focus(NARRATIVE)
    page.keyboard.type("Both children were seen ")
    product.stop()
    page.keyboard.type("every month.")
    expect(page.locator(SAVED)).to_contain_text("not saved yet")
    expect(page.locator("#SRM05-narrative-field")).to_contain_text("Not saved yet. Kept here")
    assert page.input_value(NARRATIVE) == "Both children were seen every month."
    product.start()
    expect(page.locator(SAVED)).to_contain_text("All changes saved", timeout=20_000)
    assert desk.sheet().narratives["SRM05"].value == "Both children were seen every month."
    page.reload()
    assert page.input_value(NARRATIVE) == "Both children were seen every month."


def test_two_people_at_one_text_lose_nothing(desk: Desk, page: Page) -> None:
    desk.record(rules.narrative("SRM05", "The caregiver stayed in the room."))
    page.fill(NARRATIVE, "D. speaks freely at school.")
    page.focus("#SRM05-a-yes")
    expect(page.locator("#SRM05-narrative-field")).to_contain_text("Somebody else changed this")
    page.click("text=Choose between them")
    expect(page.locator("h1")).to_have_text("Two people changed the narrative of SRM05")
    page.click("text=Save the chosen text")
    page.wait_for_url("**/components/SRM#SRM05")
    text = page.input_value(NARRATIVE)
    assert "D. speaks freely at school." in text
    assert "The caregiver stayed in the room." in text


def test_an_item_is_scored_without_script(desk: Desk, context_for: ContextFor) -> None:
    desk.facts(household_changed="yes")
    page = context_for(desk.cast.reviewer, java_script_enabled=False).new_page()
    page.goto(component(desk))
    page.click("label[for=SRM05-a-yes]")
    page.click("label[for=SRM05-b-no]")
    page.fill(NARRATIVE, "Nobody looked again.")
    page.click("button[name=save][value=SRM05]")
    expect(page.locator("#SRM05-head")).to_contain_text("Area needing improvement")
    assert page.input_value(NARRATIVE) == "Nobody looked again."
    assert page.url.endswith("#SRM05")


def test_the_whole_way_from_missing_to_final(desk: Desk, context_for: ContextFor) -> None:
    desk.complete()
    desk.record(rules.answer("SRM05", "a", "", expected=1))
    page = context_for(desk.cast.reviewer).new_page()
    page.goto("/")
    page.click(f"text=Continue case {desk.case_number}")
    page.wait_for_url("**/components/SRM#SRM05-a")
    expect(page.locator("#SRM05-a fieldset")).to_be_focused()
    page.keyboard.press("y")
    expect(page.locator("#bar-done")).to_have_text("48 of 48 items complete")
    expect(page.locator("#missing")).to_contain_text("Done: nothing is missing.")
    page.click(".bar >> text=Submit")
    page.click(f"text=Submit case {desk.case_number} for QA")
    lead = context_for(desk.cast.qa_lead).new_page()
    lead.goto("/")
    lead.click(f"text={desk.case_number}")
    lead.click(".bar >> text=Begin QA")
    lead.click("main >> button:has-text('Begin QA')")
    lead.click("text=Approve, make it final")
    expect(lead.locator("main")).to_contain_text("is final")
    page.goto(component(desk))
    expect(page.locator("main")).to_contain_text("Final since 10 Mar 2027")


PAGES = (
    ("reviewer", "/"),
    ("reviewer", "{review}/facts"),
    ("reviewer", "{review}/components/SRM"),
    ("reviewer", "{review}/components/SRM?all=yes"),
    ("reviewer", "{review}/submit"),
    ("qa_lead", "/qa"),
    ("qa_lead", "{review}/components/SRM?all=yes"),
    ("cqi_liaison", "/"),
    ("cqi_liaison", "/rounds"),
    ("cqi_liaison", "{round}"),
    ("cqi_liaison", "{round}/cases"),
    ("cqi_liaison", "{review}/reviewers"),
    ("cqi_liaison", "/cases/import"),
    ("cqi_director", "/rounds/open"),
)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_page_is_accessible_and_fits(
    desk: Desk, context_for: ContextFor, axe: Axe, width: int
) -> None:
    desk.facts(household_changed="yes", report_in_pur="yes")
    desk.record(rules.answer("SRM05", "a", "no"), rules.narrative("SRM05", "Words " * 40))
    problems = look_at(desk, context_for, axe, width, PAGES)
    desk.complete()
    desk.submit()
    problems += look_at(desk, context_for, axe, width, [("qa_lead", "{review}/decision")])
    problems += look_at(desk, context_for, axe, width, [("reviewer", "{review}/components/MAS")])
    assert not problems, "\n".join(problems)


def look_at(desk: Desk, context_for: ContextFor, axe: Axe, width: int, pages: object) -> list[str]:
    contexts: dict[str, BrowserContext] = {}
    found: list[str] = []
    for who, address in pages:  # type: ignore[attr-defined]
        context = contexts.setdefault(who, context_for(getattr(desk.cast, who)))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        url = address.format(
            review=f"/reviews/{desk.public_id}", round=f"/rounds/{desk.cast.round.public_id}"
        )
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, url
        found += [f"{url} at {width}: {each}" for each in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{url} scrolls sideways at {width}: {wide}"] if wide > width else []
        page.close()
    return found
