"""What the clock does with plans: it begins approved ones, and tells once of those that are due."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.core import database
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.plans import rules
from cqi.plans.actions import moving
from cqi.plans.actions.moving import PlanTaking
from cqi.plans.actions.recording import Doing
from cqi.plans.queries import clocks, records
from cqi.plans.rules import PlanState
from cqi.plans.workflow import PlanMove


def begin_started(session: orm.Session, *, now: dt.datetime, today: dt.date) -> int:
    """Begin the approved plans whose first step starts today or did before; how many."""
    begun = 0
    for plan in clocks.to_begin(session, today):
        records.hold(session, plan)
        if plan.state is PlanState.APPROVED:  # nobody began it while we waited
            moving.take(session, plan, PlanTaking(PlanMove.BEGIN), Doing(None, now), today)
            begun += 1
    return begun


def tell_due(session: orm.Session, *, now: dt.datetime, today: rules.Today) -> int:
    """Tell who leads a region of the plan that its published report makes due, each person once;
    how many plans were told of. No event: what a clock says follows from events that are there."""
    database.one_at_a_time(session, "plans due")
    found = clocks.to_tell(session, today)
    for one in found:
        notices.tell(session, NoticeKind.PLAN_DUE, people=one.people, subject=one.subject, now=now)
    return len(found)
