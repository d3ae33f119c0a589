"""Pages of plans fit on a desk, a small desk and a telephone, whatever long words people write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Page
from sqlalchemy import orm

from cqi.core.database import Database
from cqi.plans import actions
from cqi.plans.models import Plan
from cqi.plans.queries import records
from cqi.plans.workflow import StepMove
from tests import build
from tests.browser import widths
from tests.browser.conftest import ContextFor
from tests.fixtures.cast import Cast
from tests.plans import asking, invented

NAME = "Donaudampfschifffahrtsgesellschaft"
LONG = NAME * 5  # one word, of 170 letters
DUE = (invented.LATE, invented.SOON, invented.FAR)


@dataclass(frozen=True)
class Written:
    """What somebody wrote long words into."""

    draft: UUID
    goal: UUID
    plan: UUID
    steps: tuple[UUID, ...]
    asked: UUID


@pytest.fixture
def written(database: Database, cast: Cast) -> Written:
    with database.writing() as session:
        for person in (cast.supervisor, cast.regional_director, cast.cqi_liaison):
            session.merge(person).name = NAME
        session.merge(cast.region).name = NAME
        made = _draft(session, cast)
        invented.put_in_force(session, cast, made)
        draft = _draft(session, cast)
        keys = Written(
            draft.public_id,
            draft.goals[0].public_id,
            made.public_id,
            tuple(one.public_id for one in made.goals[0].strategies[0].steps),
            UUID(int=0),
        )
    _say(database, cast, keys.steps[0])
    invented.claim(database, keys.steps[1], cast.supervisor, LONG)
    with database.writing() as session:
        lead = invented.actor(session, cast.regional_director)
        step = records.step(session, lead, keys.steps[2])
        wish = asking.changed(step, title=f"{LONG}!", evidence_asked=LONG[::-1])
    asked = asking.ask(database, keys.steps[2], cast.supervisor, wish)
    return Written(keys.draft, keys.goal, keys.plan, keys.steps, asked)


def _draft(session: orm.Session, cast: Cast) -> Plan:
    lead = invented.actor(session, cast.regional_director)
    plan = invented.draft(session, cast, LONG)
    given = {"actor": lead, "now": build.NOW}
    goal, finding = plan.goals[0], plan.findings[0]
    goal.title = goal.sample = finding.title = finding.root_causes = LONG
    way, lead_id = goal.strategies[0], cast.regional_director.id
    wish = actions.StrategyWish(LONG, LONG, LONG, lead_id, way.revision)
    actions.change_strategy(session, strategy=way, wish=wish, **given)
    for day in DUE:
        new = actions.NewStep(
            LONG, cast.supervisor.id, dt.date(2027, 1, 4), day, LONG, LONG, LONG, LONG
        )
        actions.add_step(session, strategy=way, new=new, **given)
    return plan


def _say(database: Database, cast: Cast, step: UUID) -> None:
    with database.writing() as session:
        owner = invented.actor(session, cast.supervisor)
        actions.move_step(
            session,
            step=records.step(session, owner, step),
            taking=actions.StepTaking(StepMove.BEHIND, LONG, dt.date(2027, 4, 1)),
            actor=owner,
            now=build.NOW,
            today=invented.TODAY.day,
        )


def _addresses(written: Written) -> list[tuple[str, str]]:
    """(who opens it, address) of the pages on which the words stand."""
    plan, draft = f"/plans/{written.plan}", f"/plans/{written.draft}"
    steps = [f"/plans/steps/{each}" for each in written.steps]
    lead = [
        *("/plans/home", "/plans", "/plans/due", plan, draft, f"{plan}/amendments"),
        *(
            f"{plan}/findings",
            f"{draft}/findings",
            f"{draft}/findings/1/notes",
            f"{plan}/elsewhere",
        ),
        *(f"{plan}/reports", f"/plans/goals/{written.goal}/edit", f"{draft}/goals/new"),
        *(f"/plans/goals/{written.goal}/strategies/new", f"/plans/goals/{written.goal}/1/edit"),
        *(*steps, f"{steps[0]}/ask/extension", f"{steps[0]}/ask/step", "/plans/new"),
        f"/plans/amendments/{written.asked}",
    ]
    return [
        *(("regional_director", each) for each in lead),
        *(("supervisor", each) for each in ("/plans/steps", steps[0])),
        *(("cqi_director", each) for each in ("/plans", plan, "/plans/home", steps[1])),
    ]


def test_pages_of_plans_fit_whatever_long_words_people_write(
    context_for: ContextFor, cast: Cast, written: Written
) -> None:
    pages: dict[str, Page] = {}
    found = []
    for who, address in _addresses(written):
        page = pages.setdefault(who, context_for(getattr(cast, who)).new_page())
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        found += widths.loose(page)
    assert not found, "\n".join(found)
