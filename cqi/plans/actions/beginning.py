"""Beginning a plan: what it rests on, and the findings that its figures propose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import database, errors, identifiers
from cqi.core.errors import Blocker
from cqi.measures import actions as measures
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.places.rules import PlaceKind
from cqi.plans import policy
from cqi.plans.actions import recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Plan, PlanCall, PlanFinding
from cqi.plans.queries import due, figures
from cqi.plans.rules import DRAFTING, IN_FORCE, PlanState
from cqi.plans.rules import findings as rules
from cqi.plans.rules.findings import FindingDecision, FindingKind
from cqi.rounds.models import Round
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class NewPlan:
    """A plan to draft: for a place, resting on a round that looked at it, and on the published
    report that made it due, where there is one. `supersedes_id` is the plan whose place it takes
    once it is approved."""

    place_id: int
    round_id: int
    name: str
    publication_id: int | None = None
    supersedes_id: int | None = None


def begin_plan(
    session: orm.Session, *, new: NewPlan, actor: Actor, now: dt.datetime, today: dt.date
) -> Plan:
    """Draft a plan, with the findings that its figures propose. Raises as `draft_plan` does."""
    plan = draft_plan(session, new=new, actor=actor, now=now)
    run = frozen_run(session, plan, actor=actor, now=now, today=today)
    found = figures.figures(session, plan, run, today)
    proposed = proposals(session, found, today)
    plan.findings += [
        finding(number, each, found.title(each.measured.code), run)
        for number, each in enumerate(proposed, start=1)
    ]
    count = sum(each.kind is FindingKind.PRACTICE for each in proposed)
    payload = {"run": run.run_id, "practice": count, "strengths": len(proposed) - count}
    recording.record(session, plan, "findings_proposed", Doing(actor, now), payload)
    return plan


def draft_plan(session: orm.Session, *, new: NewPlan, actor: Actor, now: dt.datetime) -> Plan:
    """Begin an empty plan. Raises Forbidden outside the places that the actor leads plans for, or
    Blocked: title_missing, begun_already, round_elsewhere, report_elsewhere,
    supersedes_elsewhere."""
    facts = policy.PlanFacts(new.place_id, PlanState.DRAFT)
    policy.authorise(actor, Permission.PLAN_LEAD, facts)
    database.one_at_a_time(session, due.lock(new.round_id))
    errors.require([*recording.named(new.name), *_resting(session, new)])
    plan = Plan(
        place_id=new.place_id,
        round_id=new.round_id,
        name=new.name.strip(),
        publication_id=new.publication_id,
        supersedes_id=new.supersedes_id,
        state=PlanState.DRAFT,
        state_since=now,
        created_at=now,
        created_by_id=actor.person_id,
        goals=[],
        findings=[],
        entries=[],
    )
    session.add(plan)
    session.flush()
    payload = {
        "place": new.place_id,
        "round": new.round_id,
        "publication": new.publication_id,
        "supersedes": new.supersedes_id,
        "state": plan.state.value,
    }
    recording.record(session, plan, "drafted", Doing(actor, now), payload)
    return plan


def frozen_run(
    session: orm.Session, plan: Plan, *, actor: Actor, now: dt.datetime, today: dt.date
) -> MeasureRun:
    """The run that a plan's figures stand in, frozen now where it has none yet."""
    kept = figures.kept_run(session, plan)
    if kept is not None:
        return kept
    asked = figures.asked(session, plan, today)
    return measures.freeze_run(session, asked, actor=actor, now=now)


def proposals(
    session: orm.Session, found: figures.Figures, today: dt.date
) -> tuple[rules.Proposal, ...]:
    """What figures propose by the settings of a day."""
    below = settings.number(session, registry.PLAN_SHARE, today)
    smallest = settings.number(session, registry.SMALLEST_N, today)
    return rules.proposed(found.measured, below, smallest)


def finding(number: int, each: rules.Proposal, title: str, run: MeasureRun) -> PlanFinding:
    """A finding that waits for a decision, with the figures of a frozen run."""
    return PlanFinding(
        public_id=identifiers.uuid7(),
        position=number,
        kind=each.kind,
        code=each.measured.code,
        title=title[:200],
        words="",
        figures=each.measured.figures(),
        run=run.run_id,
        decision=FindingDecision.PROPOSED,
    )


def _resting(session: orm.Session, new: NewPlan) -> Iterator[Blocker]:
    """Why a plan of this place cannot rest on these."""
    if there := due.undecided(session, new.place_id, new.round_id):
        message = f"{there.name} is a plan on this round already: {_instead(there)}"
        yield Blocker("begun_already", message, "round")
    one = session.get(Round, new.round_id)
    counties = {county.county_id for county in one.counties} if one else set()
    if one is None or new.place_id not in {one.region_id, *counties, *_called(session, new)}:
        message = "Choose a round that looked at the plan's place."
        yield Blocker("round_elsewhere", message, "round")
    if new.publication_id is not None and not _reports(session, new):
        message = "Choose a published report of the region on this round."
        yield Blocker("report_elsewhere", message, "round")
    old = session.get(Plan, new.supersedes_id) if new.supersedes_id else None
    if new.supersedes_id and (
        old is None or old.place_id != new.place_id or old.state not in IN_FORCE
    ):
        message = "Choose a plan in force of the same place, or none."
        yield Blocker("supersedes_elsewhere", message, "supersedes")


def _instead(there: Plan) -> str:
    if there.state in DRAFTING:
        return "go on with it, or withdraw it."
    return "it is submitted, and the CQI director decides on it first."


def _called(session: orm.Session, new: NewPlan) -> set[int]:
    """Counties that the region names on reports of the round: of each the newest word counts."""
    query = (
        sa.select(PlanCall.county_id, PlanCall.named)
        .join(PublicationRun, PublicationRun.publication_id == PlanCall.publication_id)
        .join(MeasureRun, MeasureRun.id == PublicationRun.run_id)
        .where(MeasureRun.round_id == new.round_id)
        .order_by(PlanCall.id)
    )
    newest = dict(session.execute(query).all())
    return {county for county, named in newest.items() if named}


def _reports(session: orm.Session, new: NewPlan) -> bool:
    query = (
        sa.select(Publication.id)
        .join(PublicationRun, PublicationRun.publication_id == Publication.id)
        .join(MeasureRun, MeasureRun.id == PublicationRun.run_id)
        .where(
            Publication.id == new.publication_id,
            Publication.level == PlaceKind.REGION.value,
            MeasureRun.round_id == new.round_id,
        )
    )
    return session.scalar(query) is not None
