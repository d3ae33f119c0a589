"""axe-core finds nothing on any page of the workbench, of alerts, QA and history in any state, on
a desktop, at 200% zoom and on 320 px; and nothing there scrolls sideways (WCAG 1.4.10)."""

from __future__ import annotations

import string
import uuid
from collections.abc import Iterator

import flask
import pytest
from playwright import sync_api as playwright
from playwright.sync_api import BrowserContext, Page

from cqi.cli import jobs
from cqi.core.clock import Clock
from cqi.core.database import Database
from tests.browser import states, walking
from tests.browser.conftest import Axe, ContextFor
from tests.reviews import alerting as alertings
from tests.reviews.alerting import Alerting

alerting = alertings.alerting
WIDTHS = (1280, 640, 320)  # of 1280 px, 640 are 200% zoom and 320 are 400%
HEIGHT, TALLEST = 900, 12_000  # the sticky bar hides nothing of a page of that height
NO_PAGES = {  # they lead on to another page, or are a file
    "reviews.case_review",
    "reviews.print_file",
    "reviews.my_calendar",
    "reviews.county_notice_file",
    "notices.open_notice",
}
NOWHERE = str(uuid.UUID(int=0))


@pytest.mark.parametrize("stage", states.STAGES)
def test_every_page_is_within_reach_of_everybody_in_every_state(
    stage: str,
    alerting: Alerting,
    clock: Clock,
    database: Database,
    context_for: ContextFor,
    axe: Axe,
) -> None:
    stand = states.Stand(alerting, jobs.Works(database, clock, no_mail))
    stand.reach(stage)
    problems = list(looked_at(stand, states.STAGES[stage], context_for, axe))
    assert not problems, "\n".join(problems)


def no_mail(_mail: object) -> None:
    raise OSError("no mail leaves a browser test")


def looked_at(
    stand: states.Stand, rows: tuple[states.Row, ...], context_for: ContextFor, axe: Axe
) -> Iterator[str]:
    contexts: dict[str, BrowserContext] = {}
    cast = {**vars(stand.desk.cast), "site_leader": stand.alerting.site_leader}
    for row in rows:
        if row.who not in contexts:
            contexts[row.who] = context_for(cast[row.who], device_scale_factor=2)
        page = contexts[row.who].new_page()
        page.set_default_timeout(15_000)
        try:
            found = list(seen(stand, row, page, axe))
        except (AssertionError, playwright.Error) as problem:  # the row is not what it says it is
            found = [str(problem).partition("Call log")[0]]
        yield from (f"{row.state} ({row.who} at {row.path}): {each}" for each in found)
        contexts[row.who].set_offline(False)
        page.close()
        if row.then == states.ENDS:
            del contexts[row.who]


def seen(stand: states.Stand, row: states.Row, page: Page, axe: Axe) -> Iterator[str]:
    broken: list[str] = []
    page.on("pageerror", lambda problem: broken.append(str(problem)))
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    page.goto(row.path.format(**stand.addresses))
    stand.do(row.then, page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        # as tall as the page: a link half under the sticky bar would be found too small
        page.set_viewport_size({"width": width, "height": walking.tall(page, HEIGHT, TALLEST)})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{wide} px wide at {width}"
        yield from (f"at {width}: {each}" for each in axe(page))
    yield from broken


def test_every_page_of_reviews_and_notices_stands_in_the_table(app: flask.Flask) -> None:
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint.split(".")[0] in ("reviews", "notices")
    }
    match = app.url_map.bind("localhost").match
    rows = [row for stage in states.STAGES.values() for row in stage]
    assert pages - {match(filled(row.path))[0] for row in rows} == NO_PAGES


def filled(path: str) -> str:
    """The path with something for each name in it, without what is asked for."""
    names = {name for _, name, _, _ in string.Formatter().parse(path) if name}
    places = {"review": f"/reviews/{NOWHERE}", "round": f"/rounds/{NOWHERE}"}
    places |= {"region": f"/rollout/regions/{NOWHERE}"}
    places |= dict.fromkeys(("alert", "answered", "closed"), f"/alerts/{NOWHERE}")
    person = f"/reviews/{NOWHERE}/interviews/{NOWHERE}"
    places |= {"mother": person, "father": person, "notice": f"/county-notices/{NOWHERE}"}
    given = {name: places.get(name, NOWHERE) for name in names}
    return path.format(**given).partition("?")[0]
