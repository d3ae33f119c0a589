"""What people do to an action step: report, claim, verify, send back. One event each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.plans import policy, workflow
from cqi.plans.actions import recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Step, StepEntry
from cqi.plans.queries import records
from cqi.plans.workflow import StepMove


@dataclass(frozen=True)
class StepTaking:
    """A move to make. `words` are evidence, explanation or reason; `recover_on` is the day by which
    a step that is behind is back on schedule; `helped`: the CQI liaison helped to do it."""

    move: StepMove
    words: str = ""
    recover_on: dt.date | None = None
    helped: bool | None = None


def claim_step(
    session: orm.Session,
    *,
    step: Step,
    words: str,
    actor: Actor,
    now: dt.datetime,
    helped: bool = False,
) -> None:
    """The owner says that a step is done, and what proves it."""
    move_step(
        session,
        step=step,
        taking=StepTaking(StepMove.CLAIM, words, helped=helped),
        actor=actor,
        now=now,
    )


def verify_step(
    session: orm.Session, *, step: Step, words: str = "", actor: Actor, now: dt.datetime
) -> None:
    """Somebody else has seen the evidence."""
    move_step(session, step=step, taking=StepTaking(StepMove.VERIFY, words), actor=actor, now=now)


def send_back_step(
    session: orm.Session, *, step: Step, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """The evidence does not prove it yet; the reason says what is missing."""
    taking = StepTaking(StepMove.SEND_BACK, reason)
    move_step(session, step=step, taking=taking, actor=actor, now=now)


def move_step(
    session: orm.Session,
    *,
    step: Step,
    taking: StepTaking,
    actor: Actor,
    now: dt.datetime,
    today: dt.date | None = None,
) -> StepEntry:
    """Make one move of the workflow with a step; what was said stays with it. `today` is the
    agency's date, which a day of recovery lies after.

    Raises Forbidden, or Blocked with every reason: plan_not_in_force, wrong_state, not_the_owner,
    not_owner_or_lead, recovery_missing, depends, own_step, helped, evidence_missing,
    reason_missing.
    """
    plan = step.strategy.goal.plan
    records.hold(session, plan)
    transition, facts = workflow.STEP_BY_MOVE[taking.move], records.step_facts(step)
    policy.authorise(actor, transition.permission, facts.plan)
    errors.require(policy.step_blockers(taking.move, facts, actor, _said(taking, today)))
    step.state, step.state_since = transition.ends, now
    step.recover_on = taking.recover_on if taking.move is StepMove.BEHIND else None
    entry = StepEntry(
        kind=workflow.DONE[taking.move],
        words=taking.words.strip(),
        helped=taking.helped,
        recover_on=step.recover_on,
        by_id=actor.person_id,
        at=now,
        files=[],
    )
    step.entries.append(entry)
    payload = {
        "step": str(step.public_id),
        "state": step.state.value,
        "words": events.digest(entry.words),
    }
    recording.record(
        session, plan, f"step_{workflow.DONE[taking.move]}", Doing(actor, now), payload
    )
    return entry


def _said(taking: StepTaking, today: dt.date | None) -> policy.Said:
    return policy.Said(taking.words, taking.recover_on, today or dt.date.min)
