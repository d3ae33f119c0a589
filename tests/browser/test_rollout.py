"""The pages of the roll-out with many regions: they fit, are accessible, and work by keyboard."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core.database import Database
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.rounds.actions import rollout as actions
from cqi.rounds.actions.rollout import Beginnings, NewDates
from cqi.rounds.policy import NewOrder
from cqi.rounds.rules import RoundKind, rollout
from cqi.rounds.rules.rollout import Lengths
from tests import build
from tests.browser.conftest import Axe, ContextFor
from tests.browser.test_round_pages import look
from tests.build import NOW
from tests.fixtures.cast import Cast

FIRST = dt.date(2025, 3, 3)


@pytest.fixture
def planned(database: Database, cast: Cast) -> Cast:
    """Twelve regions planned a quarter apart, some late; the thirteenth is not planned."""
    with database.writing() as session:
        for number in range(11):
            build.region(session, f"Region R-{number + 1}", above=session.merge(cast.state))
        regions = list(
            session.scalars(
                sa.select(Place).where(Place.kind == PlaceKind.REGION).order_by(Place.id)
            )
        )
        actor = build.actor(session, cast.cqi_director)
        for number, region in enumerate(regions[:-1]):
            _plan(session, region, number, actor)
        interim = build.round(session, regions[3], [cast.county], kind=RoundKind.INTERIM_PEER)
        interim.on_site_from = interim.on_site_to = dt.date(2026, 9, 14)
        order = NewOrder(tuple(each.id for each in regions), "Readiness of staff.", "By vote.")
        actions.decide_order(session, new=order, actor=actor, now=NOW)
    return cast


def _plan(session: orm.Session, region: Place, number: int, actor: object) -> None:
    dates = rollout.suggested(rollout.later(FIRST, 4 * number), Lengths())
    given = {"region": region, "actor": actor, "now": NOW}
    actions.plan_region(session, new=NewDates(dates), **given)
    if dates.planning_from < NOW.date():
        told = Beginnings(planning_on=dates.planning_from, seen=1)
        actions.write_beginnings(session, new=told, today=NOW.date(), **given)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_are_accessible_and_fit(
    planned: Cast, context_for: ContextFor, axe: Axe, width: int
) -> None:
    size = {"width": width, "height": 900}
    page = context_for(planned.cqi_director, viewport=size).new_page()
    page.set_default_timeout(8000)
    region, found = f"/rollout/regions/{planned.region.public_id}", []
    for name, path in {
        "rollout": "/rollout",
        "rollout-region": region,
        "rollout-plan": f"{region}/plan?start=2027-01-04",
        "rollout-beginnings": f"{region}/beginnings",
        "rollout-item": f"{region}/checklist/lead",
        "rollout-benchmark": f"{region}/benchmarks?component=SRM",
        "rollout-order": "/rollout/order",
    }.items():
        page.goto(path)
        found += look(page, axe, name)
    if width == 1280:
        page.goto("/rollout")
        page.emulate_media(media="print")
        found += look(page, axe, "rollout-print")
    assert not found, "\n".join(found)


def test_a_region_is_planned_by_keyboard(cast: Cast, context_for: ContextFor) -> None:
    page = context_for(cast.cqi_director).new_page()
    page.set_default_timeout(8000)
    page.goto("/rollout")
    page.get_by_role("link", name="Region One").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Plan its stages").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Planning begins on").fill("2027-01-04")
    page.get_by_label("Planning begins on").press("Enter")
    page.wait_for_url("**start=2027-01-04**")
    page.get_by_role("button", name="Save the plan").focus()
    page.keyboard.press("Enter")
    page.get_by_text("The stages of Region One are planned.").wait_for()
    page.get_by_role("link", name="Roll-out", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("group", name="Calendar of the roll-out").focus()
    page.get_by_role("img", name="regions have begun").wait_for()
