"""A region names counties that write a plan of their own on its published report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import database, errors, events
from cqi.core.errors import Blocker
from cqi.plans import policy
from cqi.plans.models import PlanCall
from cqi.plans.queries import due
from cqi.plans.rules import PlanState


@dataclass(frozen=True)
class Naming:
    """A county to name, and why it needs a plan of its own."""

    county_id: int
    reason: str


def name_county(
    session: orm.Session,
    *,
    report: due.Reported,
    naming: Naming,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> PlanCall:
    """Name a county of the report's region on a day; a plan of it is due from then on.

    Raises Forbidden, or Blocked: county_elsewhere (also where it is named already), no_words.
    """
    policy.authorise(
        actor, Permission.PLAN_LEAD, policy.PlanFacts(report.region_id, PlanState.DRAFT)
    )
    database.one_at_a_time(session, f"plan calls of {report.round_id}")
    errors.require(_blockers(session, report, naming, today))
    row = PlanCall(
        publication_id=report.newest.id,
        county_id=naming.county_id,
        reason=naming.reason.strip(),
        by_id=actor.person_id,
        at=now,
    )
    session.add(row)
    session.flush()
    payload = {"county": naming.county_id, "reason": events.digest(row.reason)}
    stream = events.Stream("publication", report.newest.public_id)
    events.record(
        session, stream, events.Happening("plan.county_named", actor.person_id, now), payload
    )
    return row


def _blockers(
    session: orm.Session, report: due.Reported, naming: Naming, today: dt.date
) -> list[Blocker]:
    found = []
    if naming.county_id not in due.counties(session, due.again(session, report), today):
        message = "Choose a county that belongs to the region today and is not named yet."
        found.append(Blocker("county_elsewhere", message, "county"))
    if not naming.reason.strip():
        message = "Say why this county needs a plan of its own."
        found.append(Blocker("no_words", message, "reason"))
    return found
