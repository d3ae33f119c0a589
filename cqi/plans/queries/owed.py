"""What whoever leads plans owes beside their steps: plans that are due, and progress reports."""

from __future__ import annotations

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.plans import rules
from cqi.plans.queries import due, progress
from cqi.plans.queries.due import DuePlan
from cqi.plans.queries.progress import ToWrite
from cqi.plans.queries.sheets import Wait


def owed(session: orm.Session, actor: Actor, today: rules.Today) -> tuple[Wait, ...]:
    """Each as a line of what waits; () for whoever leads no plans."""
    if not actor.holds(Permission.PLAN_LEAD):
        return ()
    plans = (_plan(one) for one in due.due(session, actor, today) if one.leads)
    return (*plans, *(_reports(one, today) for one in progress.to_write(session, actor, today)))


def _plan(one: DuePlan) -> Wait:
    words = f"the plan of {one.place} on {one.round}: {one.deadline.words}"
    if one.begun:
        return Wait("Submit", words, "plan", one.begun.public_id)
    return Wait("Begin", words, "due", None)


def _reports(one: ToWrite, today: rules.Today) -> Wait:
    number = f"{one.number} progress reports" if one.number > 1 else "a progress report"
    day = rules.day_words(one.first.due_on, today.day)
    when = f"late since {day}" if one.first.late else f"due {day}"
    name = f"{one.name}, which has ended" if one.ended else one.name
    return Wait("Write", f"{number} of {name}, {when}", "progress_reports", one.plan)
