"""A region names counties that write a plan of their own on its published report, or spares them.

Whoever would lead the county's plan hears of both.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import database, errors, events
from cqi.core.errors import Blocker
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.plans import policy
from cqi.plans.models import PlanCall
from cqi.plans.queries import due, people
from cqi.plans.rules import DRAFTING, STATE_WORDS, PlanState


@dataclass(frozen=True)
class Naming:
    """A county, and why it needs a plan of its own, or needs none any more."""

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
    there = _held(session, report, actor)
    found = []
    if naming.county_id not in due.counties(session, there, today):
        message = "Choose a county that belongs to the region today and is not named yet."
        found.append(Blocker("county_elsewhere", message, "county"))
    if not naming.reason.strip():
        message = "Say why this county needs a plan of its own."
        found.append(Blocker("no_words", message, "reason"))
    errors.require(found)
    row = _row(report, naming, actor, now, named=True)
    _say(session, row, report, NoticeKind.PLAN_COUNTY_NAMED, today)
    return row


def spare_county(
    session: orm.Session,
    *,
    report: due.Reported,
    naming: Naming,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> PlanCall:
    """Take the naming of a county back: it owes no plan on this report any more.

    Raises Forbidden, or Blocked: county_not_named, plan_begun, no_words.
    """
    there = _held(session, report, actor)
    found = []
    if naming.county_id not in {call.county_id for call in there.calls}:
        found.append(Blocker("county_not_named", "This county is not named any more."))
    if plan := there.of(naming.county_id):
        found.append(Blocker("plan_begun", _begun(plan.state)))
    if not naming.reason.strip():
        message = "Say why the county needs no plan of its own any more."
        found.append(Blocker("no_words", message, "reason"))
    errors.require(found)
    row = _row(report, naming, actor, now, named=False)
    _say(session, row, report, NoticeKind.PLAN_COUNTY_SPARED, today)
    return row


def _begun(state: PlanState) -> str:
    """Why a county whose plan stands so is not spared."""
    if state in DRAFTING:
        return "The county has begun its plan: it can withdraw the draft first."
    if state is PlanState.SUBMITTED:
        return "The county has submitted its plan: it can withdraw it once it is returned."
    return f"The county's plan is {STATE_WORDS[state].lower()}: the naming stays."


def _held(session: orm.Session, report: due.Reported, actor: Actor) -> due.Reported:
    """The report as it stands, while nobody else names a county or begins a plan on its round."""
    place = policy.PlanFacts(report.region_id, PlanState.DRAFT)
    policy.authorise(actor, Permission.PLAN_LEAD, place)
    database.one_at_a_time(session, due.lock(report.round_id))
    return due.again(session, report)


def _row(
    report: due.Reported, naming: Naming, actor: Actor, now: dt.datetime, *, named: bool
) -> PlanCall:
    return PlanCall(
        publication_id=report.newest.id,
        county_id=naming.county_id,
        named=named,
        reason=naming.reason.strip(),
        by_id=actor.person_id,
        at=now,
    )


def _say(
    session: orm.Session, row: PlanCall, report: due.Reported, kind: NoticeKind, today: dt.date
) -> None:
    """Keep the row, tell whom it concerns, and write the event."""
    session.add(row)
    session.flush()
    subject = report.newest.public_id
    others = people.leads(session, row.county_id, today) - {row.by_id}
    told = notices.tell(session, kind, people=others, subject=subject, now=row.at)
    payload = {"county": row.county_id, "reason": events.digest(row.reason), "told": told}
    what = "county_named" if row.named else "county_spared"
    happening = events.Happening(f"plan.{what}", row.by_id, row.at)
    events.record(session, events.Stream("publication", subject), happening, payload)
