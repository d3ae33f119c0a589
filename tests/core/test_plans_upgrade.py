"""Plans from before they were submitted, worked and amended keep all that they had."""

from __future__ import annotations

import sqlalchemy as sa

from cqi.core import configuration, schema
from cqi.core.database import Database
from cqi.plans import actions
from cqi.plans.queries import records, sheets
from cqi.plans.rules import PlanState, StepState
from tests import build
from tests.fixtures.cast import Cast
from tests.plans import invented


def test_states_of_before_become_those_of_now_and_nothing_else_changes(
    database: Database, cast: Cast, settings: configuration.Configuration
) -> None:
    made = invented.active(database, cast, cast.regional_director)
    invented.claim(database, made.steps[1], cast.regional_director)
    closed = invented.active(database, cast, cast.regional_director)
    with database.writing() as session:
        drafted = invented.draft(session, cast).public_id
    schema.downgrade(settings, database.keys, "0023")
    with database.engine.begin() as connection:
        old = set(connection.scalars(sa.text("select state from steps")))
        assert (old, set(connection.scalars(sa.text("select state from plans")))) == (
            {"open", "claimed"},
            {"draft", "active"},
        )
        query = sa.text("update plans set state = 'closed' where public_id = :key")
        connection.execute(query.bindparams(sa.bindparam("key", closed.plan, type_=sa.Uuid())))
    schema.upgrade(settings, database.keys, "head")
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        plan = records.plan(session, director, made.plan)
        assert plan.state is PlanState.ACTIVE
        assert plan.state_since == plan.created_at
        assert [step.state for step in records.steps_of(plan)] == [
            StepState.NOT_STARTED,
            StepState.CLAIMED,
            StepState.NOT_STARTED,
        ]
        assert records.plan(session, director, closed.plan).state is PlanState.CLOSED_UNMET
        assert records.plan(session, director, drafted).state is PlanState.DRAFT
        sheet = sheets.step(session, director, made.steps[1], invented.TODAY)
        assert [entry.words for entry in sheet.entries] == ["Logs handed in"]
        assert [one.due_on for one in plan.goals[0].strategies[0].steps] == [
            invented.LATE,
            invented.SOON,
            invented.FAR,
        ]


def test_steps_that_were_taken_back_never_were_dropped_to_what_stood_before(
    database: Database, cast: Cast, settings: configuration.Configuration
) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        given = {"actor": invented.actor(session, cast.regional_director), "now": build.NOW}
        for backs, times in ((1, 1), (1, 2), (0, 1)):
            step = invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
            for number in range(times):
                actions.drop_draft_step(session, step=step, reason="No.", **given)
                if number < backs:
                    actions.take_up_step(session, step=step, **given)
    schema.downgrade(settings, database.keys, "0024")
    query = "select s.position, s.state, e.kind from steps s left join step_entries e on"
    with database.engine.connect() as connection:
        found = connection.execute(sa.text(f"{query} e.step_id = s.id order by s.position"))
        assert [tuple(row) for row in found] == [
            (1, "not_started", None),
            (2, "dropped", "dropped"),
            (3, "dropped", "dropped"),
        ]
