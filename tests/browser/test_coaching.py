"""What follows on a memo, in a browser: a supervisor's day with a caseworker and a Regional
Director; axe-core finds nothing in any state of these pages, and nothing scrolls sideways."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from cqi.core.database import Database
from cqi.feedback.rules.coaching import EntryKind
from cqi.feedback.rules.needs import NeedKind
from cqi.feedback.workflow import NeedStep
from tests import build
from tests.browser import product
from tests.browser import test_feedback as feedback
from tests.browser.conftest import Axe
from tests.browser.product import Product
from tests.feedback import coached, invented, needing
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

engine_name, serving, opened = feedback.engine_name, feedback.serving, feedback.opened
LONG_AGO = build.NOW - dt.timedelta(days=40)


@dataclass(frozen=True)
class State:
    """How things come about (what fills addresses), and pages: (who, path, button to press)."""

    make: Callable[[Database, Cast], dict[str, uuid.UUID]]
    pages: tuple[tuple[str, str, str], ...]


def nothing(_database: Database, _cast: Cast) -> dict[str, uuid.UUID]:
    return {}


def released(database: Database, cast: Cast) -> dict[str, uuid.UUID]:
    return {"review": invented.final_review(database, cast)}


def under_way(database: Database, cast: Cast) -> dict[str, uuid.UUID]:
    """A draft, a shared note with an answer, needs in time and late."""
    made = released(database, cast)
    invented.final_review(database, cast)
    note = coached.shared(database, cast, made["review"])
    coached.write_on(database, cast.caseworker, note, EntryKind.ANSWERED)
    with database.writing() as session:
        draft = coached.draft(session, cast, made["review"]).public_id
    given = {"review": made["review"]}
    late = needing.raised(database, cast, **given, now=LONG_AGO)
    for kind in NeedKind:
        needing.raised(database, cast, needing.new(kind=kind), **given)
    return {**made, "note": note, "draft": draft, "need": late}


def over(database: Database, cast: Cast) -> dict[str, uuid.UUID]:
    """A note that is done, a need with its reply."""
    made = released(database, cast)
    note = coached.shared(database, cast, made["review"])
    coached.write_on(database, cast.supervisor, note, EntryKind.OUTCOME)
    need = needing.raised(database, cast, review=made["review"])
    needing.take(database, cast.regional_director, need, NeedStep.HAND_ON, "It is statewide.")
    needing.take(database, cast.cqi_director, need, NeedStep.ANSWER)
    return {**made, "note": note, "need": need}


STATES = {
    "nothing": State(
        nothing,
        (
            ("supervisor", "/feedback/coaching", ""),
            ("caseworker", "/feedback/coaching", ""),
            ("supervisor", "/feedback/unit", ""),
            ("supervisor", "/feedback/needs", ""),
            ("cqi_liaison", "/feedback/needs", ""),
            ("regional_director", "/feedback/roll-up", ""),
        ),
    ),
    "released": State(
        released,
        (
            ("supervisor", "/feedback/{review}", ""),
            ("supervisor", "/feedback/{review}/coaching", ""),
            ("supervisor", "/feedback/{review}/coaching", "Share with Caseworker"),
            ("supervisor", "/feedback/{review}/need", ""),
            ("supervisor", "/feedback/{review}/need", "Training"),
        ),
    ),
    "under way": State(
        under_way,
        (
            ("supervisor", "/feedback/{review}", ""),
            ("supervisor", "/feedback/coaching", ""),
            ("supervisor", "/feedback/coaching/{draft}", ""),
            ("supervisor", "/feedback/coaching/{note}", ""),
            ("caseworker", "/feedback/coaching/{note}", ""),
            ("caseworker", "/feedback/coaching/{note}", "Send your answer"),
            ("supervisor", "/feedback/unit", ""),
            ("supervisor", "/feedback/needs", ""),
            ("regional_director", "/feedback/needs", ""),
            ("regional_director", "/feedback/needs/{need}", ""),
            ("regional_director", "/feedback/needs/{need}", "Send the reply"),
            ("regional_director", "/feedback/roll-up", ""),
            ("cqi_liaison", "/feedback/roll-up", ""),
            ("regional_director", "/plans/home", ""),
        ),
    ),
    "over": State(
        over,
        (
            ("caseworker", "/feedback/coaching", ""),
            ("caseworker", "/feedback/coaching/{note}", ""),
            ("supervisor", "/feedback/needs/{need}", ""),
            ("supervisor", "/feedback/needs/{need}", "Ask again"),
            ("cqi_director", "/feedback/needs", ""),
        ),
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_every_page_is_accessible_and_fits_in_every_state(
    state: str,
    chromium: Browser,
    serving: Product,
    client_for: ClientFor,
    database: Database,
    cast: Cast,
    axe: Axe,
) -> None:
    places = STATES[state].make(database, cast)
    for who, path, press in STATES[state].pages:
        context = product.context_for(chromium, serving, client_for(getattr(cast, who)))
        page = context.new_page()
        answer = page.goto(path.format(**places))
        assert answer is not None
        assert answer.status == 200, (state, who, path)
        if press:
            page.get_by_role("button", name=press, exact=True).click()
            expect(page.locator("#errors")).to_be_visible()
        page.wait_for_load_state()
        page.evaluate(feedback.UNFOLD)
        for width in (1280, 640, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == [], (state, who, path, width)
            assert page.evaluate(feedback.SIDEWAYS) <= 0, (state, who, path, width)
        context.close()


def test_a_supervisor_reads_acknowledges_and_coaches_and_the_caseworker_answers(
    chromium: Browser, serving: Product, client_for: ClientFor, database: Database, cast: Cast
) -> None:
    invented.final_review(database, cast)
    page = opened(chromium, serving, client_for(cast.supervisor))
    page.goto("/feedback")
    page.get_by_role("link", name="Read the memo on case").click()
    page.get_by_role("button", name="I have read this memo").click()
    expect(page.locator("#readers")).to_contain_text("Supervisor Person")
    coaching = page.locator("#coaching")
    coaching.get_by_label("What will be tried").fill("Two visits together.")
    coaching.get_by_role("button", name="Keep as a draft").click()
    expect(coaching.get_by_label("What will be tried")).to_have_value("Two visits together.")
    coaching.get_by_label("Follow up on").fill("2027-03-18")
    coaching.get_by_role("button", name="Share with Caseworker").click()
    expect(page.locator("main")).to_contain_text("Two visits together.")
    worker = opened(chromium, serving, client_for(cast.caseworker))
    worker.goto("/feedback")
    worker.get_by_role("navigation", name="Pages of feedback").get_by_text("Coaching").click()
    worker.locator("main ol").get_by_role("link").click()
    worker.get_by_label("Your words").fill("The porch works best.")
    worker.get_by_role("button", name="Send your answer").click()
    page.reload()
    expect(page.locator("#entries")).to_contain_text("The porch works best.")
    page.get_by_label("Your words").fill("Every child was seen alone.")
    page.get_by_role("button", name="Close it with these words").click()
    expect(page.locator(".pagehead")).to_contain_text("Done")
    for each in (page, worker):
        each.context.close()


def test_a_need_goes_up_from_a_memo_and_comes_back_with_its_reply(
    chromium: Browser, serving: Product, client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    page = opened(chromium, serving, client_for(cast.supervisor))
    page.goto(f"/feedback/{review}")
    page.get_by_text("Raise a systemic need").click()
    page.get_by_label("What is needed").fill(needing.WORDS)
    page.get_by_role("button", name="Services", exact=True).click()
    expect(page.locator(".pagehead")).to_contain_text("Waits for a reply")
    director = opened(chromium, serving, client_for(cast.regional_director))
    director.goto("/")
    director.get_by_role("link", name="Feedback, added up").click()
    director.get_by_role("link", name="Services").click()
    director.get_by_role("link", name=needing.WORDS[:40]).click()
    director.get_by_label("Your reply").fill("A class begins on 1 June.")
    director.get_by_role("button", name="Send the reply").click()
    page.goto("/feedback/needs")
    page.locator("#turn").get_by_role("link").click()
    expect(page.locator("#steps")).to_contain_text("A class begins on 1 June.")
    page.get_by_role("button", name="Close the need").click()
    expect(page.locator(".pagehead")).to_contain_text("Closed")
    for each in (page, director):
        each.context.close()
