"""What became of late steps that somebody wanted to answer for, when others were first."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.plans import rules
from cqi.plans.models import PlanReminder, Step, StepEntry
from cqi.plans.policy import acknowledging
from cqi.plans.queries import records
from cqi.plans.rules import OPEN_STEPS


def given_already(
    session: orm.Session, actor: Actor, steps: Collection[uuid.UUID], today: rules.Today
) -> Iterator[str]:
    """Of each of these steps: who acknowledged it for the actor's rung, and when; or why it waits
    no more. Raises NotFound."""
    for key in steps:
        step = records.step(session, actor, key)
        said = next(_answers(session, actor, step), None)
        number = f"Step {records.number(step)}"
        if step.state not in OPEN_STEPS:
            yield f"{number} is not late any more ({rules.STEP_STATE_WORDS[step.state].lower()})."
        elif said is None:
            yield f"{number} does not wait for your answer: look at its ladder."
        else:
            mine = said.by_id == actor.person_id
            by = "you" if mine else access.people_names(session, {said.by_id})[said.by_id]
            yield f"{number} was acknowledged already, by {by}, {today.words(said.at)}."


def _answers(session: orm.Session, actor: Actor, step: Step) -> Iterator[StepEntry]:
    """Those that were given on the actor's rungs, the newest first."""
    query = (
        sa.select(StepEntry, PlanReminder.kind)
        .join(PlanReminder, PlanReminder.id == StepEntry.reminder_id)
        .where(StepEntry.step_id == step.id, PlanReminder.due_on == step.due_on)
        .order_by(StepEntry.id.desc())
    )
    place_id = step.strategy.goal.plan.place_id
    for entry, kind in session.execute(query):
        if acknowledging.is_on(actor, kind, step.owner_id, place_id):
            yield entry
