"""Who hears of a plan's move, in the transaction of the move; nobody of their own move, but each
owner of their steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import orm

from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Plan
from cqi.plans.queries import people, records
from cqi.plans.rules import StepState
from cqi.plans.workflow import PlanMove


def tell(
    session: orm.Session, plan: Plan, move: PlanMove, doing: Doing, today: dt.date
) -> list[int]:
    """Write the notices of a move; ids of whom it told."""
    told: set[int] = set()
    for kind, who in _who(session, plan, move, today):
        others = set(who) - ({doing.person_id} if kind is not NoticeKind.STEP_YOURS else set())
        told |= set(
            notices.tell(session, kind, people=others, subject=plan.public_id, now=doing.at)
        )
    return sorted(told)


def _who(
    session: orm.Session, plan: Plan, move: PlanMove, today: dt.date
) -> Iterable[tuple[NoticeKind, Iterable[int]]]:
    leads = people.leads(session, plan.place_id, today)
    if move is PlanMove.SUBMIT:
        return [(NoticeKind.PLAN_SUBMITTED, people.deciders(session, plan.place_id, today))]
    if move is PlanMove.RETURN:
        wrote = {key for key in (plan.created_by_id, plan.submitted_by_id) if key}
        return [(NoticeKind.PLAN_RETURNED, leads | wrote)]
    if move is PlanMove.APPROVE:
        live = (step for step in records.steps_of(plan) if step.state is not StepState.DROPPED)
        liaisons = people.liaisons(session, plan.place_id, today)
        return [
            (NoticeKind.PLAN_APPROVED, leads | liaisons),
            (NoticeKind.STEP_YOURS, {step.owner_id for step in live}),
        ]
    return []
