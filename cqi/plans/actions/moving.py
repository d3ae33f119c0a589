"""What moves a whole plan: submitted, returned, approved, begun, completed, closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.plans import policy, workflow
from cqi.plans.actions import recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Plan, PlanEntry
from cqi.plans.queries import outcomes, records
from cqi.plans.workflow import PlanMove


@dataclass(frozen=True)
class PlanTaking:
    """A move to make, with what is said about it."""

    move: PlanMove
    words: str = ""


def move_plan(
    session: orm.Session,
    *,
    plan: Plan,
    taking: PlanTaking,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Make one move of the workflow with a plan. `today` is the agency's date, for the approval.

    Raises Forbidden, or Blocked with every reason: wrong_state, no_words, findings_open, no_steps,
    own_plan, steps_open, goals_not_met, goals_met.
    """
    records.hold(session, plan)
    facts = _facts(session, plan, taking.move, today)
    policy.authorise(actor, workflow.PLAN_BY_MOVE[taking.move].permission, facts)
    errors.require(policy.plan_blockers(taking.move, facts, actor, taking.words))
    doing = Doing(actor, now)
    if taking.move is PlanMove.SUBMIT:
        plan.submitted_at, plan.submitted_by_id = now, actor.person_id
    if taking.move is PlanMove.APPROVE:
        plan.approved_on, plan.approved_by_id = today, actor.person_id
    _move(session, plan, taking, doing)


_ENDS = (PlanMove.COMPLETE, PlanMove.CLOSE_UNMET)


def _facts(session: orm.Session, plan: Plan, move: PlanMove, today: dt.date) -> policy.PlanFacts:
    facts = records.plan_facts(plan)
    if move not in _ENDS:
        return facts
    met = outcomes.goals_met(session, plan, outcomes.limits(session, today))
    return replace(facts, goals_met=met)


def _move(session: orm.Session, plan: Plan, taking: PlanTaking, doing: Doing) -> None:
    before, words = plan.state, taking.words.strip()
    plan.state, plan.state_since = workflow.PLAN_BY_MOVE[taking.move].ends, doing.at
    plan.entries.append(
        PlanEntry(move=taking.move.value, words=words, by_id=doing.person_id, at=doing.at)
    )
    payload = {"from": before.value, "state": plan.state.value}
    if words:
        payload["words"] = events.digest(words)
    recording.record(session, plan, taking.move.value, doing, payload)
