"""A draft is put onto the newest report of its round, where figures were put right since."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.plans.actions import beginning, recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Plan
from cqi.plans.queries import due, figures
from cqi.plans.rules.findings import FindingDecision


def propose_again(
    session: orm.Session, *, plan: Plan, actor: Actor, now: dt.datetime, today: dt.date
) -> int:
    """Propose findings from the newest report's figures; how many are new.

    Undecided findings take the new figures, decided ones keep theirs. Raises Forbidden, or
    Blocked: not_a_draft, nothing_newer.
    """
    recording.may_draft(session, plan, actor)
    newer = due.correction(session, plan)
    if newer is None:
        message = "This plan rests on the newest report of its round already."
        raise errors.Blocked([Blocker("nothing_newer", message)])
    plan.publication_id = newer.id
    session.flush()
    run = beginning.frozen_run(session, plan, actor=actor, now=now, today=today)
    found = figures.figures(session, plan, run, today)
    measured = {one.code: one for one in found.measured}
    for row in plan.findings:
        if row.code in measured and row.decision is FindingDecision.PROPOSED:
            row.figures, row.run = measured[row.code].figures(), run.run_id
    there = {(row.kind, row.code) for row in plan.findings}
    proposals = beginning.proposals(session, found, today)
    new = [one for one in proposals if (one.kind, one.measured.code) not in there]
    last = max((row.position for row in plan.findings), default=0)
    plan.findings += [
        beginning.finding(number, each, found.title(each.measured.code), run)
        for number, each in enumerate(new, start=last + 1)
    ]
    payload = {"publication": newer.id, "run": run.run_id, "new": len(new)}
    recording.record(session, plan, "proposed_again", Doing(actor, now), payload)
    return len(new)
