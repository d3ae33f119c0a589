"""Two people change one plan at the same moment: the second waits, and decides on what then is.

On PostgreSQL only: the embedded database lets one writer begin at a time.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.plans import actions, rules
from cqi.plans.models import Plan, Step
from cqi.plans.queries import amendments, records
from cqi.plans.rules import PlanState
from cqi.plans.rules.amendments import AmendmentState
from cqi.plans.workflow import AmendmentMove, PlanMove
from tests import build
from tests.fixtures.cast import Cast
from tests.plans import asking, invented
from tests.plans.invented import Made

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])
Do = Callable[[orm.Session, Plan], object]


def meanwhile(
    database: Database, cast: Cast, plan_id: uuid.UUID, first: Do, second: Do
) -> list[str]:
    """Do `second` in a transaction that read the plan before `first` was committed.

    Returns the codes of what refused it.
    """
    refused: list[str] = []

    def do_second() -> None:
        with database.writing() as session:
            plan = records.plan(session, invented.actor(session, cast.cqi_director), plan_id)
            try:
                second(session, plan)
            except errors.Blocked as error:
                refused.extend(blocker.code for blocker in error.blockers)

    thread = threading.Thread(target=do_second)
    with database.writing() as session:
        plan = records.plan(session, invented.actor(session, cast.cqi_director), plan_id)
        first(session, plan)
        thread.start()
        wait_until_somebody_waits(database)
    thread.join()
    return refused


def wait_until_somebody_waits(database: Database) -> None:
    until = time.monotonic() + 60
    query = sa.text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    while time.monotonic() < until:
        with database.reading() as session:
            if session.scalar(query):
                return
        time.sleep(0.01)
    pytest.fail("the second transaction never waited for the first")


@pytest.fixture
def plan_id(database: Database, cast: Cast) -> uuid.UUID:
    """A draft that could be submitted."""
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        return plan.public_id


def submit(cast: Cast) -> Do:
    def do(session: orm.Session, plan: Plan) -> None:
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)

    return do


def add_step(cast: Cast) -> Do:
    def do(session: orm.Session, plan: Plan) -> None:
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.SOON)

    return do


def add_goal_without_steps(cast: Cast) -> Do:
    def do(session: orm.Session, plan: Plan) -> None:
        lead = invented.actor(session, cast.regional_director)
        new = actions.NewGoal(
            "Plans with the family", "INV", "INV02", rules.Count(20, 58), finding=1
        )
        actions.add_goal(session, plan=plan, new=new, actor=lead, now=build.NOW)

    return do


def test_no_step_is_added_while_somebody_submits(
    database: Database, cast: Cast, plan_id: uuid.UUID
) -> None:
    assert meanwhile(database, cast, plan_id, submit(cast), add_step(cast)) == ["not_a_draft"]
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Step)) == 1
        assert not events.verify(session).problem


def test_nobody_submits_what_somebody_is_adding_to(
    database: Database, cast: Cast, plan_id: uuid.UUID
) -> None:
    first, second = add_goal_without_steps(cast), submit(cast)
    assert meanwhile(database, cast, plan_id, first, second) == ["no_steps"]
    with database.reading() as session:
        assert session.scalar(sa.select(Plan.state)) is PlanState.DRAFT


def test_two_steps_that_are_added_at_once_get_numbers_of_their_own(
    database: Database, cast: Cast, plan_id: uuid.UUID
) -> None:
    assert meanwhile(database, cast, plan_id, add_step(cast), add_step(cast)) == []
    with database.reading() as session:
        assert sorted(session.scalars(sa.select(Step.position))) == [1, 2, 3]


def test_of_two_who_begin_on_a_round_the_second_waits_and_is_refused(
    database: Database, cast: Cast, plan_id: uuid.UUID
) -> None:
    with database.writing() as session:
        plan = records.plan(session, invented.actor(session, cast.cqi_director), plan_id)
        invented.move(session, plan, PlanMove.WITHDRAW, cast.regional_director, "A new start.")

    def begin(session: orm.Session, plan: Plan) -> None:
        invented.draft(session, cast, "A new start")

    assert meanwhile(database, cast, plan_id, begin, begin) == ["begun_already"]


def decide(cast: Cast, asked: uuid.UUID, move: AmendmentMove, who: str = "cqi_director") -> Do:
    def do(session: orm.Session, plan: Plan) -> None:
        actor = invented.actor(session, getattr(cast, who))
        found = amendments.amendment(session, actor, asked)
        taking = actions.AmendmentTaking(move, "As we said.")
        given = {"actor": actor, "now": build.NOW, "today": invented.TODAY.day}
        actions.move_amendment(session, amendment=found, taking=taking, **given)

    return do


@pytest.fixture
def worked(database: Database, cast: Cast) -> Made:
    """A plan in force with one late step of a supervisor."""
    return invented.active(database, cast, cast.supervisor, (invented.LATE,))


def test_of_two_who_decide_at_once_the_second_finds_it_decided(
    database: Database, cast: Cast, worked: Made
) -> None:
    asked = asking.ask(database, worked.steps[0], cast.supervisor, asking.more_time())
    first = decide(cast, asked, AmendmentMove.GRANT, "regional_director")
    second = decide(cast, asked, AmendmentMove.REFUSE)
    assert meanwhile(database, cast, worked.plan, first, second) == ["wrong_state"]
    assert asking.state(database, asked) is AmendmentState.GRANTED
    with database.reading() as session:
        assert session.scalar(sa.select(Step.due_on)) == asking.LATER
        assert not events.verify(session).problem


def test_a_request_is_not_granted_while_the_step_is_claimed(
    database: Database, cast: Cast, worked: Made
) -> None:
    asked = asking.ask(database, worked.steps[0], cast.supervisor, asking.more_time())

    def claim(session: orm.Session, plan: Plan) -> None:
        owner = invented.actor(session, cast.supervisor)
        step = records.step(session, owner, worked.steps[0])
        taking = invented.claiming()
        actions.move_step(session, step=step, taking=taking, actor=owner, now=build.NOW)

    second = decide(cast, asked, AmendmentMove.GRANT)
    refused = meanwhile(database, cast, worked.plan, claim, second)
    assert refused == ["wrong_state", "step_not_open"]
    with database.reading() as session:
        assert session.scalar(sa.select(Step.due_on)) == invented.LATE
