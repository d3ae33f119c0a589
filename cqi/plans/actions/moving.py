"""What moves a whole plan: submitted, returned, approved, begun, completed, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.notices import actions as notices
from cqi.plans import policy, workflow
from cqi.plans.actions import ending, recording, telling
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Plan, PlanEntry
from cqi.plans.queries import outcomes, records
from cqi.plans.rules import ENDED, IN_FORCE
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

    An approval also ends the plan whose place this one takes. Raises Forbidden, or Blocked with
    every reason: wrong_state, no_words, findings_open, goal_without_finding, no_steps, dates_past,
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
        _supersede(session, plan, actor, doing)
    take(session, plan, taking, doing, today)


_ENDS = (PlanMove.COMPLETE, PlanMove.CLOSE_UNMET)


def _facts(session: orm.Session, plan: Plan, move: PlanMove, today: dt.date) -> policy.PlanFacts:
    facts = records.plan_facts(plan, today)
    if move not in _ENDS:
        return facts
    met = outcomes.goals_met(session, plan, outcomes.limits(session, today))
    return replace(facts, goals_met=met)


def _supersede(session: orm.Session, plan: Plan, actor: Actor, doing: Doing) -> None:
    """End the plan whose place an approved one takes; one that ended meanwhile is left alone."""
    old = session.get(Plan, plan.supersedes_id) if plan.supersedes_id else None
    if old is None:
        return
    records.hold(session, old)
    if old.state not in IN_FORCE:
        return
    move = PlanMove.SUPERSEDE
    errors.require(policy.plan_blockers(move, records.plan_facts(old), actor))
    by = {"by": str(plan.public_id)}
    _take(session, old, PlanTaking(move, f"{plan.name} takes its place."), doing, by)


def take(
    session: orm.Session, plan: Plan, taking: PlanTaking, doing: Doing, today: dt.date
) -> None:
    """Make a move that nothing keeps from being made, and tell whom it concerns."""
    told = telling.tell(session, plan, taking.move, doing, today)
    _take(session, plan, taking, doing, {"told": told} if told else {})


_ENDED = "The plan ended."


def _take(
    session: orm.Session, plan: Plan, taking: PlanTaking, doing: Doing, more: Mapping[str, object]
) -> None:
    before, words = plan.state, taking.words.strip()
    plan.state, plan.state_since = workflow.PLAN_BY_MOVE[taking.move].ends, doing.at
    plan.entries.append(
        PlanEntry(move=taking.move.value, words=words, by_id=doing.person_id, at=doing.at)
    )
    payload = {"from": before.value, "state": plan.state.value, **more}
    if plan.state in ENDED and (gone := ending.end_all(session, plan, _ENDED, doing)):
        payload["amendments_ended"] = gone
    if doing.actor:
        subject = plan.public_id
        notices.mark_subject_seen(session, subject=subject, actor=doing.actor, now=doing.at)
    if words:
        payload["words"] = events.digest(words)
    recording.record(session, plan, taking.move.value, doing, payload)
